import { describe, expect, it } from 'vitest';
import { copyAllRows, copyRowsInto } from '../../src/rows/shared-rows.js';

const rows = {
  nSamples: 7,
  nFeatures: 2,
  chunkRows: 3,
  chunks: [Float64Array.of(0, 1, 2, 3, 4, 5), Float32Array.of(6, 7, 8, 9, 10, 11), Float64Array.of(12, 13)],
};

describe('copyRowsInto', () => {
  it('copies any range of rows, across chunk borders', () => {
    for (let first = 0; first < 7; first++) {
      for (let count = 0; count <= 7 - first; count++) {
        const out = new Float64Array(16).fill(-1);
        copyRowsInto(out, rows, first, count);
        const expected = Array.from({ length: 16 }, (_, i) => (i < 2 * count ? 2 * first + i : -1));
        expect([...out]).toEqual(expected);
      }
    }
  });
});

describe('copyAllRows', () => {
  it('copies every row', () => {
    expect([...copyAllRows(rows)]).toEqual(Array.from({ length: 14 }, (_, i) => i));
  });
});
