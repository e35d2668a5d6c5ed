/** Which row, column, option and file an error is about, for every kind of failure: programs read fields, not messages. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { DataNote, FitOptions, GmmErrorFields, MessagePart, GmmError as Thrown } from '../src/index.js';
import { createEngine, Dataset, fit, GaussianMixture, GmmError, selectModel } from './package.js';

let folder = '';
const path = (name: string) => join(folder, name);

const FILES = {
  'hole.csv': 'a,b\n1,2\n3,\n5,6\n',
  'whole.csv': 'a,b\n1,2\n3,5\n5,9\n',
  'text.csv': 'day,word\nmon,x\ntue,y\n',
  'empty.csv': '',
  'ragged.csv': 'a,b\n1,2\n3,4,5\n',
  'totals.csv': 'name,x\nann,1\nbob,2\nTotal,3\n',
  'one.csv': 'a\n1\n2\n',
  'cut.npy': '\x93NUMPY',
  'damaged.checkpoint': 'no checkpoint',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-fields-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(path(name), content, 'latin1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ROWS = [
  [1, 2],
  [3, 5],
  [5, 9],
  [2, 4],
];
const fitOf = (options: object) => fit(ROWS, { nComponents: 1, threads: 1, ...options } as FitOptions);
const read = (name: string, options = {}) => Dataset.read(path(name), options);
const parameters = { weights: [1], means: [[0, 0]], covariances: [[1, 1]], covarianceType: 'diag' } as const;

/** The fields of the error that a call ends with; `file` is the name of a file in the folder. */
type Case = [string, () => unknown, Partial<Thrown> & { code: string; file?: string }];

const OPTIONS: Case[] = [
  ['one out of range', () => fitOf({ nComponents: 0 }), { code: 'INVALID_OPTION', option: 'nComponents' }],
  ['one of a wrong type', () => fitOf({ seed: 'x' }), { code: 'INVALID_OPTION', option: 'seed' }],
  [
    'an item of a list',
    () => selectModel(ROWS, { nComponents: [1, 0] }),
    { code: 'INVALID_OPTION', option: 'nComponents' },
  ],
  [
    'too many models',
    () => selectModel(ROWS, { nComponents: Array.from({ length: 9999 }, (_, i) => i + 1) }),
    { code: 'INVALID_OPTION', option: 'nComponents' },
  ],
  ['an unknown one', () => fitOf({ sed: 1 }), { code: 'INVALID_OPTION', option: 'sed' }],
  [
    'labels',
    () => fitOf({ nComponents: 2, init: { labels: [0, 1, 2, 0] } }),
    { code: 'INVALID_OPTION', option: 'init', row: 2 },
  ],
  [
    'responsibilities',
    () =>
      fitOf({
        nComponents: 2,
        init: {
          responsibilities: [
            [1, 0],
            [0.5, 0.4],
            [1, 0],
            [0, 1],
          ],
        },
      }),
    { code: 'INVALID_OPTION', option: 'init', row: 1 },
  ],
  [
    'weights of start values',
    () => fitOf({ init: { ...parameters, weights: [0.5] }, covarianceType: 'diag' }),
    { code: 'INVALID_OPTION', option: 'init' },
  ],
  [
    'a model of other columns',
    () =>
      fitOf({
        columns: ['a', 'b'],
        covarianceType: 'diag',
        init: GaussianMixture.fromParameters({ ...parameters, columns: ['a', 'c'] }),
      }),
    { code: 'INVALID_OPTION', option: 'init', column: 'b' },
  ],
  ['the number of threads', () => fitOf({ threads: -1 }), { code: 'INVALID_OPTION', option: 'threads' }],
  [
    'storage',
    () => Dataset.from(ROWS, { storage: 'float16' as never }),
    { code: 'INVALID_OPTION', option: 'storage' },
  ],
  [
    'names of columns',
    () => Dataset.from(ROWS, { columns: ['a'] }),
    { code: 'INVALID_OPTION', option: 'columns' },
  ],
  ['a path that is none', () => Dataset.read(7 as never), { code: 'INVALID_OPTION', option: 'path' }],
  [
    'a path far away',
    () => Dataset.read('https://example.org/a.csv'),
    { code: 'INVALID_OPTION', option: 'path', path: 'https://example.org/a.csv' },
  ],
  [
    'standard input among files',
    () => Dataset.read(['-', path('one.csv')]),
    { code: 'INVALID_OPTION', option: 'path', path: '-' },
  ],
  [
    'a missing column',
    () => read('whole.csv', { columns: ['c'] }),
    { code: 'INVALID_OPTION', option: 'columns', column: 'c', file: 'whole.csv' },
  ],
  [
    'a missing column of weights',
    () => read('whole.csv', { sampleWeight: 'c' }),
    { code: 'INVALID_OPTION', option: 'sampleWeight', column: 'c', file: 'whole.csv' },
  ],
  [
    'a column named twice',
    () => read('whole.csv', { columns: ['a', 'a'] }),
    { code: 'INVALID_OPTION', option: 'columns', column: 'a' },
  ],
  [
    'a query',
    () => read('whole.csv', { sql: 'select c from input' }),
    { code: 'INVALID_OPTION', option: 'sql' },
  ],
  [
    'another statement',
    () => read('whole.csv', { sql: 'drop table input' }),
    { code: 'INVALID_OPTION', option: 'sql' },
  ],
  [
    'a delimiter',
    () => read('whole.csv', { delimiter: ';;' }),
    { code: 'INVALID_OPTION', option: 'delimiter' },
  ],
  ['a header', () => read('whole.csv', { header: 'yes' }), { code: 'INVALID_OPTION', option: 'header' }],
  [
    'a flag',
    () => read('whole.csv', { leaveOutScores: 1 }),
    { code: 'INVALID_OPTION', option: 'leaveOutScores' },
  ],
  [
    'a model to read for',
    () => read('whole.csv', { model: {} }),
    { code: 'INVALID_OPTION', option: 'model' },
  ],
  [
    'columns of a scoring',
    () => GaussianMixture.fromParameters(parameters).predict([[1, 2]], { columns: ['a'] }),
    { code: 'INVALID_OPTION', option: 'columns' },
  ],
];

