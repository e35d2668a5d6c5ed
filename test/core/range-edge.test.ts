import { describe, expect, it } from 'vitest';
import { findRangeEdge } from '../../src/core/range-edge.js';

const counts = (...ks: number[]) => ks.map((nComponents) => ({ nComponents }));
const edge = (ks: number[], best: number, n = 1000) => findRangeEdge(counts(...ks), { nComponents: best }, n);

describe('the edge of the range', () => {
  it('is told with the next range to try', () => {
    expect(edge([1, 2, 3, 4, 5, 6], 6)).toEqual({ side: 'largest', from: 4, to: 12 });
    expect(edge([1, 2], 2)).toEqual({ side: 'largest', from: 1, to: 4 });
    expect(edge([4, 5, 6], 4)).toEqual({ side: 'smallest', from: 2, to: 4 });
    expect(edge([8, 2, 4], 8)).toEqual({ side: 'largest', from: 6, to: 16 });
    expect(edge([1, 2, 3], 3, 5)).toEqual({ side: 'largest', from: 1, to: 5 });
  });

  it('is none inside, at one component, at as many as there are rows, and of a single number', () => {
    expect(edge([1, 2, 3], 2)).toBeUndefined();
    expect(edge([1, 2, 3], 1)).toBeUndefined();
    expect(edge([1, 2, 3], 3, 3)).toBeUndefined();
    expect(edge([3, 3], 3)).toBeUndefined();
  });
});
