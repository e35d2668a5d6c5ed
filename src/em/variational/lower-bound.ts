/**
 * The lower bound of the log-evidence after an update, without terms that depend on the prior and the number of rows alone:
 *
 *   −Σ r ln r + Σⱼ [ln Z(βⱼ) + ln Z(νⱼ, Wⱼ)] + ln Z(weights),   Z the normalising integrals of the posterior
 *
 * After an update all other terms of the bound cancel. It is the number that scikit-learn's BayesianGaussianMixture reports, which
 * leaves out ln π in the integral of the Wishart distribution as well. With `diag`, `spherical` and `tied` it is, as there, the
 * bound of the model whose prior has these sufficient statistics; each E-step and each update raises it.
 */

import { formOf } from '../../core/covariance/families.js';
import { type Form, storedIndex } from '../../core/covariance/form.js';
import type { FactoredMixture } from '../../core/factored-mixture.js';
import { logGamma } from '../../core/log-gamma.js';
import { computeAlpha, computeSticks, degreesOf, type Posterior } from './posterior.js';
import type { VariationalPrior } from './prior.js';
import { type ComponentRows, outerOf } from './update.js';

/**
 * −Σ r ln r = Σ ln Σⱼ ρⱼ − Σ r ln ρ, from the statistics of a pass.
 *
 * @param mixture - that the pass was run with, with `logWeights`
 * @param logDensities - Σ ln Σⱼ ρⱼ
 */
export function computeEntropy(
  { parameters, factors, logWeights }: FactoredMixture,
  logDensities: number,
  { counts, shifts, within }: ComponentRows,
): number {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const form = formOf(covarianceType);
  const size = form.covarianceSize(d);
  let sum = 0;
  for (let j = 0; j < k; j++) {
    if (counts[j] === 0) continue;
    const stored = storedIndex(form, j);
    // Σ r (x − μ)(x − μ)ᵀ / N, μ the mean of the pass.
    const spread = outerOf(form, shifts.subarray(j * d, (j + 1) * d));
    for (let i = 0; i < size; i++) spread[i] += within[stored * size + i];
    const constant =
      (logWeights?.[j] ?? 0) + factors.logDeterminants[stored] - (d / 2) * Math.log(2 * Math.PI);
    sum += counts[j] * (constant - whitenedTrace(form, factors.whitening, stored, spread, d) / 2);
  }
  return logDensities - sum;
}

/** tr(W M Wᵀ), M in the form. */
function whitenedTrace(
  form: Form,
  whitening: Float64Array,
  stored: number,
  spread: Float64Array,
  d: number,
): number {
  const at = stored * form.factorSize(d);
  let trace = 0;
  if (!form.isDense) {
    for (let i = 0; i < spread.length; i++) trace += whitening[at + i] ** 2 * spread[i];
    return (trace * d) / spread.length;
  }
  for (let i = 0, row = at; i < d; row += ++i) {
    for (let a = 0; a <= i; a++) {
      let product = 0;
      for (let b = 0; b <= i; b++) product += spread[a * d + b] * whitening[row + b];
      trace += whitening[row + a] * product;
    }
  }
  return trace;
}

/**
 * @param entropy - −Σ r ln r of the responsibilities that the posterior was updated from
 * @param posterior - updated from them
 * @param logDeterminants - log |W| of its point estimate's factors, one for each stored covariance
 */
export function computeLowerBound(
  prior: VariationalPrior,
  entropy: number,
  { counts, parameters }: Posterior,
  logDeterminants: Float64Array,
): number {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const form = formOf(covarianceType);
  let sum = entropy + integrateWeights(prior, counts);
  for (let j = 0; j < k; j++) {
    const degrees = degreesOf(prior, parameters, counts, j);
    sum += degrees * (logDeterminants[storedIndex(form, j)] + (d / 2) * Math.log(2 / degrees));
    for (let i = 0; i < d; i++) sum += logGamma((degrees - i) / 2);
    sum -= (d / 2) * Math.log(prior.meanPrecision + counts[j]);
  }
  return sum;
}

/** ln of the normalising integral of the weights' posterior. */
function integrateWeights(prior: VariationalPrior, counts: Float64Array): number {
  if (prior.weightPrior === 'dirichlet') {
    const alpha = computeAlpha(prior, counts);
    const total = alpha.reduce((sum, value) => sum + value, 0);
    return alpha.reduce((sum, value) => sum + logGamma(value), 0) - logGamma(total);
  }
  const { a, b } = computeSticks(prior, counts);
  return a.reduce((sum, value, j) => sum + logGamma(value) + logGamma(b[j]) - logGamma(value + b[j]), 0);
}
