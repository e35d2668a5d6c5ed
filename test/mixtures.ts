/** Random mixtures and rows drawn from them, repeatable; most tests use them. */

import { formOf } from '../src/core/covariance/families.js';
import { covarianceLength } from '../src/core/covariance/form.js';
import type { Random } from '../src/core/random.js';
import type { CovarianceType, Parameters } from '../src/types.js';

/**
 * A mixture whose covariances have condition numbers of about 5, whatever d.
 *
 * @param spread - standard deviation of the means
 */
export function createMixture(
  type: CovarianceType,
  k: number,
  d: number,
  random: Random,
  spread = 2,
): Parameters {
  const weights = Float64Array.from({ length: k }, () => 0.2 + random.uniform());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const means = Float64Array.from({ length: k * d }, () => spread * random.normal());
  const covariances = new Float64Array(covarianceLength(formOf(type), k, d));
  if (formOf(type).isDense) {
    for (let offset = 0; offset < covariances.length; offset += d * d) {
      // I + B Bᵀ / d
      const b = Float64Array.from({ length: d * d }, () => random.normal());
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = i === j ? 1 : 0;
          for (let a = 0; a < d; a++) sum += (b[i * d + a] * b[j * d + a]) / d;
          covariances[offset + i * d + j] = sum;
          covariances[offset + j * d + i] = sum;
        }
      }
    }
  } else {
    for (let i = 0; i < covariances.length; i++) covariances[i] = 0.5 + 2 * random.uniform();
  }
  return {
    covarianceType: type,
    nComponents: k,
    nFeatures: d,
    weights: weights.map((weight) => weight / total),
    means,
    covariances,
  };
}

/** (n × d) rows about the means of a mixture, with unit variances. */
export function drawRows({ nComponents: k, nFeatures: d, means }: Parameters, n: number, random: Random) {
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const j = random.below(k);
    for (let a = 0; a < d; a++) rows[i * d + a] = means[j * d + a] + random.normal();
  }
  return rows;
}

/** (n) weights, every fourth 0. */
export function drawWeights(n: number, random: Random): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (i % 4 === 3 ? 0 : 3 * random.uniform()));
}
