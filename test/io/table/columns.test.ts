import { describe, expect, it } from 'vitest';
import { resolveColumns } from '../../../src/io/table/columns.js';

const numbers = (...names: string[]) => names.map((name) => ({ name, type: 'DOUBLE', numeric: true }));
const texts = (...names: string[]) => names.map((name) => ({ name, type: 'VARCHAR', numeric: false }));

describe('names', () => {
  it('have no spaces around them, unless that is how the column is called', () => {
    const { features } = resolveColumns(numbers('a', 'b', 'c'), { columns: ['c', ' a', 'b '] }, 'x.csv');
    expect(features).toEqual([2, 0, 1]);
    const spaced = numbers('b', ' b', 'a');
    expect(resolveColumns(spaced, { columns: ['a', ' b'] }, 'x.csv').features).toEqual([2, 1]);
    expect(resolveColumns(spaced, { columns: ['a', 'b'] }, 'x.csv').features).toEqual([2, 0]);
    const { weight, kept } = resolveColumns(
      numbers('a', 'b'),
      { sampleWeight: ' b', keep: { columns: [' a'], as: 'text' } },
      'x.csv',
    );
    expect({ weight, kept }).toEqual({ weight: 1, kept: [0] });
  });

  it('of one column written in two ways name it twice', () => {
    expect(() => resolveColumns(numbers('a', 'b'), { columns: ['a', ' a'] }, 'x.csv')).toThrow(
      '"columns" names "a" twice',
    );
  });
});

describe('what predict and sample wrote', () => {
  const SCORES = ['label', 'p0', 'p1', 'uncertainty', 'log_density'];
  const leaveOutScores = true;

  it('is left out with a note where the names of predict stand together', () => {
    const { features, notes } = resolveColumns(
      [...texts('day'), ...numbers('a', ...SCORES, 'b')],
      { leaveOutScores },
      'x.csv',
    );
    expect(features).toEqual([1, 7]);
    expect(notes).toMatchObject([
      {
        level: 'note',
        message:
          'the scores that predict wrote are left out: "label", "p0", "p1", "uncertainty", "log_density"; set columns to use them',
      },
    ]);
  });

  it.each([
    ['one is missing', ['a', 'label', 'p0', 'uncertainty']],
    ['they stand in another order', ['a', 'p0', 'label', 'uncertainty', 'log_density']],
    ['another column is among them', ['a', 'label', 'p0', 'p2', 'uncertainty', 'log_density']],
    ['there is no probability', ['a', 'label', 'uncertainty', 'log_density']],
  ])('is the user’s own where %s', (_, names) => {
    const choice = resolveColumns(numbers(...names), { leaveOutScores }, 'x.csv');
    expect(choice).toMatchObject({ features: names.map((_, i) => i), notes: [] });
  });

  it('is told even to a quiet program where it is a label alone, which may be the user’s own', () => {
    const { features, notes } = resolveColumns(numbers('a', 'b', 'label'), { leaveOutScores }, 'x.csv');
    expect(features).toEqual([0, 1]);
    expect(notes).toMatchObject([
      {
        level: 'loss',
        message: 'column "label" is left out, since sample writes such labels; set columns to use it',
      },
    ]);
  });

  it.each([
    ['it is not the last', numbers('a', 'label', 'b'), {}],
    ['sample would not have written another column', [...texts('day'), ...numbers('a', 'label')], {}],
    ['a query chose it', numbers('a', 'label'), { sql: 'select a, label from input' }],
    ['it is alone', numbers('label'), {}],
    ['nobody asked to leave it out', numbers('a', 'label'), { leaveOutScores: false }],
  ])('a label is used where %s', (_, available, options) => {
    const choice = resolveColumns(available, { leaveOutScores, ...options }, 'x.csv');
    const numeric = available.flatMap((column, i) => (column.numeric ? [i] : []));
    expect(choice).toMatchObject({ features: numeric, notes: [] });
  });

  it('is used where it is named, as a feature or as weights', () => {
    const columns = ['a', 'p0'];
    expect(resolveColumns(numbers('a', ...SCORES), { columns, leaveOutScores }, 'x.csv')).toMatchObject({
      features: [0, 2],
      notes: [],
    });
    const weighted = resolveColumns(numbers('a', ...SCORES), { sampleWeight: 'p1', leaveOutScores }, 'x.csv');
    expect(weighted).toMatchObject({ features: [0], weight: 3 });
  });

  it('alone is nothing to fit', () => {
    expect(() => resolveColumns(numbers(...SCORES), { leaveOutScores }, 'x.csv')).toThrow(
      '"x.csv" has no numeric columns except those that predict or sample wrote: "label", "p0", "p1", "uncertainty", "log_density"; let predict keep',
    );
  });
});

describe('the columns of a model', () => {
  const model = { columns: ['b', 'a'] };

  it('are found by name, in the order of the model', () => {
    const choice = resolveColumns(numbers('a', 'b', 'c'), { model }, 'x.csv');
    expect(choice).toMatchObject({ features: [1, 0], skipped: [], notes: [] });
  });

  it('give way to columns that are named', () => {
    expect(resolveColumns(numbers('a', 'c'), { model, columns: ['c'] }, 'x.csv').features).toEqual([1]);
  });

  it('that are missing are an error that names the first', () => {
    expect(() => resolveColumns(numbers('b', 'c'), { model }, 'x.csv')).toThrow(
      expect.objectContaining({
        code: 'INVALID_DATA',
        column: 'a',
        path: 'x.csv',
        message: 'the model was fitted on column "a", which is not in "x.csv"; its columns are "b", "c"',
      }),
    );
  });

  it('without names are all numeric columns, unless the file has the same default names', () => {
    const nameless = { model: { columns: ['x0', 'x1'] } };
    const file = [...texts('day'), ...numbers('a', 'b', 'c')];
    expect(resolveColumns(file, nameless, 'x.csv').features).toEqual([1, 2, 3]);
    expect(resolveColumns(numbers('x0', 'x1', 'x2'), nameless, 'x.csv').features).toEqual([0, 1]);
  });
});
