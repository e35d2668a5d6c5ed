/** k = 1 without noise in closed form: the data's mean and covariance. */

import { familyOf } from '../../core/covariance/families.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters, PlainShape } from '../../core/parameters.js';
import { dataCovariances } from './shares.js';

/** @param regCovar - added to every variance, as in an M-step */
export function computeOneComponent(shape: PlainShape, moments: Moments, regCovar: number): Parameters {
  const { form, estimate } = familyOf(shape.covarianceType);
  const weights = Float64Array.of(1);
  const covariances = dataCovariances(form, moments, 1);
  if (regCovar > 0) form.addRidge(covariances, shape.nFeatures, regCovar);
  return {
    ...shape,
    weights,
    means: moments.mean,
    covariances: estimate({ covariances, counts: weights, nFeatures: shape.nFeatures }),
  };
}
