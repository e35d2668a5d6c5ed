import { describe, expect, it } from 'vitest';
import {
  countParameters,
  covarianceLength,
  scatterLength,
  triangleLength,
} from '../../src/core/covariance-type.js';
import type { CovarianceType } from '../../src/types.js';

describe('countParameters', () => {
  // The counts of mclust.
  it.each([
    ['full', 1, 2, 5],
    ['tied', 1, 2, 5],
    ['full', 2, 2, 11],
    ['tied', 2, 2, 8],
    ['diag', 2, 2, 9],
    ['spherical', 2, 2, 7],
    ['tied', 3, 2, 11],
    ['diag', 3, 2, 14],
    ['full', 3, 4, 44],
    ['tied', 3, 4, 24],
    ['diag', 3, 4, 26],
    ['spherical', 3, 4, 17],
  ] as [CovarianceType, number, number, number][])('%s, k = %i, d = %i: %i', (type, k, d, count) => {
    expect(countParameters(type, k, d)).toBe(count);
    expect(countParameters(type, k, d, true)).toBe(count - (k - 1));
  });
});

describe('the lengths of a type', () => {
  it('hold the numbers of k = 3 components in d = 4 dimensions', () => {
    const types = ['full', 'tied', 'diag', 'spherical'] as const;
    expect(types.map((type) => covarianceLength(type, 3, 4))).toEqual([48, 16, 12, 3]);
    expect(types.map((type) => scatterLength(type, 4))).toEqual([10, 0, 4, 1]);
    expect([1, 2, 3, 4].map(triangleLength)).toEqual([1, 3, 6, 10]);
  });
});