const DATA: Case[] = [
  [
    'a value',
    () =>
      Dataset.from(
        [
          [1, 2],
          [3, Number.NaN],
        ],
        { columns: ['a', 'b'] },
      ),
    { code: 'INVALID_DATA', row: 1, column: 'b' },
  ],
  [
    'a value without names',
    () => Dataset.from([[1, Number.POSITIVE_INFINITY]]),
    { code: 'INVALID_DATA', row: 0, column: 'x1' },
  ],
  [
    'a value in shared memory',
    () => Dataset.from(new Float64Array(new SharedArrayBuffer(16)).fill(Number.NaN), { nFeatures: 2 }),
    { code: 'INVALID_DATA', row: 0, column: 'x0' },
  ],
  [
    'a value too large for float32',
    () => Dataset.from([[1], [1e300]], { storage: 'float32' }),
    { code: 'INVALID_DATA', row: 1, column: 'x0', option: 'storage' },
  ],
  ['a row of another length', () => Dataset.from([[1, 2], [3]]), { code: 'INVALID_DATA', row: 1 }],
  ['a row that is none', () => Dataset.from([[1], 2] as never), { code: 'INVALID_DATA', row: 1 }],
  [
    'a weight',
    () => Dataset.from(ROWS, { sampleWeight: [1, 1, -1, 1] }),
    { code: 'INVALID_DATA', row: 2, option: 'sampleWeight' },
  ],
  [
    'weights that are all 0',
    () => Dataset.from(ROWS, { sampleWeight: [0, 0, 0, 0] }),
    { code: 'INVALID_DATA', option: 'sampleWeight' },
  ],
  ['a flat array', () => Dataset.from([1, 2, 3]), { code: 'INVALID_DATA', option: 'nFeatures' }],
  [
    'a variance that overflows',
    () => fit([[1e200], [-1e200]], { nComponents: 1, columns: ['a'], threads: 1 }),
    { code: 'INVALID_DATA', column: 'a' },
  ],
  [
    'columns in another order',
    () =>
      GaussianMixture.fromParameters({ ...parameters, columns: ['a', 'b'] }).predict([[1, 2]], {
        columns: ['b', 'a'],
      }),
    { code: 'INVALID_OPTION', option: 'columns', column: 'a' },
  ],
  ['too few rows', () => fitOf({ nComponents: 9 }), { code: 'INVALID_DATA' }],
  [
    'a column that is constant',
    () =>
      fit(
        [
          [1, 2],
          [1, 3],
          [1, 5],
          [1, 9],
        ],
        { nComponents: 2, columns: ['a', 'b'], threads: 1 },
      ),
    { code: 'DEGENERATE', column: 'a' },
  ],
  [
    'one that collapses in every model',
    () =>
      selectModel(
        [
          [1, 2],
          [1, 3],
          [1, 5],
          [1, 9],
        ],
        { nComponents: [1, 2], covarianceTypes: ['full'], columns: ['a', 'b'], threads: 1 },
      ),
    { code: 'DEGENERATE', column: 'a' },
  ],
  ['a model file', () => GaussianMixture.fromJSON({ format: 'other' } as never), { code: 'INVALID_MODEL' }],
];

