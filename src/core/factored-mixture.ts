/** A mixture with the factors of its covariances, and the factors of single components. */

import { computeFactors, type Factors } from './covariance/factors.js';
import { formOf } from './covariance/families.js';
import { storedIndex } from './covariance/form.js';
import type { Parameters } from './parameters.js';

/** Parameters and the factors of their covariances. */
export interface FactoredMixture {
  readonly parameters: Parameters;
  readonly factors: Factors;
  /** (k) What the E-step takes for log π, where it is that of a posterior; they need not be those of weights that sum to 1. */
  readonly logWeights?: Float64Array;
}

/** A mixture with its factors, which may be singular. */
export function factorMixture(parameters: Parameters): FactoredMixture {
  const form = formOf(parameters.covarianceType);
  return { parameters, factors: computeFactors(form, parameters.covariances, parameters.nFeatures) };
}

/** L and W of one component. */
export interface ComponentFactor {
  /** Whether they are diagonal: then `lower` and `whitening` hold their diagonals (d). */
  readonly isDiagonal: boolean;
  /** Packed lower triangle by rows (d (d + 1) / 2), or the diagonal. */
  readonly lower: Float64Array;
  readonly whitening: Float64Array;
  /** log |W| */
  readonly logDeterminant: number;
}

/**
 * @param parameters - positive definite
 * @returns (k) factors; components of one covariance have the same
 */
export function factorComponents(parameters: Parameters): ComponentFactor[] {
  const { nComponents: k, nFeatures: d, covarianceType } = parameters;
  const form = formOf(covarianceType);
  const { factors } = factorMixture(parameters);
  if (factors.singular !== undefined) {
    throw new Error(`the covariance of component ${factors.singular} is not positive definite`);
  }
  const size = form.factorSize(d);
  const partOf = (values: Float64Array, index: number): Float64Array => {
    const part = values.subarray(index * size, (index + 1) * size);
    return form.isDense || size === d ? part : new Float64Array(d).fill(part[0]);
  };
  const count = factors.logDeterminants.length;
  const stored = Array.from({ length: count }, (_, index) => ({
    isDiagonal: !form.isDense,
    lower: partOf(factors.lower, index),
    whitening: partOf(factors.whitening, index),
    logDeterminant: factors.logDeterminants[index],
  }));
  return Array.from({ length: k }, (_, j) => stored[storedIndex(form, j)]);
}
