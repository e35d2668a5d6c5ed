/**
 * A mixture as a vector in which every point is a valid mixture, for accelerated steps:
 *
 *   log π          (k, none with equal weights; any numbers, normalised to sum 1 on the way back)
 *   log π₀         (1, only beside noise; with equal weights the logit of π₀)
 *   (μ − m) / s    (k · d), m and s the data's means and standard deviations
 *   Σ              in the coordinates of the family's chart
 *   ln ν           (k, 1 or 0) of t components, by how the degrees of freedom are estimated
 *
 * In these units the numbers are comparable: nearby vectors are nearby distributions.
 *
 * The gradient comes with the pass (Fisher's identity). It needs only N, S and Q, from which the M-step makes the new parameters:
 *
 *   ∂/∂ log π = N − π, ∂/∂ log π₀ = N₀ − π₀        ∂/∂μ = N Σ⁻¹ (μ' − μ)        ∂/∂Σ as the chart says
 *
 * with N for each row of the data. The gradient includes the ridge of the M-step. For t components U is behind the
 * means, N behind the scale matrices. Where ν is held by a bound, its gradient is 0.
 */

import type { CovarianceChart } from '../../core/covariance/chart.js';
import type { CovarianceType } from '../../core/covariance/families.js';
import type { Family } from '../../core/covariance/family.js';
import { countDegrees, degreesGradientInto, spreadDegrees } from '../../core/degrees-of-freedom.js';
import type { FactoredMixture } from '../../core/factored-mixture.js';
import type { Moments } from '../../core/moments.js';
import type { DegreesOfFreedom, NoiseDensity, Parameters } from '../../core/parameters.js';
import type { MStepResult } from '../m-step.js';
import { createVectors, type Point } from './quasi-newton.js';

/** The model and the units of a parameter vector. */
export interface VectorOptions {
  readonly family: Family<CovarianceType>;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Moments of all the data, which give the vector its units. */
  readonly moments: Moments;
  readonly equalWeights: boolean;
  /** Of t components; undefined for Gaussian ones. */
  readonly degreesOfFreedom?: DegreesOfFreedom | undefined;
  readonly noise?: NoiseDensity | undefined;
}

/** The map between mixtures of a family, k and d, and vectors. */
export class ParameterVector {
  /** Length of a vector. */
  readonly length: number;
  readonly #options: VectorOptions;
  /** (d) standard deviations of the data. */
  readonly #scales: Float64Array;
  readonly #chart: CovarianceChart;
  /** Whether the weights of the components have coordinates. */
  readonly #nWeights: number;
  /** Offsets of the means, the covariances and the degrees of freedom. */
  readonly #meansAt: number;
  readonly #covariancesAt: number;
  readonly #degreesAt: number;
  /** The last result: a run asks for the point of a proposal when it judges it, and again when it arrives there. */
  #last:
    | { readonly mixture: FactoredMixture; readonly image: MStepResult; readonly point: Point }
    | undefined;

  constructor(options: VectorOptions) {
    const { family, nComponents: k, nFeatures: d, moments, equalWeights, noise } = options;
    this.#options = options;
    this.#scales = moments.mean.map((_, a) => Math.sqrt(moments.covariance[a * d + a]) || 1);
    this.#chart = family.createChart({ nComponents: k, nFeatures: d, scales: this.#scales });
    this.#nWeights = equalWeights ? 0 : k;
    this.#meansAt = this.#nWeights + (noise ? 1 : 0);
    this.#covariancesAt = this.#meansAt + k * d;
    this.#degreesAt = this.#covariancesAt + this.#chart.length;
    this.length = this.#degreesAt + countDegrees(options.degreesOfFreedom, k);
  }

