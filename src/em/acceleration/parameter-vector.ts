/**
 * A mixture as a vector in which every point is a valid mixture, for accelerated steps:
 *
 *   log π          (k, none with equal weights; any numbers, normalised to sum 1 on the way back)
 *   (μ − m) / s    (k · d), m and s the data's means and standard deviations
 *   Σ              in the coordinates of the family's chart
 *
 * In these units the numbers are comparable: nearby vectors are nearby distributions.
 *
 * The gradient comes with the pass (Fisher's identity). It needs only N, S and Q, from which the M-step makes the new parameters:
 *
 *   ∂/∂ log π = N − π        ∂/∂μ = N Σ⁻¹ (μ' − μ)        ∂/∂Σ as the chart says
 *
 * with N for each row of the data. The gradient includes the ridge of the M-step.
 */

import type { CovarianceChart } from '../../core/covariance/chart.js';
import type { CovarianceType } from '../../core/covariance/families.js';
import type { Family } from '../../core/covariance/family.js';
import type { FactoredMixture } from '../../core/factored-mixture.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters } from '../../core/parameters.js';
import type { MStepResult } from '../m-step.js';
import type { Point } from './quasi-newton.js';

/** The model and the units of a parameter vector. */
export interface VectorOptions {
  readonly family: Family<CovarianceType>;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Moments of all the data, which give the vector its units. */
  readonly moments: Moments;
  readonly equalWeights: boolean;
}

/** The map between mixtures of a family, k and d, and vectors. */
export class ParameterVector {
  /** Length of a vector. */
  readonly length: number;
  readonly #options: VectorOptions;
  /** (d) standard deviations of the data. */
  readonly #scales: Float64Array;
  readonly #chart: CovarianceChart;
  /** Offsets of the means and the covariances. */
  readonly #meansAt: number;
  readonly #covariancesAt: number;

  constructor(options: VectorOptions) {
    const { family, nComponents: k, nFeatures: d, moments, equalWeights } = options;
    this.#options = options;
    this.#scales = moments.mean.map((_, a) => Math.sqrt(moments.covariance[a * d + a]) || 1);
    this.#chart = family.createChart({ nComponents: k, nFeatures: d, scales: this.#scales });
    this.#meansAt = equalWeights ? 0 : k;
    this.#covariancesAt = this.#meansAt + k * d;
    this.length = this.#covariancesAt + this.#chart.length;
  }

  /**
   * @param image - the result of an EM step from the mixture
   * @returns vector, gradient of the log-likelihood for each row, and EM's step; undefined if a weight is 0, or a covariance is
   *   singular or raised by the floor
   */
  toPoint(mixture: FactoredMixture, image: MStepResult): Point | undefined {
    if (image.lifted !== undefined || image.empty.length > 0) return undefined;
    const x = this.#toVector(mixture);
    const goal = this.#toVector(image.mixture);
    if (!x || !goal) return undefined;
    return { x, gradient: this.#gradientAt(x, mixture, image), step: goal.map((value, i) => value - x[i]) };
  }

  /** The mixture of any vector of the right length; its numbers may overflow. */
  fromVector(vector: Float64Array): Parameters {
    const { family, nComponents: k, nFeatures: d, moments } = this.#options;
    const weights = new Float64Array(k).fill(1 / k);
    if (this.#meansAt > 0) {
      const logs = vector.subarray(0, k);
      const largest = logs.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
      let sum = 0;
      for (let j = 0; j < k; j++) sum += weights[j] = Math.exp(logs[j] - largest);
      for (let j = 0; j < k; j++) weights[j] /= sum;
    }
    const means = new Float64Array(k * d);
    for (let i = 0; i < k * d; i++)
      means[i] = moments.mean[i % d] + vector[this.#meansAt + i] * this.#scales[i % d];
    const covariances = this.#chart.toCovariances(vector.subarray(this.#covariancesAt));
    return { covarianceType: family.name, nComponents: k, nFeatures: d, weights, means, covariances };
  }

  #toVector({ parameters, factors }: FactoredMixture): Float64Array | undefined {
    const { weights, means, covariances, nComponents: k, nFeatures: d } = parameters;
    if (factors.singular !== undefined) return undefined;
    const vector = new Float64Array(this.length);
    for (let j = 0; j < this.#meansAt; j++) {
      if (!(weights[j] > 0)) return undefined;
      vector[j] = Math.log(weights[j]);
    }
    const { mean } = this.#options.moments;
    for (let i = 0; i < k * d; i++) {
      vector[this.#meansAt + i] = (means[i] - mean[i % d]) / this.#scales[i % d];
    }
    this.#chart.toCoordinates(vector.subarray(this.#covariancesAt), covariances, factors);
    return vector;
  }

  #gradientAt(x: Float64Array, { parameters }: FactoredMixture, image: MStepResult): Float64Array {
    const { weights, means, covariances, nFeatures: d } = parameters;
    const { shares, within, mixture } = image;
    const gradient = new Float64Array(this.length);
    for (let j = 0; j < this.#meansAt; j++) gradient[j] = shares[j] - weights[j];
    const inMeans = gradient.subarray(this.#meansAt, this.#covariancesAt);
    const shifts = mixture.parameters.means.map((value, i) => value - means[i]);
    const coordinates = x.subarray(this.#covariancesAt);
    const point = { coordinates, covariances, within, shares, shifts };
    this.#chart.gradientInto(gradient.subarray(this.#covariancesAt), inMeans, point);
    for (let i = 0; i < inMeans.length; i++) inMeans[i] *= this.#scales[i % d];
    return gradient;
  }
}
