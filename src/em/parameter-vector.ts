/**
 * A mixture as a vector in which every point is a valid mixture, for extrapolation:
 *
 *   log π                     (k, none with equal weights; any numbers, made to sum to 1 on the way back)
 *   (μ − m) / s               (k · d), m and s the data's means and standard deviations
 *   L of Σ = L Lᵀ, Lₐᵦ / sₐ   the diagonal as its logarithm; diag and spherical: log(σ / s)
 *
 * The units make the numbers comparable: what is near in the vector is near in distribution.
 */

import { computeCholesky } from '../core/cholesky.js';
import { triangleLength } from '../core/covariance-type.js';
import type { Parameters } from '../types.js';
import type { Moments } from './moments.js';

/** The map there and back for one covariance type, k and d. */
export interface ParameterVector {
  /** @returns the vector, or undefined where a weight is 0 or a covariance not positive definite */
  toVector(parameters: Parameters): Float64Array | undefined;
  /** The mixture of any vector of the right length; its numbers may still overflow. */
  fromVector(vector: Float64Array): Parameters;
}

export function createParameterVector(
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  moments: Moments,
  equalWeights: boolean,
): ParameterVector {
  const { covarianceType, nComponents: k, nFeatures: d } = frame;
  const { mean, covariance } = moments;
  const scales = mean.map((_, a) => Math.sqrt(covariance[a * d + a]) || 1);
  const meanScale = Math.sqrt(scales.reduce((sum, scale) => sum + scale * scale, 0) / d);
  const isDense = covarianceType === 'full' || covarianceType === 'tied';
  const matrices = covarianceType === 'full' ? k : 1;
  const logits = equalWeights ? 0 : k;
  const axes = covarianceType === 'diag' ? k * d : k;
  const length = logits + k * d + (isDense ? matrices * triangleLength(d) : axes);
  const axisScale = (i: number) => (covarianceType === 'diag' ? scales[i % d] : meanScale);

  return {
    toVector({ weights, means, covariances }) {
      const vector = new Float64Array(length);
      let at = 0;
      for (let j = 0; j < logits; j++) {
        if (!(weights[j] > 0)) return undefined;
        vector[at++] = Math.log(weights[j]);
      }
      for (let i = 0; i < k * d; i++) vector[at++] = (means[i] - mean[i % d]) / scales[i % d];
      if (!isDense) {
        for (let i = 0; i < axes; i++) {
          if (!(covariances[i] > 0)) return undefined;
          vector[at++] = Math.log(covariances[i]) / 2 - Math.log(axisScale(i));
        }
        return vector;
      }
      for (let j = 0; j < matrices; j++) {
        const lower = computeCholesky(covariances, j * d * d, d);
        if (!lower) return undefined;
        for (let a = 0, i = 0; a < d; a++) {
          for (let b = 0; b < a; b++) vector[at++] = lower[i++] / scales[a];
          vector[at++] = Math.log(lower[i++] / scales[a]);
        }
      }
      return vector;
    },

    fromVector(vector) {
      const weights = new Float64Array(k).fill(1 / k);
      let at = 0;
      if (logits > 0) {
        const largest = vector
          .subarray(0, k)
          .reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
        let sum = 0;
        for (let j = 0; j < k; j++) sum += weights[j] = Math.exp(vector[at++] - largest);
        for (let j = 0; j < k; j++) weights[j] /= sum;
      }
      const means = new Float64Array(k * d);
      for (let i = 0; i < k * d; i++) means[i] = mean[i % d] + vector[at++] * scales[i % d];
      if (!isDense) {
        const covariances = Float64Array.from({ length: axes }, (_, i) => {
          const deviation = Math.exp(vector[at + i]) * axisScale(i);
          return deviation * deviation;
        });
        return { ...frame, weights, means, covariances };
      }
      const covariances = new Float64Array(matrices * d * d);
      const lower = new Float64Array(d * d);
      for (let offset = 0; offset < covariances.length; offset += d * d) {
        for (let a = 0; a < d; a++) {
          for (let b = 0; b < a; b++) lower[a * d + b] = vector[at++] * scales[a];
          lower[a * d + a] = Math.exp(vector[at++]) * scales[a];
        }
        for (let a = 0; a < d; a++) {
          for (let b = 0; b <= a; b++) {
            let sum = 0;
            for (let c = 0; c <= b; c++) sum += lower[a * d + c] * lower[b * d + c];
            covariances[offset + a * d + b] = sum;
            covariances[offset + b * d + a] = sum;
          }
        }
      }
      return { ...frame, weights, means, covariances };
    },
  };
}
