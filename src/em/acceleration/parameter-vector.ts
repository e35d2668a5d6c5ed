/**
 * A mixture as a vector in which every point is a valid mixture, for extrapolation:
 *
 *   log π                     (k, none with equal weights; any numbers, made to sum to 1 on the way back)
 *   (μ − m) / s               (k · d), m and s the data's means and standard deviations
 *   L of Σ = L Lᵀ, Lₐᵦ / sₐ   the diagonal as its logarithm; diag and spherical: log(σ / s)
 *
 * The units make the numbers comparable: what is near in the vector is near in distribution.
 *
 * The gradient comes with the pass (Fisher's identity): N, S and Q, which the M-step turned into the new parameters, are all
 * it takes,
 *
 *   ∂/∂ log π = N − π        ∂/∂μ = N Σ⁻¹ (μ' − μ)        ∂/∂L = N Wᵀ (W Q Wᵀ − I), its lower triangle
 *
 * with N and Q a row, W = L⁻¹, and Q = Σ' + (μ' − μ)(μ' − μ)ᵀ about the old mean. Where the M-step adds a ridge, so does this.
 */

import { computeCholesky, computeWhitening } from '../../core/cholesky.js';
import { triangleLength } from '../../core/covariance-type.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters } from '../../core/parameters.js';
import type { MStepResult } from '../m-step.js';
import type { Point } from './quasi-newton.js';

/** The map there and back for one covariance type, k and d. */
export interface ParameterVector {
  /** Numbers of a vector. */
  readonly length: number;
  /**
   * @param image - where an EM step goes from there
   * @returns vector, gradient of the log-likelihood a row, and EM's step; undefined where a weight is 0, or a covariance
   *   singular or held up by the floor
   */
  toPoint(parameters: Parameters, image: MStepResult): Point | undefined;
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
  const axes = covarianceType === 'diag' ? k * d : k;
  // Where the parts of a vector begin.
  const meansAt = equalWeights ? 0 : k;
  const covariancesAt = meansAt + k * d;
  const length = covariancesAt + (isDense ? matrices * triangleLength(d) : axes);
  const axisScale = (i: number) => (covarianceType === 'diag' ? scales[i % d] : meanScale);

  const toVector = ({ weights, means, covariances }: Parameters): Float64Array | undefined => {
    const vector = new Float64Array(length);
    for (let j = 0; j < meansAt; j++) {
      if (!(weights[j] > 0)) return undefined;
      vector[j] = Math.log(weights[j]);
    }
    for (let i = 0; i < k * d; i++) vector[meansAt + i] = (means[i] - mean[i % d]) / scales[i % d];
    let at = covariancesAt;
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
  };

  /** Cholesky factor j of a vector, packed. */
  const lowerOf = (vector: Float64Array, j: number): Float64Array => {
    const lower = new Float64Array(triangleLength(d));
    const from = covariancesAt + j * lower.length;
    for (let a = 0, i = 0; a < d; a++) {
      for (let b = 0; b < a; b++, i++) lower[i] = vector[from + i] * scales[a];
      lower[i] = Math.exp(vector[from + i]) * scales[a];
      i++;
    }
    return lower;
  };

  const toGradient = (vector: Float64Array, parameters: Parameters, result: MStepResult): Float64Array => {
    const { parameters: image, shares } = result;
    const gradient = new Float64Array(length);
    for (let j = 0; j < meansAt; j++) gradient[j] = shares[j] - parameters.weights[j];
    const shift = image.means.map((value, i) => value - parameters.means[i]);
    if (!isDense) {
      for (let i = 0; i < k * d; i++) {
        const j = Math.floor(i / d);
        const axis = covarianceType === 'diag' ? i : j;
        const variance = parameters.covariances[axis];
        const q = image.covariances[axis] + shift[i] * shift[i];
        gradient[meansAt + i] = ((shares[j] * shift[i]) / variance) * scales[i % d];
        gradient[covariancesAt + axis] += shares[j] * (q / variance - 1);
      }
      return gradient;
    }
    for (let matrix = 0; matrix < matrices; matrix++) {
      const lower = lowerOf(vector, matrix);
      const whitening = computeWhitening(lower, d);
      const q = image.covariances.slice(matrix * d * d, (matrix + 1) * d * d);
      const isShared = covarianceType === 'tied';
      const [first, last] = isShared ? [0, k] : [matrix, matrix + 1];
      for (let j = first; j < last; j++) {
        const move = shift.subarray(j * d, (j + 1) * d);
        const share = isShared ? shares[j] : 1;
        for (let a = 0, i = 0; a < d; a++) {
          for (let b = 0; b < d; b++) q[i++] += share * move[a] * move[b];
        }
        const pull = multiplyTransposed(whitening, multiply(whitening, move, d), d);
        for (let a = 0; a < d; a++) gradient[meansAt + j * d + a] = shares[j] * pull[a] * scales[a];
      }
      const triangle = triangleGradient(whitening, q, d);
      const weight = isShared ? 1 : shares[matrix];
      const at = covariancesAt + matrix * lower.length;
      for (let a = 0, i = 0; a < d; a++) {
        for (let b = 0; b < a; b++, i++) gradient[at + i] = weight * triangle[i] * scales[a];
        gradient[at + i] = weight * triangle[i] * lower[i];
        i++;
      }
    }
    return gradient;
  };

