/**
 * A mixture written as one of a larger model that contains it: with one component more, or with freer covariances. EM from
 * there ends at a likelihood at least as high.
 */

import { type CovarianceType, familyOf, formOf } from './covariance/families.js';
import { covarianceLength, storedIndex } from './covariance/form.js';
import { componentShare, covarianceOfInto, type Parameters } from './parameters.js';

/**
 * The same densities with covariances of a freer family.
 *
 * @param type - a family that contains that of `parameters`
 */
export function freeCovariances(parameters: Parameters, type: CovarianceType): Parameters {
  const { nComponents: k, nFeatures: d } = parameters;
  const form = formOf(type);
  const covariances = new Float64Array(covarianceLength(form, k, d));
  const matrix = new Float64Array(d * d);
  for (let j = 0; j < k; j++) {
    covarianceOfInto(matrix, parameters, j);
    covariances.set(form.fromMatrix(matrix, d), storedIndex(form, j) * form.covarianceSize(d));
  }
  return { ...parameters, covarianceType: type, covariances };
}

/**
 * Splits component j in two halves, `shift` standard deviations to either side of its mean along its longest axis. Together
 * the halves have the mean and covariance of the component (of `spherical` the trace); with `shift` 0 they also have its density.
 * For a t component the same is true of its scale matrix, and the halves have its degrees of freedom.
 *
 * @param shift - in [0, 1); the halves lose in width what they lie apart
 * @param scales - in: (d) units of the columns, in which axes are compared
 * @returns k + 1 components: the halves are j and the last
 */
export function splitComponent(
  parameters: Parameters,
  j: number,
  shift: number,
  scales: Float64Array,
): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const { form, estimate } = familyOf(covarianceType);
  const weights = new Float64Array(k + 1);
  weights.set(parameters.weights);
  weights[j] /= 2;
  weights[k] = weights[j];

  const matrix = new Float64Array(d * d);
  covarianceOfInto(matrix, parameters, j);
  const axis = form.longestAxis(matrix, scales);
  const means = new Float64Array((k + 1) * d);
  means.set(parameters.means);
  for (let a = 0; a < d; a++) {
    means[k * d + a] = means[j * d + a] + shift * axis[a];
    means[j * d + a] -= shift * axis[a];
  }

  const covariances = new Float64Array(covarianceLength(form, k + 1, d));
  covariances.set(parameters.covariances);
  // A covariance that is shared loses by the component's weight.
  const loss = shift * shift * (form.isShared ? (2 * weights[j]) / componentShare(parameters) : 1);
  const size = form.covarianceSize(d);
  const own = storedIndex(form, j) * size;
  form.shrinkAlong(covariances.subarray(own, own + size), axis, loss);
  if (!form.isShared) covariances.copyWithin(k * size, own, own + size);
  // The halves may leave a family with a constraint.
  const estimated = shift > 0 ? estimate({ covariances, counts: weights, nFeatures: d }) : covariances;
  const degrees = parameters.degreesOfFreedom;
  return {
    ...parameters,
    ...(degrees && { degreesOfFreedom: Float64Array.of(...degrees, degrees[j]) }),
    nComponents: k + 1,
    weights,
    means,
    covariances: estimated,
  };
}
