/**
 * The two directions in which a mixture is widest, for pictures of many columns. They are the first eigenvectors of its
 * correlation matrix, so the units of the columns do not matter. The covariance of the mixture is the covariance within
 * its components plus the covariance between them: S = Σⱼ πⱼ (Σⱼ + (μⱼ − μ)(μⱼ − μ)ᵀ), μ = Σⱼ πⱼ μⱼ.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Parameters } from '../../types.js';
import { covarianceAt } from '../chart/ellipse.js';
import type { Coordinate, View } from './coordinate.js';
import type { ResolvedInput } from './input.js';

/** Mean (d) and covariance (d × d) of a whole mixture. */
interface Moments {
  mean: Float64Array;
  covariance: Matrix;
}

/**
 * @param input - the mixture and the names of its columns
 * @returns the first two principal axes, in standard deviations of the columns, from the mixture's mean
 */
export function createPrincipalAxes(input: ResolvedInput): View {
  const { parameters, columns } = input;
  const { nFeatures: d } = parameters;
  const { mean, covariance } = computeMoments(parameters);
  // A column without spread has no part in any axis.
  const scale = Float64Array.from({ length: d }, (_, a) => {
    const deviation = Math.sqrt(covariance.get(a, a));
    return deviation > 0 ? 1 / deviation : 0;
  });
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) covariance.set(a, b, covariance.get(a, b) * scale[a] * scale[b]);
  }
  const decomposition = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const total = covariance.diagonal().reduce((sum, value) => sum + value, 0);
  const createAxis = (rank: number): Coordinate => {
    // ml-matrix sorts the eigenvalues of a symmetric matrix in rising order.
    const vector = decomposition.eigenvectorMatrix.getColumn(d - 1 - rank);
    const byShare = vector
      .map((_, a) => a)
      .sort((a, b) => Math.abs(vector[b]) - Math.abs(vector[a]) || a - b);
    // The sign of an eigenvector is arbitrary: make the largest entry positive.
    const sign = vector[byShare[0]] < 0 ? -1 : 1;
    const share = total > 0 ? decomposition.realEigenvalues[d - 1 - rank] / total : 0;
    const most = byShare.slice(0, 2).map((a) => `${sign * vector[a] < 0 ? '− ' : ''}${columns[a]}`);
    return {
      name: `principal axis ${rank + 1}: ${(100 * share).toFixed(0)} % of the variance, most of all ${most.join(', ')}`,
      columns: Uint32Array.from({ length: d }, (_, a) => a),
      direction: Float64Array.from(vector, (value, a) => sign * value * scale[a]),
      origin: mean,
    };
  };
  return { x: createAxis(0), y: createAxis(1) };
}

function computeMoments(parameters: Parameters): Moments {
  const { nComponents: k, nFeatures: d, weights, means } = parameters;
  const mean = new Float64Array(d);
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < d; a++) mean[a] += weights[j] * means[j * d + a];
  }
  const covariance = Matrix.zeros(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      let sum = 0;
      for (let j = 0; j < k; j++) {
        const between = (means[j * d + a] - mean[a]) * (means[j * d + b] - mean[b]);
        sum += weights[j] * (covarianceAt(parameters, j, a, b) + between);
      }
      covariance.set(a, b, sum);
    }
  }
  return { mean, covariance };
}
