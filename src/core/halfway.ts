/**
 * The mixture half-way between two mixtures: components are paired, then weights, means and covariances are averaged. Half-way
 * between two points in one basin of attraction the log-likelihood is high; between two basins there is a valley.
 */

import { covarianceOfInto, type Parameters, permute } from './parameters.js';

/**
 * @param other - of the same type, k and d
 * @param scales - in: (d) units of the columns, in which components are compared
 */
export function computeHalfway(one: Parameters, other: Parameters, scales: Float64Array): Parameters {
  const partner = permute(other, pairComponents(one, other, scales));
  const average = (values: Float64Array, others: Float64Array) =>
    values.map((value, i) => (value + others[i]) / 2);
  const degrees = one.degreesOfFreedom;
  const others = partner.degreesOfFreedom;
  return {
    ...one,
    // Averages of logarithms: between 4 and 100 most of the change is between 4 and 20.
    ...(degrees && others && { degreesOfFreedom: degrees.map((value, j) => Math.sqrt(value * others[j])) }),
    weights: average(one.weights, partner.weights),
    means: average(one.means, partner.means),
    covariances: average(one.covariances, partner.covariances),
    ...(one.noise &&
      other.noise && { noise: { ...one.noise, weight: (one.noise.weight + other.noise.weight) / 2 } }),
  };
}

/**
 * Pairs the nearest two components, then the nearest two of the rest, and so on. The distance is the Wasserstein distance of the
 * columns' marginals: Σₐ (μₐ − μ'ₐ)² + (σₐ − σ'ₐ)², in units of the columns. (Dowson & Landau, 1982.)
 *
 * @returns (k) for every component of `one` its partner in `other`
 */
export function pairComponents(one: Parameters, other: Parameters, scales: Float64Array): number[] {
  const { nComponents: k, nFeatures: d } = one;
  const places = locate(one, scales);
  const others = locate(other, scales);
  const pairs: { i: number; j: number; distance: number }[] = [];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let distance = 0;
      for (let a = 0; a < 2 * d; a++) distance += (places[2 * d * i + a] - others[2 * d * j + a]) ** 2;
      pairs.push({ i, j, distance });
    }
  }
  pairs.sort((p, q) => p.distance - q.distance || p.i - q.i || p.j - q.j);
  const partners = new Map<number, number>();
  const isTaken = new Uint8Array(k);
  for (const { i, j } of pairs) {
    if (partners.has(i) || isTaken[j]) continue;
    partners.set(i, j);
    isTaken[j] = 1;
  }
  return Array.from({ length: k }, (_, i) => partners.get(i) ?? i);
}

/** (k × 2d) means, then standard deviations, of each component in units of the columns. */
function locate(parameters: Parameters, scales: Float64Array): Float64Array {
  const { nComponents: k, nFeatures: d, means } = parameters;
  const places = new Float64Array(2 * k * d);
  const covariance = new Float64Array(d * d);
  for (let j = 0; j < k; j++) {
    covarianceOfInto(covariance, parameters, j);
    for (let a = 0; a < d; a++) {
      places[2 * d * j + a] = means[j * d + a] / scales[a];
      places[2 * d * j + d + a] = Math.sqrt(covariance[a * d + a]) / scales[a];
    }
  }
  return places;
}
