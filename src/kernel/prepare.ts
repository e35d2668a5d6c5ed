/**
 * Parameters as the kernel wants them: whitening instead of covariances, and one constant for each component,
 *
 *   c = log π + log |W| − d/2 log 2π,   so that   log ρ = c − ½ ‖W (x − μ)‖²
 *
 *   form      | layout, in doubles
 *   full      | for each component: c, μ (d), W (packed lower triangle by rows)
 *   tied      | once: m (d), W; for each component: c, μ (d), ν = W (μ − m) (d), with m = Σ π μ
 *   diagonal  | for each component: c, μ (d), 1/σ (d)
 *   spherical | for each component: c, μ (d), 1/σ (1)
 */

import { triangleLength } from '../core/cholesky.js';
import { formOf } from '../core/covariance/families.js';
import type { FormName } from '../core/covariance/forms.js';
import type { FactoredMixture } from '../core/factored-mixture.js';
import type { Parameters } from '../core/parameters.js';

/** Stands for log 0: so far below every density that exp of it is 0, yet finite. */
const LOG_ZERO = -1e300;

/** Doubles of the prepared parameters of k components in d dimensions. */
export function preparedLength(form: FormName, k: number, d: number): number {
  switch (form) {
    case 'full':
      return k * (1 + d + triangleLength(d));
    case 'tied':
      return d + triangleLength(d) + k * (1 + 2 * d);
    case 'diagonal':
      return k * (1 + 2 * d);
    case 'spherical':
      return k * (2 + d);
  }
}

/**
 * @param out - out: the parameters for the kernel
 * @param mixture - not singular
 */
export function prepareInto(out: Float64Array, mixture: FactoredMixture): void {
  const { parameters, factors } = mixture;
  if (factors.singular !== undefined) {
    throw new Error(`the covariance of component ${factors.singular} is not positive definite`);
  }
  if (formOf(parameters.covarianceType).isShared) prepareShared(out, mixture);
  else prepareOwn(out, mixture);
}

/** log π − d/2 log 2π */
function constantOf({ weights, nFeatures: d }: Parameters, j: number): number {
  return (weights[j] > 0 ? Math.log(weights[j]) : LOG_ZERO) - (d / 2) * Math.log(2 * Math.PI);
}

/** Every component has a factor of its own. */
function prepareOwn(out: Float64Array, { parameters, factors }: FactoredMixture): void {
  const { nComponents: k, nFeatures: d, means } = parameters;
  const { whitening, logDeterminants } = factors;
  const size = whitening.length / k;
  for (let j = 0, at = 0; j < k; j++, at += 1 + d + size) {
    out[at] = constantOf(parameters, j) + logDeterminants[j];
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    out.set(whitening.subarray(j * size, (j + 1) * size), at + 1 + d);
  }
}

/** One factor for all components. */
function prepareShared(out: Float64Array, { parameters, factors }: FactoredMixture): void {
  const { nComponents: k, nFeatures: d, weights, means } = parameters;
  const { whitening, logDeterminants } = factors;
  const origin = new Float64Array(d);
  for (let j = 0; j < k; j++) for (let a = 0; a < d; a++) origin[a] += weights[j] * means[j * d + a];
  out.set(origin);
  out.set(whitening, d);
  for (let j = 0, at = d + whitening.length; j < k; j++, at += 1 + 2 * d) {
    out[at] = constantOf(parameters, j) + logDeterminants[0];
    out.set(means.subarray(j * d, (j + 1) * d), at + 1);
    for (let i = 0, row = 0; i < d; row += ++i) {
      let y = 0;
      for (let a = 0; a <= i; a++) y += whitening[row + a] * (means[j * d + a] - origin[a]);
      out[at + 1 + d + i] = y;
    }
  }
}