  /**
   * @param image - the result of an EM step from the mixture
   * @returns vector, gradient of the log-likelihood for each row, and EM's step; undefined if a weight is 0, or a covariance is
   *   singular or raised by the floor
   */
  toPoint(mixture: FactoredMixture, image: MStepResult): Point | undefined {
    if (this.#last?.mixture === mixture && this.#last.image === image) return this.#last.point;
    if (image.lifted !== undefined || image.empty.length > 0) return undefined;
    const [x, gradient, step] = createVectors(this.length);
    if (!this.#writeVector(x, mixture) || !this.#writeVector(step, image.mixture)) return undefined;
    for (let a = 0; a < this.length; a++) step[a] -= x[a];
    this.#writeGradient(gradient, x, mixture, image);
    const point = { x, gradient, step };
    this.#last = { mixture, image, point };
    return point;
  }

  /** The mixture of any vector of the right length; its numbers may overflow. */
  fromVector(vector: Float64Array): Parameters {
    const { family, nComponents: k, nFeatures: d, moments } = this.#options;
    const { weights, noise } = this.#readWeights(vector);
    const means = new Float64Array(k * d);
    for (let j = 0, i = 0; j < k; j++)
      for (let a = 0; a < d; a++, i++)
        means[i] = moments.mean[a] + vector[this.#meansAt + i] * this.#scales[a];
    const covariances = this.#chart.toCovariances(vector.subarray(this.#covariancesAt, this.#degreesAt));
    return {
      covarianceType: family.name,
      nComponents: k,
      nFeatures: d,
      weights,
      means,
      covariances,
      noise,
      degreesOfFreedom: this.#readDegrees(vector),
    };
  }

  #readDegrees(vector: Float64Array): Float64Array | undefined {
    const { degreesOfFreedom: how, nComponents: k } = this.#options;
    if (how === undefined) return undefined;
    return spreadDegrees(how, vector.subarray(this.#degreesAt).map(Math.exp), k);
  }

  #readWeights(vector: Float64Array): Pick<Parameters, 'weights' | 'noise'> {
    const { nComponents: k, noise } = this.#options;
    const length = this.#meansAt;
    if (length === 0) return { weights: new Float64Array(k).fill(1 / k) };
    // With equal weights all components together are a term beside the noise, of logarithm 0.
    let largest = this.#nWeights > 0 ? Number.NEGATIVE_INFINITY : 0;
    for (let j = 0; j < length; j++) largest = Math.max(largest, vector[j]);
    let sum = this.#nWeights > 0 ? 0 : Math.exp(-largest);
    const terms = new Float64Array(length);
    for (let j = 0; j < length; j++) sum += terms[j] = Math.exp(vector[j] - largest);
    for (let j = 0; j < length; j++) terms[j] /= sum;
    const weight = terms[this.#nWeights];
    const weights = this.#nWeights > 0 ? terms.slice(0, k) : new Float64Array(k).fill((1 - weight) / k);
    return { weights, noise: noise && { ...noise, weight } };
  }

  /**
   * @param out - out: (length)
   * @returns whether the mixture has a vector
   */
  #writeVector(out: Float64Array, { parameters, factors }: FactoredMixture): boolean {
    const { weights, means, covariances, nComponents: k, nFeatures: d, noise } = parameters;
    if (factors.singular !== undefined) return false;
    for (let j = 0; j < this.#nWeights; j++) {
      if (!(weights[j] > 0)) return false;
      out[j] = Math.log(weights[j]);
    }
    if (noise) {
      if (!(noise.weight > 0 && noise.weight < 1)) return false;
      const rest = this.#nWeights > 0 ? 1 : 1 - noise.weight;
      out[this.#nWeights] = Math.log(noise.weight / rest);
    }
    const { mean } = this.#options.moments;
    for (let j = 0, i = 0; j < k; j++)
      for (let a = 0; a < d; a++, i++) out[this.#meansAt + i] = (means[i] - mean[a]) / this.#scales[a];
    this.#chart.toCoordinates(out.subarray(this.#covariancesAt, this.#degreesAt), covariances, factors);
    for (let i = this.#degreesAt; i < this.length; i++) {
      out[i] = Math.log(parameters.degreesOfFreedom?.[i - this.#degreesAt] ?? Number.NaN);
    }
    return true;
  }

  /** @param out - out: (length), 0 before */
  #writeGradient(
    out: Float64Array,
    x: Float64Array,
    { parameters }: FactoredMixture,
    image: MStepResult,
  ): void {
    const { weights, means, covariances, nComponents: k, nFeatures: d, noise } = parameters;
    const { shares, meanShares, covarianceShares, within, mixture, t } = image;
    for (let j = 0; j < this.#nWeights; j++) out[j] = shares[j] - weights[j];
    if (noise && mixture.parameters.noise)
      out[this.#nWeights] = mixture.parameters.noise.weight - noise.weight;
    const inMeans = out.subarray(this.#meansAt, this.#covariancesAt);
    const shifts = new Float64Array(k * d);
    for (let i = 0; i < k * d; i++) shifts[i] = mixture.parameters.means[i] - means[i];
    const coordinates = x.subarray(this.#covariancesAt, this.#degreesAt);
    const point = { coordinates, covariances, within, meanShares, covarianceShares, shifts };
    this.#chart.gradientInto(out.subarray(this.#covariancesAt, this.#degreesAt), inMeans, point);
    for (let j = 0, i = 0; j < k; j++) for (let a = 0; a < d; a++, i++) inMeans[i] *= this.#scales[a];
    if (t) degreesGradientInto(out.subarray(this.#degreesAt), this.#options.degreesOfFreedom, t, t.total);
  }
}
