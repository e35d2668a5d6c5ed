/**
 * Parameters as the kernel wants them: whitening instead of covariances, and one constant a component,
 *
 *   c = log π + Σₐ log Wₐₐ − d/2 log 2π,   so that   log ρ = c − ½ ‖W (x − μ)‖²
 *
 *   type      | layout, in doubles
 *   full      | per component: c, μ (d), W (packed lower triangle by rows)
 *   tied      | once: m (d), W; per component: c, μ (d), ν = W (μ − m) (d), with m = Σ π μ
 *   diag      | per component: c, μ (d), 1/σ (d)
 *   spherical | per component: c, μ (d), 1/σ (1)
 */

import { computeCholesky, computeLogDeterminant, computeWhitening } from '../core/cholesky.js';
import { type CovarianceType, triangleLength } from '../core/covariance-type.js';
import type { Parameters } from '../core/parameters.js';

/** Stands for log 0: so far below every density that exp of it is 0, yet finite. */
const LOG_ZERO = -1e300;

/** Doubles of the prepared parameters of k components in d dimensions. */
export function preparedLength(type: CovarianceType, k: number, d: number): number {
  switch (type) {
    case 'full':
      return k * (1 + d + triangleLength(d));
    case 'tied':
      return d + triangleLength(d) + k * (1 + 2 * d);
    case 'diag':
      return k * (1 + 2 * d);
    case 'spherical':
      return k * (2 + d);
  }
}

/**
 * @param out - out: the parameters for the kernel
 * @returns the index of the first component whose covariance is not positive definite, or −1
 */
export function prepareInto(out: Float64Array, parameters: Parameters): number {
  switch (parameters.covarianceType) {
    case 'full':
      return prepareFull(out, parameters);
    case 'tied':
      return prepareTied(out, parameters);
    case 'diag':
    case 'spherical':
      return prepareAxes(out, parameters);
  }
}

/** log π − d/2 log 2π */
function constantOf({ weights, nFeatures: d }: Parameters, j: number): number {
  return (weights[j] > 0 ? Math.log(weights[j]) : LOG_ZERO) - (d / 2) * Math.log(2 * Math.PI);
}

function prepareFull(out: Float64Array, parameters: Parameters): number {
  const { nComponents: k, nFeatures: d, means, covariances } = parameters;
  for (let j = 0, at = 0; j < k; j++) {
    const lower = computeCholesky(covariances, j * d * d, d);
    if (!lower) return j;
    const whitening = computeWhitening(lower, d);
    out[at++] = constantOf(parameters, j) + computeLogDeterminant(whitening, d);
    out.set(means.subarray(j * d, (j + 1) * d), at);
    out.set(whitening, at + d);
    at += d + whitening.length;
  }
  return -1;
}

function prepareTied(out: Float64Array, parameters: Parameters): number {
  const { nComponents: k, nFeatures: d, weights, means, covariances } = parameters;
  const lower = computeCholesky(covariances, 0, d);
  if (!lower) return 0;
  const whitening = computeWhitening(lower, d);
  const logDeterminant = computeLogDeterminant(whitening, d);
  const origin = new Float64Array(d);
  for (let j = 0; j < k; j++) for (let a = 0; a < d; a++) origin[a] += weights[j] * means[j * d + a];
  out.set(origin);
  out.set(whitening, d);
  for (let j = 0, at = d + whitening.length; j < k; j++, at += 1 + 2 * d) {
    out[at] = constantOf(parameters, j) + logDeterminant;
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    for (let i = 0, row = 0; i < d; row += ++i) {
      let y = 0;
      for (let a = 0; a <= i; a++) y += whitening[row + a] * (means[j * d + a] - origin[a]);
      out[at + 1 + d + i] = y;
    }
  }
  return -1;
}

function prepareAxes(out: Float64Array, parameters: Parameters): number {
  const { covarianceType, nComponents: k, nFeatures: d, means, covariances } = parameters;
  const size = covarianceType === 'diag' ? d : 1;
  for (let j = 0, at = 0; j < k; j++, at += 1 + d + size) {
    let logDeterminant = 0;
    for (let i = 0; i < size; i++) {
      const variance = covariances[j * size + i];
      if (!(variance > 0 && variance < Number.POSITIVE_INFINITY)) return j;
      out[at + 1 + d + i] = 1 / Math.sqrt(variance);
      logDeterminant -= ((d / size) * Math.log(variance)) / 2;
    }
    out[at] = constantOf(parameters, j) + logDeterminant;
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
  }
  return -1;
}
