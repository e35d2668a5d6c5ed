/** One component of a mixture. */

import { covarianceOfInto, type Parameters } from '../core/parameters.js';
import { describe, GmmError } from '../errors.js';

/** One component of a mixture; its arrays are copies. */
export interface Component {
  /** Mixing weight. */
  readonly weight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) row-major, whatever the covariance type; of a t component its scale matrix. */
  readonly covariance: Float64Array;
  /** Of a t component. */
  readonly degreesOfFreedom?: number;
}

/** @throws GmmError INVALID_OPTION if there is no such component */
export function componentOf(parameters: Parameters, j: number): Component {
  const { nComponents: k, nFeatures: d, weights, means, degreesOfFreedom } = parameters;
  if (!(Number.isInteger(j) && j >= 0 && j < k)) {
    const message = `the component must be a whole number from 0 to ${k - 1}, got ${describe(j)}`;
    throw new GmmError('INVALID_OPTION', message);
  }
  const covariance = new Float64Array(d * d);
  covarianceOfInto(covariance, parameters, j);
  const component = { weight: weights[j], mean: means.slice(j * d, (j + 1) * d), covariance };
  return degreesOfFreedom ? { ...component, degreesOfFreedom: degreesOfFreedom[j] } : component;
}
