/**
 * Parameters as the kernel wants them: whitening matrices and constants instead of covariances.
 *
 * Per component: constant c, μ (d), W (packed lower triangle by rows), with
 *   c = log π + Σₐ log Wₐₐ − d/2 log 2π,   so that   log ρ = c − ½ ‖W (x − μ)‖²
 */

import { computeCholesky, computeLogDeterminant, computeWhitening } from '../core/cholesky.js';
import { triangleLength } from '../core/covariance-type.js';
import { covarianceOfInto } from '../core/parameters.js';
import type { Parameters } from '../types.js';

/** Stands for log 0: so far below every density that exp of it is 0, yet finite. */
const LOG_ZERO = -1e300;

/** Doubles of the prepared parameters of k components in d dimensions. */
export function preparedLength(k: number, d: number): number {
  return k * (1 + d + triangleLength(d));
}

/**
 * @param out - out: the parameters for the kernel
 * @returns the index of the first component whose covariance is not positive definite, or −1
 */
export function prepareInto(out: Float64Array, parameters: Parameters): number {
  const { covarianceType, nComponents: k, nFeatures: d, weights, means } = parameters;
  const length = preparedLength(1, d);
  const covariance = new Float64Array(d * d);
  let whitening: Float64Array | undefined;
  for (let j = 0; j < k; j++) {
    if (!whitening || covarianceType !== 'tied') {
      covarianceOfInto(covariance, parameters, j);
      const lower = computeCholesky(covariance, 0, d);
      if (!lower) return j;
      whitening = computeWhitening(lower, d);
    }
    const logWeight = weights[j] > 0 ? Math.log(weights[j]) : LOG_ZERO;
    const at = j * length;
    out[at] = logWeight + computeLogDeterminant(whitening, d) - (d / 2) * Math.log(2 * Math.PI);
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    out.set(whitening, at + 1 + d);
  }
  return -1;
}
