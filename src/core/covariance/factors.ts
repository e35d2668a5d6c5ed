/** Σ = L Lᵀ and W = L⁻¹ of stored covariances: computed once, then read by the floor, the chart and the kernel. */

import type { FactorArrays, Form } from './form.js';

/** The factors of all stored covariances of a mixture. */
export interface Factors extends FactorArrays {
  /** Index of the first covariance that is not positive definite, if there is one; its factors are no use; those of a matrix stay 0. */
  readonly singular: number | undefined;
}

/** @param covariances - in: all stored covariances of a form */
export function computeFactors(form: Form, covariances: Float64Array, d: number): Factors {
  const count = covariances.length / form.covarianceSize(d);
  const length = count * form.factorSize(d);
  // Views of one buffer: every buffer above 64 bytes costs some 0.4 µs, as much as the factor of a small covariance.
  const both = new Float64Array(2 * length);
  const arrays: FactorArrays = {
    lower: both.subarray(0, length),
    whitening: both.subarray(length),
    logDeterminants: new Float64Array(count),
  };
  let singular: number | undefined;
  for (let i = 0; i < count; i++) {
    if (!form.factorInto(arrays, covariances, i, d)) singular ??= i;
  }
  const { lower, whitening, logDeterminants } = arrays;
  return { lower, whitening, logDeterminants, singular };
}
