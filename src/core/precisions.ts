/**
 * Precisions Σ⁻¹ and their Cholesky factors, in the form of the covariances.
 *
 * With Σ = L Lᵀ and W = L⁻¹, Σ⁻¹ = Wᵀ W = U Uᵀ, U = Wᵀ upper triangular: scikit-learn's `precisions_cholesky_`.
 */

import { formOf } from './covariance/families.js';
import { factorMixture } from './factored-mixture.js';
import type { Parameters } from './parameters.js';

/**
 * @param parameters - positive definite
 * @returns full k·d·d, tied d·d: U with zeros below its diagonal, row-major; diag k·d, spherical k: 1 / σ
 */
export function computePrecisionsCholesky(parameters: Parameters): Float64Array {
  const { covarianceType, covariances, nFeatures: d } = parameters;
  const { whitening } = factorMixture(parameters).factors;
  if (!formOf(covarianceType).isDense) return whitening;
  const out = new Float64Array(covariances.length);
  for (let index = 0, at = 0; at < whitening.length; index++) {
    for (let a = 0; a < d; a++) for (let b = 0; b <= a; b++) out[(index * d + b) * d + a] = whitening[at++];
  }
  return out;
}

/**
 * @param upper - in: as `computePrecisionsCholesky` gives it
 * @returns of the same shape: U Uᵀ, exactly symmetric; diag and spherical: 1 / σ²
 */
export function computePrecisions(parameters: Parameters, upper: Float64Array): Float64Array {
  const { covarianceType, covariances, nFeatures: d } = parameters;
  if (!formOf(covarianceType).isDense) return covariances.map((variance) => 1 / variance);
  const out = new Float64Array(upper.length);
  for (let offset = 0; offset < out.length; offset += d * d) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let c = a; c < d; c++) sum += upper[offset + a * d + c] * upper[offset + b * d + c];
        out[offset + a * d + b] = sum;
        out[offset + b * d + a] = sum;
      }
    }
  }
  return out;
}
