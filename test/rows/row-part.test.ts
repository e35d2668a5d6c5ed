import { describe, expect, it } from 'vitest';
import { ALL_ROWS, type RowPart, visitStretches } from '../../src/rows/row-part.js';

function rowsOf(part: RowPart, first: number, end: number, n = end): number[] {
  const rows: number[] = [];
  visitStretches(part, n, first, end, (at, count) => {
    for (let i = at; i < at + count; i++) rows.push(i);
  });
  return rows;
}

describe('parts of rows', () => {
  const ranges = [
    [0, 0],
    [0, 1],
    [512, 768],
    [256, 1000],
    [0, 4099],
  ];

  it.each([2, 3, 4, 8, 16, 1000])('one in %i: all of them together are all rows, each once', (oneIn) => {
    for (const [first, end] of ranges) {
      const rows = Array.from({ length: oneIn }, (_, index) => rowsOf({ oneIn, index }, first, end)).flat();
      expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: end - first }, (_, i) => first + i));
    }
  });

  it('one in 16 of every 256 rows is 16 in a row', () => {
    const rows = rowsOf({ oneIn: 16, index: 3 }, 0, 512);
    expect(rows).toEqual([
      ...Array.from({ length: 16 }, (_, i) => 48 + i),
      ...Array.from({ length: 16 }, (_, i) => 304 + i),
    ]);
  });

  it('of a million rows are 128 in a row, of ten million 256', () => {
    expect(rowsOf({ oneIn: 16, index: 0 }, 0, 2048, 1e6)).toEqual(Array.from({ length: 128 }, (_, i) => i));
    expect(rowsOf({ oneIn: 16, index: 0 }, 0, 4096, 1e7)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('all rows are one stretch', () => {
    const stretches: number[][] = [];
    visitStretches(ALL_ROWS, 9999, 100, 5000, (...stretch) => stretches.push(stretch));
    expect(stretches).toEqual([[100, 4900]]);
  });
});
