/**
 * The posterior of a variational mixture: q(π) Πⱼ N(μⱼ; mⱼ, (βⱼ Λⱼ)⁻¹) Wishart(Λⱼ; Wⱼ, νⱼ). Bishop, PRML (2006), section 10.2;
 * for the Dirichlet process Blei & Jordan, Bayesian Analysis 1 (2006).
 *
 *   βⱼ = β₀ + Nⱼ,   νⱼ = ν₀ + Nⱼ; one covariance for all: ν = ν₀ + Σ N / k
 *   Dirichlet:           αⱼ = γ + Nⱼ
 *   Dirichlet process:   πⱼ = vⱼ Πᵢ<ⱼ (1 − vᵢ),   vⱼ ~ Beta(aⱼ, bⱼ),   aⱼ = 1 + Nⱼ,   bⱼ = γ + Σᵢ>ⱼ Nᵢ
 *
 * The counts N therefore stand for α, β and ν. In place of W the posterior has the covariance W⁻¹ / ν = E[Λ]⁻¹, so the factors of
 * the point estimate are the whitening matrices √ν W^½ that the E-step needs.
 */

import { formOf } from '../../core/covariance/families.js';
import { digamma } from '../../core/digamma.js';
import { type FactoredMixture, factorMixture } from '../../core/factored-mixture.js';
import type { ModelShape, Parameters } from '../../core/parameters.js';
import type { VariationalPrior } from './prior.js';

/** Plain data. */
export interface Posterior {
  /** (k) N, the expected rows of each component. */
  readonly counts: Float64Array;
  /** The point estimate: E[π], m, E[Λ]⁻¹. */
  readonly parameters: Parameters;
}

/** (k) a and b of the stick-breaking weights; b of the last component is γ. */
export interface Sticks {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

export function computeSticks({ concentration }: VariationalPrior, counts: Float64Array): Sticks {
  const a = counts.map((count) => 1 + count);
  const b = new Float64Array(counts.length);
  let behind = 0;
  for (let j = counts.length - 1; j >= 0; j--) {
    b[j] = concentration + behind;
    behind += counts[j];
  }
  return { a, b };
}

/** (k) α */
export function computeAlpha({ concentration }: VariationalPrior, counts: Float64Array): Float64Array {
  return counts.map((count) => concentration + count);
}

/** ν of component j. */
export function degreesOf(
  { degreesOfFreedom }: VariationalPrior,
  { covarianceType, nComponents }: ModelShape,
  counts: Float64Array,
  j: number,
): number {
  if (!formOf(covarianceType).isShared) return degreesOfFreedom + counts[j];
  return degreesOfFreedom + counts.reduce((sum, count) => sum + count, 0) / nComponents;
}

/** (k) E[π]. The sticks of a truncated process leave a little, so their weights are divided by their sum. */
export function expectWeights(prior: VariationalPrior, counts: Float64Array): Float64Array {
  if (prior.weightPrior === 'dirichlet') return toShares(computeAlpha(prior, counts));
  const { a, b } = computeSticks(prior, counts);
  let left = 1;
  return toShares(
    counts.map((_, j) => {
      const weight = (left * a[j]) / (a[j] + b[j]);
      left *= b[j] / (a[j] + b[j]);
      return weight;
    }),
  );
}

function toShares(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** (k) E[ln π] */
function expectLogWeights(prior: VariationalPrior, counts: Float64Array): Float64Array {
  if (prior.weightPrior === 'dirichlet') {
    const alpha = computeAlpha(prior, counts);
    const all = digamma(alpha.reduce((sum, value) => sum + value, 0));
    return alpha.map((value) => digamma(value) - all);
  }
  const { a, b } = computeSticks(prior, counts);
  let before = 0;
  return counts.map((_, j) => {
    const all = digamma(a[j] + b[j]);
    const expected = before + digamma(a[j]) - all;
    before += digamma(b[j]) - all;
    return expected;
  });
}

/**
 * The mixture whose E-step is that of the posterior: the point estimate, with the weights
 *
 *   ln π* = E[ln π] + ½ (E[ln |Λ|] − ln |E[Λ]|) − d / 2β,   E[ln |Λ|] − ln |E[Λ]| = d ln 2/ν + Σᵢ ψ((ν − i) / 2),   i = 0 … d − 1
 */
export function toEStepMixture(prior: VariationalPrior, { counts, parameters }: Posterior): FactoredMixture {
  const { nFeatures: d } = parameters;
  const logWeights = expectLogWeights(prior, counts).map((logWeight, j) => {
    const degrees = degreesOf(prior, parameters, counts, j);
    let spread = d * Math.log(2 / degrees);
    for (let i = 0; i < d; i++) spread += digamma((degrees - i) / 2);
    return logWeight + spread / 2 - d / (2 * (prior.meanPrecision + counts[j]));
  });
  return { ...factorMixture(parameters), logWeights };
}
