/** Σ = L Lᵀ of every component, in the smallest shape that its type allows. */

import { computeCholesky } from './cholesky.js';
import type { Parameters } from './parameters.js';

/** L of one component: (d) its diagonal, or the packed lower triangle (d (d + 1) / 2) where there is more. */
export interface Factor {
  readonly isDiagonal: boolean;
  readonly lower: Float64Array;
}

/**
 * @param parameters - positive definite
 * @returns (k) factors; those of `tied` are one
 */
export function computeFactors(parameters: Parameters): Factor[] {
  const { covarianceType, nComponents: k, nFeatures: d, covariances } = parameters;
  const triangleAt = (j: number): Factor => {
    const lower = computeCholesky(covariances, j * d * d, d);
    if (!lower) throw new Error(`the covariance of component ${j} is positive definite`);
    return { isDiagonal: false, lower };
  };
  const diagonalOf = (variances: Float64Array): Factor => ({
    isDiagonal: true,
    lower: variances.map(Math.sqrt),
  });
  const all = Array.from({ length: k }, (_, j) => j);
  switch (covarianceType) {
    case 'full':
      return all.map(triangleAt);
    case 'tied':
      return new Array<Factor>(k).fill(triangleAt(0));
    case 'diag':
      return all.map((j) => diagonalOf(covariances.subarray(j * d, (j + 1) * d)));
    case 'spherical':
      return all.map((j) => diagonalOf(new Float64Array(d).fill(covariances[j])));
  }
}
