/** The density of a mixture at single points, in plain TypeScript: for methods that take one row, and for the leader. */

import { factorComponents } from './factored-mixture.js';
import { logGammaExcess } from './log-gamma.js';
import type { Parameters } from './parameters.js';

/** Squared distances are capped here, as in the kernel: an overflow then means "very far", never NaN. */
const FARTHEST = 1e300;

/** Prepared once for a mixture, then used for every point. */
export interface PointDensity {
  /**
   * log π + log N(x; μ, Σ) of every component, or with the density of Student's t.
   *
   * @param out - out: (k)
   * @param x - in: holds a point (d) at `offset`
   */
  weightedLogProbInto(out: Float64Array, x: Float64Array, offset: number): void;
}

/** @param parameters - positive definite */
export function createPointDensity(parameters: Parameters): PointDensity {
  const { nComponents: k, nFeatures: d, weights, means, degreesOfFreedom } = parameters;
  const components = factorComponents(parameters).map(({ isDiagonal, whitening, logDeterminant }, j) => {
    const gaussian = Math.log(weights[j]) + logDeterminant - (d / 2) * Math.log(2 * Math.PI);
    const degrees = degreesOfFreedom?.[j];
    // log Γ((ν + d)/2) − log Γ(ν/2) − d/2 log (ν/2) beside the Gaussian constant.
    const constant = degrees === undefined ? gaussian : gaussian + logGammaExcess(degrees / 2, d / 2);
    return { isDiagonal, whitening, constant, degrees };
  });
  return {
    weightedLogProbInto(out, x, offset) {
      for (let j = 0; j < k; j++) {
        const { isDiagonal, whitening, constant, degrees } = components[j];
        let distance = 0;
        for (let i = 0, row = 0; i < d; row += ++i) {
          let y = 0;
          if (isDiagonal) y = whitening[i] * (x[offset + i] - means[j * d + i]);
          else for (let a = 0; a <= i; a++) y += whitening[row + a] * (x[offset + a] - means[j * d + a]);
          distance += y * y;
        }
        const capped = Number.isNaN(distance) ? FARTHEST : Math.min(distance, FARTHEST);
        out[j] =
          constant - (degrees === undefined ? capped : (degrees + d) * Math.log1p(capped / degrees)) / 2;
      }
    },
  };
}

/**
 * log Σ exp, without overflow.
 *
 * @param values - in: (k)
 */
export function logSumExp(values: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) largest = Math.max(largest, value);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
