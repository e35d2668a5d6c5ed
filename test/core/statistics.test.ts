import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/core/covariance/families.js';
import {
  createStatisticsLayout,
  LARGEST_CHANGE,
  mergeInto,
  TOTALS_LENGTH,
} from '../../src/core/statistics.js';

describe('createStatisticsLayout', () => {
  it('has room for totals, counts, sums and scatters, one after the other', () => {
    const layouts = (['full', 'tied', 'diag', 'spherical'] as const).map((type) =>
      createStatisticsLayout(formOf(type), 3, 4),
    );
    for (const { counts, sums, scatters, scatterLength, length } of layouts) {
      expect([counts, sums, scatters]).toEqual([TOTALS_LENGTH, TOTALS_LENGTH + 3, TOTALS_LENGTH + 3 + 12]);
      expect(length).toBe(scatters + 3 * scatterLength);
    }
    expect(layouts.map(({ scatterLength }) => scatterLength)).toEqual([10, 0, 4, 1]);
  });

  it('has room for the scaled counts and logarithms of t components, and for one scatter if they share a covariance', () => {
    const types = ['full', 'tied', 'diag', 'spherical'] as const;
    const ends = types.map((type) => {
      const gaussian = createStatisticsLayout(formOf(type), 3, 4);
      const { scatters, scatterLength, scaledCounts, scaleLogs, length } = createStatisticsLayout(
        formOf(type),
        3,
        4,
        't',
      );
      expect([scatters, scaleLogs, length]).toEqual([gaussian.scatters, scaledCounts + 3, scaledCounts + 6]);
      return [scatterLength, (scaledCounts - scatters) / scatterLength];
    });
    expect(ends).toEqual([
      [10, 3],
      [10, 1],
      [4, 3],
      [1, 3],
    ]);
  });
});

describe('mergeInto', () => {
  it('adds all statistics; of the largest changes it keeps the larger', () => {
    const out = Float64Array.of(1, 2, 3, 0.5, 5, 6, 7);
    mergeInto(out, Float64Array.of(10, 20, 30, 0.25, 50, 60, 70));
    expect([...out]).toEqual([11, 22, 33, 0.5, 55, 66, 77]);
    mergeInto(out, Float64Array.of(0, 0, 0, 0.75, 0, 0, 0));
    expect(out[LARGEST_CHANGE]).toBe(0.75);
  });
});
