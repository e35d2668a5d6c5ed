/** A model's parameters as charts see them. Not for the script of a page: it gets the form with its data. */

import { formOf } from '../../core/covariance/families.js';
import type { Parameters } from '../../types.js';
import type { DrawnMixture } from './ellipse.js';

export function toDrawn(parameters: Parameters): DrawnMixture {
  const { nComponents, nFeatures, weights, means, covariances, degreesOfFreedom } = parameters;
  return {
    form: formOf(parameters.covarianceType).name,
    nComponents,
    nFeatures,
    weights,
    means,
    covariances,
    ...(degreesOfFreedom && { degreesOfFreedom }),
  };
}