  return {
    length,

    toPoint(parameters, image) {
      if (image.lifted >= 0 || image.empty.length > 0) return undefined;
      const x = toVector(parameters);
      const goal = toVector(image.parameters);
      if (!x || !goal) return undefined;
      const step = goal.map((value, i) => value - x[i]);
      return { x, gradient: toGradient(x, parameters, image), step };
    },

    fromVector(vector) {
      const weights = new Float64Array(k).fill(1 / k);
      if (meansAt > 0) {
        const logs = vector.subarray(0, k);
        const largest = logs.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
        let sum = 0;
        for (let j = 0; j < k; j++) sum += weights[j] = Math.exp(logs[j] - largest);
        for (let j = 0; j < k; j++) weights[j] /= sum;
      }
      const means = new Float64Array(k * d);
      for (let i = 0; i < k * d; i++) means[i] = mean[i % d] + vector[meansAt + i] * scales[i % d];
      if (!isDense) {
        const covariances = Float64Array.from({ length: axes }, (_, i) => {
          const deviation = Math.exp(vector[covariancesAt + i]) * axisScale(i);
          return deviation * deviation;
        });
        return { ...frame, weights, means, covariances };
      }
      const covariances = new Float64Array(matrices * d * d);
      for (let j = 0; j < matrices; j++) {
        const lower = lowerOf(vector, j);
        for (let a = 0, rowA = 0; a < d; rowA += ++a) {
          for (let b = 0, rowB = 0; b <= a; rowB += ++b) {
            let sum = 0;
            for (let c = 0; c <= b; c++) sum += lower[rowA + c] * lower[rowB + c];
            covariances[(j * d + a) * d + b] = sum;
            covariances[(j * d + b) * d + a] = sum;
          }
        }
      }
      return { ...frame, weights, means, covariances };
    },
  };
}

/** Lower triangle of Wᵀ (W Q Wᵀ − I), packed: Q (d × d) symmetric, W packed. */
function triangleGradient(whitening: Float64Array, q: Float64Array, d: number): Float64Array {
  const half = new Float64Array(d * d);
  for (let b = 0; b < d; b++) half.set(multiply(whitening, q.subarray(b * d, (b + 1) * d), d), b * d);
  const out = new Float64Array(whitening.length);
  const column = new Float64Array(d);
  for (let b = 0; b < d; b++) {
    for (let a = 0; a < d; a++) column[a] = half[a * d + b];
    const whitened = multiply(whitening, column, d);
    whitened[b] -= 1;
    const pull = multiplyTransposed(whitening, whitened, d);
    for (let a = b; a < d; a++) out[triangleLength(a) + b] = pull[a];
  }
  return out;
}

/** W z, W a packed lower triangle. */
function multiply(triangle: Float64Array, z: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let a = 0, row = 0; a < d; row += ++a) {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += triangle[row + b] * z[b];
    out[a] = sum;
  }
  return out;
}

/** Wᵀ z, W a packed lower triangle. */
function multiplyTransposed(triangle: Float64Array, z: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (let a = 0, row = 0; a < d; row += ++a) {
    for (let b = 0; b <= a; b++) out[b] += triangle[row + b] * z[a];
  }
  return out;
}
