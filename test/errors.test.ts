import { describe, expect, it } from 'vitest';
import {
  compose,
  describe as describeValue,
  fromErrorData,
  GmmError,
  joinMessages,
  mention,
  setting,
  subject,
  toErrorData,
} from '../src/errors.js';

describe('GmmError', () => {
  it('is an Error with a code and, if any, a cause', () => {
    const cause = new Error('beneath');
    const error = new GmmError('IO', 'no such file', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'GmmError', code: 'IO', message: 'no such file', cause });
  });

  it('has the fields that it was given, and no others', () => {
    const error = new GmmError('INVALID_DATA', 'bad', { row: 0, column: 'a', path: undefined });
    expect(Object.keys(error).sort()).toEqual(['code', 'column', 'name', 'row']);
    expect(error).toMatchObject({ row: 0, column: 'a', parts: ['bad'] });
    expect('cause' in error).toBe(false);
  });

  it('is the same after a way as plain data', () => {
    const fields = { row: 3, column: 'a', option: 'columns', path: 'a.csv' };
    const error = new GmmError('INVALID_DATA', compose`set ${setting('columns', ['b'])}`, fields);
    const again = fromErrorData(structuredClone(toErrorData(error)));
    expect(again).toBeInstanceOf(GmmError);
    expect(again).toMatchObject({ ...fields, code: 'INVALID_DATA', message: 'set columns: ["b"]' });
    expect(again.parts).toEqual(error.parts);
  });
});

describe('a composed message', () => {
  it('keeps the options apart from the text', () => {
    const message = compose`${subject('nComponents[2]')} is ${7}; lower ${mention('nComponents')}`;
    expect(message).toEqual([
      { option: 'nComponents', text: '"nComponents[2]"' },
      ' is 7; lower ',
      { option: 'nComponents', text: 'nComponents' },
    ]);
    expect(new GmmError('INVALID_OPTION', message).message).toBe('"nComponents[2]" is 7; lower nComponents');
  });

  it('takes messages in its places, and joins lines', () => {
    const inner = compose`use ${mention('covarianceType')} 'diag'`;
    const lines = joinMessages([compose`either ${inner}`, 'or not', compose`  ${setting('header', false)}`]);
    expect(new GmmError('IO', lines).message).toBe(
      "either use covarianceType 'diag'\nor not\n  header: false",
    );
    expect(lines.at(-1)).toEqual({ option: 'header', text: 'header: false', value: false });
  });
});

describe('describe', () => {
  it.each([
    ['three', '"three"'],
    ['x'.repeat(60), `"${'x'.repeat(50)}…"`],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [12n, '12'],
    [[], '[]'],
    [[1, 2], 'an array of length 2'],
    [{}, 'an object'],
    [Object.create(null), 'an object'],
    [new Map(), 'a Map'],
    [new Int32Array(1), 'an Int32Array'],
    [new Uint8Array(1), 'a Uint8Array'],
    [{ constructor: { name: 5 } }, 'an object'],
    [() => 1, 'a function'],
  ])('shows %s as %s', (value, shown) => {
    expect(describeValue(value)).toBe(shown);
  });
});