const PATHS: Case[] = [
  ['one that is missing', () => read('none.csv'), { code: 'IO', file: 'none.csv' }],
  ['a glob without files', () => read('none*.csv'), { code: 'IO', file: 'none*.csv' }],
  ['a folder', () => Dataset.read(folder), { code: 'IO', file: '' }],
  [
    'a cell without a number',
    () => read('hole.csv'),
    { code: 'INVALID_DATA', row: 1, column: 'b', file: 'hole.csv' },
  ],
  [
    'the same in one of several',
    () => Dataset.read([path('whole.csv'), path('hole.csv')]),
    { code: 'INVALID_DATA', row: 1, column: 'b', file: 'hole.csv' },
  ],
  [
    'the same in the result of a query',
    () => read('hole.csv', { sql: 'select b from input' }),
    { code: 'INVALID_DATA', row: 1, column: 'b', file: 'hole.csv' },
  ],
  ['text alone', () => read('text.csv'), { code: 'INVALID_DATA', file: 'text.csv' }],
  ['nothing', () => read('empty.csv'), { code: 'INVALID_DATA', file: 'empty.csv' }],
  [
    'nothing in several',
    () => Dataset.read([path('empty.csv'), path('empty.csv')]),
    { code: 'INVALID_DATA' },
  ],
  ['a line of another length', () => read('ragged.csv'), { code: 'INVALID_DATA', file: 'ragged.csv' }],
  ['a row of totals', () => read('totals.csv'), { code: 'INVALID_DATA', row: 2, file: 'totals.csv' }],
  [
    'one without a column of the others',
    () => Dataset.read([path('whole.csv'), path('one.csv')]),
    { code: 'INVALID_DATA', column: 'b', file: 'one.csv' },
  ],
  ['a damaged .npy file', () => read('cut.npy'), { code: 'INVALID_DATA', file: 'cut.npy' }],
  [
    'a column of a model that is missing',
    () => read('one.csv', { model: { columns: ['b'] } }),
    { code: 'INVALID_DATA', column: 'b', file: 'one.csv' },
  ],
  [
    'files of several formats',
    () => Dataset.read([path('one.csv'), path('cut.npy')]),
    { code: 'INVALID_OPTION', option: 'path' },
  ],
  [
    'a checkpoint',
    () => fitOf({ checkpoint: path('damaged.checkpoint') }),
    { code: 'INVALID_DATA', option: 'checkpoint', file: 'damaged.checkpoint' },
  ],
  [
    'a checkpoint that can’t be written',
    () => fitOf({ checkpoint: path('none/a') }),
    { code: 'IO', file: 'none/a' },
  ],
];

async function failure(call: () => unknown): Promise<Thrown> {
  try {
    await call();
  } catch (error) {
    if (error instanceof GmmError) return error as Thrown;
    throw error;
  }
  throw new Error('the call did not fail');
}

describe.each([
  ['options', OPTIONS],
  ['data', DATA],
  ['files', PATHS],
])('errors about %s', (_, cases) => {
  it.each(cases)('have the fields of %s', async (_name, call, { file, ...expected }) => {
    const error = await failure(call);
    const { row, column, option, path: about, code } = error;
    const whole = file === undefined ? {} : { path: file === '' ? folder : path(file) };
    const found = { row, column, option, path: about, code };
    expect(found).toEqual({
      row: undefined,
      column: undefined,
      option: undefined,
      path: undefined,
      ...whole,
      ...expected,
    });
    expect(error.parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')).toBe(
      error.message,
    );
  });
});

describe('fields and parts', () => {
  it('are the same where a call goes on from its checkpoint', async () => {
    const rows = [
      [1, 2],
      [1, 3],
      [1, 5],
      [1, 9],
    ];
    const options = { nComponents: 2, columns: ['a', 'b'], threads: 2, checkpoint: path('kept') };
    const first = await failure(() => fit(rows, options));
    const again = await failure(() => fit(rows, options));
    expect(again).not.toBe(first);
    expect({ ...again, message: again.message, parts: again.parts }).toEqual({
      ...first,
      message: first.message,
      parts: first.parts,
    });
    expect(first.parts).toContainEqual({ option: 'regCovar', text: 'regCovar' });
  });

  it('are those of an engine whose threads are other threads', async () => {
    const engine = createEngine({ threads: 2 });
    try {
      const error = await failure(() =>
        engine.fit(
          [
            [1, 2],
            [1, 3],
            [1, 5],
            [1, 9],
          ],
          { nComponents: 2 },
        ),
      );
      expect(error).toMatchObject({ code: 'DEGENERATE', column: 'x0' });
    } finally {
      await engine.close();
    }
  });

  it('have types', () => {
    expectTypeOf<Thrown['row']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Thrown['column']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Thrown['option']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Thrown['path']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Thrown['parts']>().toEqualTypeOf<readonly MessagePart[]>();
    expectTypeOf<DataNote['parts']>().toEqualTypeOf<readonly MessagePart[] | undefined>();
    expectTypeOf<Thrown>().toExtend<GmmErrorFields>();
  });
});
