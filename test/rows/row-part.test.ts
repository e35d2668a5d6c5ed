import { describe, expect, it } from 'vitest';
import { ALL_ROWS, type RowPart, visitPieces } from '../../src/rows/row-part.js';

function rowsOf(part: RowPart, first: number, end: number, n = end): number[] {
  const rows: number[] = [];
  visitPieces(part, n, first, end, (at, count) => {
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

  it.each([2, 3, 4, 8, 16, 1000])('with the same oneIn, %i, hold every row once, together', (oneIn) => {
    for (const [first, end] of ranges) {
      const rows = Array.from({ length: oneIn }, (_, index) => rowsOf({ oneIn, index }, first, end)).flat();
      expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: end - first }, (_, i) => first + i));
    }
  });

  it('hold 16 consecutive rows of every 256 for oneIn 16', () => {
    const rows = rowsOf({ oneIn: 16, index: 3 }, 0, 512);
    expect(rows).toEqual([
      ...Array.from({ length: 16 }, (_, i) => 48 + i),
      ...Array.from({ length: 16 }, (_, i) => 304 + i),
    ]);
  });

  it('have pieces of 128 rows for a million rows, of 256 for ten million', () => {
    expect(rowsOf({ oneIn: 16, index: 0 }, 0, 2048, 1e6)).toEqual(Array.from({ length: 128 }, (_, i) => i));
    expect(rowsOf({ oneIn: 16, index: 0 }, 0, 4096, 1e7)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('are one piece if they hold all rows', () => {
    const pieces: number[][] = [];
    visitPieces(ALL_ROWS, 9999, 100, 5000, (...piece) => pieces.push(piece));
    expect(pieces).toEqual([[100, 4900]]);
  });
});
