/**
 * Parameters for the kernel: whitening matrices in place of covariances, and a constant for each component,
 *
 *   c = log π + log |W| − d/2 log 2π,   so that   log ρ = c − ½ ‖W (x − μ)‖²
 *
 * The first is log (π₀ / V), the constant of the noise. The others follow by form:
 *
 *   form      | layout, in doubles
 *   full      | for each component: c, μ (d), W (packed lower triangle by rows)
 *   tied      | once: m (d), W; for each component: c, μ (d), W (μ − m) (d), with m = Σ π μ / Σ π
 *   diagonal  | for each component: c, μ (d), 1/σ (d)
 *   spherical | for each component: c, μ (d), 1/σ (1)
 *
 * Student's t components have 0 for c. Behind all others follow, for each component: c, the degrees of freedom ν, log (1 + d/ν),
 *
 *   c = log π + log |W| + log Γ((ν + d)/2) − log Γ(ν/2) − d/2 log νπ
 */

import { triangleLength } from '../core/cholesky.js';
import { formOf } from '../core/covariance/families.js';
import type { FormName } from '../core/covariance/forms.js';
import type { FactoredMixture } from '../core/factored-mixture.js';
import { logGammaExcess } from '../core/log-gamma.js';
import { type ComponentDensity, centerOf } from '../core/parameters.js';

/** Stands for log 0: finite, but so far below every density that its exponential is 0. */
const LOG_ZERO = -1e300;

/** Doubles of the tail of a t component. */
const TAIL_LENGTH = 3;

/** @returns number of doubles of the prepared parameters of k components in d dimensions */
export function preparedLength(
  form: FormName,
  k: number,
  d: number,
  components: ComponentDensity = 'gaussian',
): number {
  if (components === 't') return preparedLength(form, k, d) + k * TAIL_LENGTH;
  switch (form) {
    case 'full':
      return 1 + k * (1 + d + triangleLength(d));
    case 'tied':
      return 1 + d + triangleLength(d) + k * (1 + 2 * d);
    case 'diagonal':
      return 1 + k * (1 + 2 * d);
    case 'spherical':
      return 1 + k * (2 + d);
  }
}

/**
 * @param out - out: (preparedLength) laid out as above
 * @param mixture - with factors that are not singular
 */
export function prepareInto(out: Float64Array, mixture: FactoredMixture): void {
  const { parameters, factors } = mixture;
  if (factors.singular !== undefined) {
    throw new Error(`the covariance of component ${factors.singular} is not positive definite`);
  }
  const { covarianceType, nComponents, nFeatures, degreesOfFreedom, noise } = parameters;
  const form = formOf(covarianceType);
  const components = degreesOfFreedom ? 't' : 'gaussian';
  if (out.length !== preparedLength(form.name, nComponents, nFeatures, components)) {
    throw new Error(`the kernel is not laid out for these ${components} components`);
  }
  out[0] = noise ? logWeight(noise.weight) + noise.logDensity : LOG_ZERO;
  if (form.isShared) prepareShared(out.subarray(1), mixture);
  else prepareOwn(out.subarray(1), mixture);
}

function logWeight(weight: number): number {
  return weight > 0 ? Math.log(weight) : LOG_ZERO;
}

/**
 * Writes c of component j; for t components its tail, and 0.
 *
 * @param out - out: the prepared parameters up to their end
 * @param at - where the component begins in `out`
 */
function writeConstant(
  out: Float64Array,
  at: number,
  j: number,
  { parameters, factors }: FactoredMixture,
): void {
  const { weights, nFeatures: d, nComponents: k, degreesOfFreedom } = parameters;
  const logDeterminant = factors.logDeterminants[factors.logDeterminants.length > 1 ? j : 0];
  const gaussian = logWeight(weights[j]) - (d / 2) * Math.log(2 * Math.PI) + logDeterminant;
  out[at] = degreesOfFreedom ? 0 : gaussian;
  if (!degreesOfFreedom) return;
  const degrees = degreesOfFreedom[j];
  const tail = out.length - (k - j) * TAIL_LENGTH;
  // log Γ(ν/2 + d/2) − log Γ(ν/2) − d/2 log (ν/2) is 0 for infinite ν, a Gaussian component.
  out[tail] = gaussian + logGammaExcess(degrees / 2, d / 2);
  out[tail + 1] = degrees;
  out[tail + 2] = Math.log1p(d / degrees);
}

/** For forms with a covariance per component. */
function prepareOwn(out: Float64Array, mixture: FactoredMixture): void {
  const { nComponents: k, nFeatures: d, means } = mixture.parameters;
  const { whitening } = mixture.factors;
  const size = whitening.length / k;
  for (let j = 0, at = 0; j < k; j++, at += 1 + d + size) {
    writeConstant(out, at, j, mixture);
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    out.set(whitening.subarray(j * size, (j + 1) * size), at + 1 + d);
  }
}

/** For forms with one covariance for all components. */
function prepareShared(out: Float64Array, mixture: FactoredMixture): void {
  const { nComponents: k, nFeatures: d, means } = mixture.parameters;
  const { whitening } = mixture.factors;
  const origin = centerOf(mixture.parameters);
  out.set(origin);
  out.set(whitening, d);
  for (let j = 0, at = d + whitening.length; j < k; j++, at += 1 + 2 * d) {
    writeConstant(out, at, j, mixture);
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    for (let i = 0, row = 0; i < d; row += ++i) {
      let y = 0;
      for (let a = 0; a <= i; a++) y += whitening[row + a] * (means[j * d + a] - origin[a]);
      out[at + 1 + d + i] = y;
    }
  }
}
