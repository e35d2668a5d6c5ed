import { describe, expect, it } from 'vitest';
import { describe as describeValue, GmmError } from '../src/errors.js';

describe('GmmError', () => {
  it('is an Error with a code and, if any, a cause', () => {
    const cause = new Error('beneath');
    const error = new GmmError('IO', 'no such file', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'GmmError', code: 'IO', message: 'no such file', cause });
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
