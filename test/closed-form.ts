/** One M-step as in the textbook: plain sums over all rows, in two passes. Bishop, eq. 9.24–9.27. */

import { sortComponents } from '../src/core/parameters.js';
import type { CovarianceType, Parameters } from '../src/types.js';
import { momentsByType } from './laws/moments.js';

/**
 * @param rows - (n × d) row-major
 * @param shares - (n × k) responsibilities
 * @param rowWeight - (n) or undefined for 1 each
 * @returns the mixture, its components in the order of a model
 */
export function estimateMixture(
  covarianceType: CovarianceType,
  rows: Float64Array,
  shares: ArrayLike<number>,
  k: number,
  rowWeight?: Float64Array,
): Parameters {
  const n = shares.length / k;
  const d = rows.length / n;
  const of = (i: number, j: number) => (rowWeight?.[i] ?? 1) * shares[i * k + j];
  const counts = new Float64Array(k);
  const means = new Float64Array(k * d);
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < n; i++) counts[j] += of(i, j);
    for (let i = 0; i < n * d; i++) {
      means[j * d + (i % d)] += (of(Math.floor(i / d), j) * rows[i]) / counts[j];
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const covariances = Array.from(counts, (count, j) => {
    const matrix = new Float64Array(d * d);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < d; a++) {
        for (let b = 0; b < d; b++) {
          const product = (rows[i * d + a] - means[j * d + a]) * (rows[i * d + b] - means[j * d + b]);
          matrix[a * d + b] += (of(i, j) * product) / (covarianceType === 'tied' ? total : count);
        }
      }
    }
    return matrix;
  });
  const tied = covariances[0].map((_, at) => covariances.reduce((sum, matrix) => sum + matrix[at], 0));
  const kept = covarianceType === 'tied' ? [tied] : covariances;
  return sortComponents({
    covarianceType,
    nComponents: k,
    nFeatures: d,
    weights: counts.map((count) => count / total),
    means,
    covariances: Float64Array.from(kept.flatMap((matrix) => [...momentsByType(covarianceType, matrix, d)])),
  });
}
