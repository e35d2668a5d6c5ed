/**
 * The same mixture as one of a larger family, which contains it: with a component more, or with freer covariances. EM
 * from there ends at least as high.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type CovarianceType, covarianceLength } from './covariance-type.js';
import { covarianceOfInto, type Parameters } from './parameters.js';

/** The covariance types that are special cases of a type, for the same k. */
export const RESTRICTIONS: Readonly<Record<CovarianceType, readonly CovarianceType[]>> = {
  full: ['tied', 'diag', 'spherical'],
  tied: [],
  diag: ['spherical'],
  spherical: [],
};

/**
 * The same densities with covariances of a freer type.
 *
 * @param type - one that has `parameters.covarianceType` among its restrictions
 */
export function freeCovariances(parameters: Parameters, type: CovarianceType): Parameters {
  const { nComponents: k, nFeatures: d } = parameters;
  const covariances = new Float64Array(covarianceLength(type, k, d));
  const matrix = new Float64Array(d * d);
  for (let j = 0; j < k; j++) {
    covarianceOfInto(matrix, parameters, j);
    if (type === 'full') covariances.set(matrix, j * d * d);
    else for (let a = 0; a < d; a++) covariances[j * d + a] = matrix[a * d + a];
  }
  return { ...parameters, covarianceType: type, covariances };
}

/**
 * Component j in two halves, which stand `shift` standard deviations to either side of its mean along its longest axis.
 * Mean and covariance of the two together are those of the one; with `shift` 0 so is the density.
 *
 * @param shift - in [0, 1); what the halves lie apart they lose in width
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
  const weights = new Float64Array(k + 1);
  weights.set(parameters.weights);
  weights[j] /= 2;
  weights[k] = weights[j];

  const { axis, alongColumns } = longestAxis(parameters, j, scales);
  const means = new Float64Array((k + 1) * d);
  means.set(parameters.means);
  for (let a = 0; a < d; a++) {
    means[k * d + a] = means[j * d + a] + shift * axis[a];
    means[j * d + a] -= shift * axis[a];
  }

  const covariances = new Float64Array(covarianceLength(covarianceType, k + 1, d));
  covariances.set(parameters.covariances);
  // Of `tied` all components share what the halves lose, by the component's weight.
  const loss = shift * shift * (covarianceType === 'tied' ? 2 * weights[j] : 1);
  const size = covarianceType === 'tied' ? d * d : covariances.length / (k + 1);
  const own = covariances.subarray(covarianceType === 'tied' ? 0 : j * size);
  if (covarianceType === 'spherical') {
    own[0] -= (loss * axis.reduce((sum, value) => sum + value * value, 0)) / d;
  } else if (covarianceType === 'diag') {
    own[alongColumns] -= loss * axis[alongColumns] * axis[alongColumns];
  } else {
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) own[a * d + b] -= loss * (axis[a] * axis[b]);
  }
  if (covarianceType !== 'tied') covariances.copyWithin(k * size, j * size, (j + 1) * size);
  return { ...parameters, nComponents: k + 1, weights, means, covariances };
}

/** One standard deviation along a component's longest axis, and the column that it is longest in. */
function longestAxis(
  parameters: Parameters,
  j: number,
  scales: Float64Array,
): { readonly axis: Float64Array; readonly alongColumns: number } {
  const { covarianceType, nFeatures: d } = parameters;
  const matrix = new Float64Array(d * d);
  covarianceOfInto(matrix, parameters, j);
  const axis = new Float64Array(d);
  if (covarianceType === 'diag' || covarianceType === 'spherical') {
    const lengths = scales.map((scale, a) => Math.sqrt(matrix[a * d + a]) / scale);
    const longest = lengths.indexOf(Math.max(...lengths));
    axis[longest] = Math.sqrt(matrix[longest * d + longest]);
    return { axis, alongColumns: longest };
  }
  const scaled = new Matrix(d, d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b < d; b++) scaled.set(a, b, matrix[a * d + b] / (scales[a] * scales[b]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, {
    assumeSymmetric: true,
  });
  const longest = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  for (let a = 0; a < d; a++) {
    axis[a] = Math.sqrt(realEigenvalues[longest]) * eigenvectorMatrix.get(a, longest) * scales[a];
  }
  return { axis, alongColumns: -1 };
}
