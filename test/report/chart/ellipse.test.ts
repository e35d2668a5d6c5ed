import { describe, expect, it } from 'vitest';
import { GaussianMixture } from '../../../src/index.js';
import { chiSquare2, computeEllipse } from '../../../src/report/chart/ellipse.js';

/** A handful of roundings of numbers near 1. */
const CLOSED_FORM = 1e-12;

describe('computeEllipse', () => {
  it('has the half axes and direction of the closed form of a 2 x 2 matrix', () => {
    for (const [xx, xy, yy] of [
      [4, 3, 4],
      [4, -3, 4],
      [1, 0.2, 9],
      [9, 0.2, 1],
      [2, 0, 2],
    ]) {
      const { major, minor, angle } = computeEllipse({ xx, xy, yy }, 0.95);
      const half = Math.hypot((xx - yy) / 2, xy);
      const middle = (xx + yy) / 2;
      expect(Math.abs(major ** 2 / chiSquare2(0.95) - (middle + half))).toBeLessThan(10 * CLOSED_FORM);
      expect(Math.abs(minor ** 2 / chiSquare2(0.95) - (middle - half))).toBeLessThan(10 * CLOSED_FORM);
      // tan 2φ = 2 Σxy / (Σxx − Σyy); a circle has no direction.
      if (half > 0) expect(Math.abs(Math.sin(2 * angle) - xy / half)).toBeLessThan(CLOSED_FORM);
    }
  });

  it('is a line for columns that are multiples of each other', () => {
    const { major, minor } = computeEllipse({ xx: 1, xy: 2, yy: 4 }, 0.5);
    expect(minor).toBeLessThan(1e-7);
    expect(Math.abs(major - Math.sqrt(5 * chiSquare2(0.5)))).toBeLessThan(CLOSED_FORM);
  });
});

describe('the ellipse of a t component', () => {
  it('holds the share of drawn points, and tends to that of a Gaussian', () => {
    const n = 20_000;
    for (const degrees of [1, 4]) {
      const model = GaussianMixture.fromParameters({
        ...{ weights: [1], means: [[0, 0]], covariances: [1], covarianceType: 'spherical' },
        degreesOfFreedom: degrees,
      });
      const { samples } = model.sample(n, { seed: 5 });
      for (const p of [0.5, 0.95]) {
        const { major } = computeEllipse({ xx: 1, xy: 0, yy: 1 }, p, degrees);
        let inside = 0;
        for (let i = 0; i < n; i++) if (Math.hypot(samples[2 * i], samples[2 * i + 1]) <= major) inside++;
        // Four standard errors of a share.
        expect(Math.abs(inside / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      }
    }
    const { major } = computeEllipse({ xx: 1, xy: 0, yy: 1 }, 0.95, 1e9);
    expect(Math.abs(major ** 2 / chiSquare2(0.95) - 1)).toBeLessThan(1e-8);
  });
});
