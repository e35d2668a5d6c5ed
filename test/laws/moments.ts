/** Means and covariances in closed form, by two plain passes over the rows. */

import type { CovarianceType, Parameters } from '../../src/types.js';

/**
 * @param rows - (n × d) row-major
 * @returns mean (d) and covariance (d × d), divided by n
 */
export function computeMoments(rows: Float64Array, d: number) {
  const n = rows.length / d;
  const mean = new Float64Array(d);
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < rows.length; i++) mean[i % d] += rows[i] / n;
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        covariance[a * d + b] += ((rows[i * d + a] - mean[a]) * (rows[i * d + b] - mean[b])) / n;
      }
    }
  }
  return { mean, covariance };
}

/** The part of a covariance matrix that a covariance type keeps: all of it, its diagonal, or the mean of its diagonal. */
export function momentsByType(type: CovarianceType, covariance: Float64Array, d: number): Float64Array {
  if (type === 'full' || type === 'tied') return covariance;
  const variances = Float64Array.from({ length: d }, (_, a) => covariance[a * d + a]);
  if (type === 'diag') return variances;
  return Float64Array.of(variances.reduce((sum, variance) => sum + variance, 0) / d);
}

/** Component j's covariance as (d × d), whatever the type. */
export function covarianceOf(
  { covarianceType, covariances, nFeatures: d }: Parameters,
  j: number,
): Float64Array {
  if (covarianceType === 'full') return covariances.subarray(j * d * d, (j + 1) * d * d);
  if (covarianceType === 'tied') return covariances;
  return Float64Array.from({ length: d * d }, (_, i) => {
    if (i % (d + 1) !== 0) return 0;
    return covariances[covarianceType === 'diag' ? j * d + i / (d + 1) : j];
  });
}
