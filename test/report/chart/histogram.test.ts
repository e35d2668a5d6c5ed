import { describe, expect, it } from 'vitest';
import { createCurves, densityAt, sampleSum } from '../../../src/report/chart/curve.js';
import { computeHistogram } from '../../../src/report/chart/histogram.js';
import { createParameters } from '../samples.js';

/** Some hundred roundings of numbers near 1. */
const CLOSED_FORM = 1e-12;

const parameters = createParameters('diag', [0.5, 0.5], [25, 75], [100, 100]);
const area = ({ limits, heights }: ReturnType<typeof computeHistogram>) =>
  heights.reduce((sum, height, i) => sum + height * (limits[i + 1] - limits[i]), 0);

describe('computeHistogram', () => {
  it('counts every row once, on limits too, in bins of a round width', () => {
    for (const n of [7, 60, 100, 5_000]) {
      const rows = Float64Array.from({ length: n }, (_, i) => Math.round((100 * i) / (n - 1)));
      const histogram = computeHistogram(parameters, rows, 0);
      const { limits, heights } = histogram;
      expect(Math.abs(area(histogram) - 1)).toBeLessThan(CLOSED_FORM);
      expect(limits[0]).toBe(0);
      expect(limits.at(-1)).toBe(100);
      for (const [bin, height] of heights.entries()) {
        const isIn = (value: number) =>
          value >= limits[bin] && (value < limits[bin + 1] || bin === heights.length - 1);
        const count = rows.filter(isIn).length;
        expect(Math.abs(height * n * (limits[bin + 1] - limits[bin]) - count)).toBeLessThan(n * CLOSED_FORM);
      }
    }
  });

  it('has bins at least as wide as Scott’s rule says', () => {
    const rows = Float64Array.from({ length: 272 }, (_, i) => 43 + ((96 - 43) * i) / 271);
    const { limits } = computeHistogram(createParameters('diag', [1], [70], [34.5]), rows, 0);
    // 3.49 · √34.5 / ∛272 = 3.16, so 5.
    expect(limits).toEqual([40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100]);
  });

  it('has one bin for rows of one value, and none without rows', () => {
    expect(computeHistogram(parameters, new Float64Array(5).fill(4), 0)).toMatchObject({
      limits: [2, 6],
      heights: [0.25],
    });
    expect(computeHistogram(parameters, new Float64Array(0), 0)).toMatchObject({ limits: [], heights: [] });
  });

  it('takes the column that is asked for', () => {
    const wide = createParameters('diag', [1], [0, 50], [1, 100]);
    const rows = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0 : i));
    const { limits, curves } = computeHistogram(wide, rows, 1);
    expect(limits.at(-1)).toBeGreaterThanOrEqual(39);
    expect(curves).toEqual([{ weight: 1, mean: 50, deviation: 10 }]);
  });
});

describe('sampleSum', () => {
  it('is the sum of the densities, and meets the peak of a narrow component', () => {
    const spike = createParameters('spherical', [0.9, 0.1], [0, 3.00001], [1, 1e-12]);
    const curves = createCurves(spike, 0);
    const points = sampleSum(curves, [-5, 5]);
    const highest = Math.max(...points.map(([, density]) => density));
    const peak = densityAt(curves[0], 3.00001) + densityAt(curves[1], 3.00001);
    expect(Math.abs(highest / peak - 1)).toBeLessThan(CLOSED_FORM);
    expect(points.every(([at], i) => i === 0 || at >= points[i - 1][0])).toBe(true);
  });
});
