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
  const arrays: FactorArrays = {
    lower: new Float64Array(length),
    whitening: new Float64Array(length),
    logDeterminants: new Float64Array(count),
  };
  let singular: number | undefined;
  for (let i = 0; i < count; i++) {
    if (!form.factorInto(arrays, covariances, i, d)) singular ??= i;
  }
  const { lower, whitening, logDeterminants } = arrays;
  return { lower, whitening, logDeterminants, singular };
}
