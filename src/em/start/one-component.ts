/** k = 1 without noise in closed form: the data's mean and covariance, or the mode of the posterior. */

import { familyOf } from '../../core/covariance/families.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters, PlainShape } from '../../core/parameters.js';
import { addPrior, type Prior } from '../../core/prior.js';
import { dataCovariances } from './shares.js';

/** @param regCovar - added to every variance, as in an M-step */
export function computeOneComponent(
  shape: PlainShape,
  moments: Moments,
  regCovar: number,
  prior?: Prior,
): Parameters {
  const { form, estimate } = familyOf(shape.covarianceType);
  const { totalWeight } = moments;
  const weights = Float64Array.of(1);
  const means = moments.mean.slice();
  const covariances = dataCovariances(form, moments, 1);
  if (regCovar > 0) form.addRidge(covariances, shape.nFeatures, regCovar);
  if (prior) {
    const counts = Float64Array.of(totalWeight);
    addPrior(form, prior, { counts, total: totalWeight, means, within: covariances }, 1);
  }
  const estimated = estimate({ covariances, counts: weights, nFeatures: shape.nFeatures });
  return { ...shape, weights, means, covariances: estimated };
}
