/**
 * A mixture of Gaussians or of t components: immutable parameters, and methods that score rows with them. The methods forward to the
 * files beside this one.
 */

import { countParameters, formOf } from '../core/covariance/families.js';
import type { FormName } from '../core/covariance/form.js';
import { countDegrees } from '../core/degrees-of-freedom.js';
import type { Samples } from '../core/draw.js';
import { type ComponentDensity, densityOf, type Noise, sortComponents } from '../core/parameters.js';
import { computePrecisions, computePrecisionsCholesky } from '../core/precisions.js';
import { GmmError } from '../errors.js';
import type { CovarianceType, NumberArray } from '../types.js';
import { type Component, componentOf } from './component.js';
import {
  type FitSummary,
  type ModelContent,
  type ModelFile,
  readModelFile,
  toModelFile,
} from './model-file.js';
import { PointScorer } from './point-scorer.js';
import { type MixtureInput, resolveMixture } from './read-mixture.js';
import type { EstimatedDegrees } from './read-parameters.js';
import { createSampler, type SampleOptions } from './sampler.js';
import { type Rows, type ScoringOptions, scoreRows } from './score-rows.js';
import {
  computeCriterion,
  computeMeanLogLikelihood,
  computeScores,
  type FringeOptions,
  findFringe,
  type Scores,
  type ScoresOptions,
} from './scores.js';

export type { Component, MixtureInput, SampleOptions, Samples };

/** Only code of this file has this value, so only it can call the constructor: JavaScript has no private constructors. */
const MADE = Symbol('made');

/** The error of `new GaussianMixture()`, as users of scikit-learn write it. */
function madeByNew(): GmmError {
  const message =
    'a GaussianMixture is not made by "new"; to fit one: await fit(rows, { nComponents }); from its parameters: ' +
    'GaussianMixture.fromParameters({ weights, means, covariances }); from a model file: GaussianMixture.fromJSON(value)';
  return new GmmError('INVALID_OPTION', message);
}

/**
 * A mixture of k Gaussian or t components in d dimensions. Components are ordered by falling weight, then by mean.
 *
 * Methods over rows run on worker threads and return arrays over shared memory. Flat arrays are taken as rows of `nFeatures`
 * columns. These methods reject with INVALID_DATA if the rows have another number of columns, or the model's columns in another
 * order; with INVALID_OPTION if `nFeatures` or `columns` are not the model's; and with the signal's reason.
 */
export class GaussianMixture {
  readonly covarianceType: CovarianceType;
  /** k */
  readonly nComponents: number;
  /** d */
  readonly nFeatures: number;
  /** (k) mixing weights, which sum to 1, with noise to 1 − π₀. */
  readonly weights: Float64Array;
  /** (k × d) means, row-major. */
  readonly means: Float64Array;
  /** Covariances, of t components scale matrices, row-major: full k·d·d, tied d·d, diag k·d, spherical k. */
  readonly covariances: Float64Array;
  /** The distribution of the components. */
  readonly components: ComponentDensity;
  /** (k) of t components; absent for Gaussian ones. The covariance of a component is its scale matrix times ν / (ν − 2), for ν > 2. */
  readonly degreesOfFreedom?: Float64Array;
  /** How `degreesOfFreedom` were estimated. `'none'`: they were held, or there are none, and they are no free parameters. */
  readonly estimatedDegrees: EstimatedDegrees;
  /**
   * The noise, a uniform density beside the components; undefined without. `weight` is π₀, `logDensity` is −ln V, `box` is what noise is
   * drawn from, if it is known.
   */
  readonly noise: Noise | undefined;
  /** Whether the weights are held at 1/k, with noise at (1 − π₀)/k. They are then no free parameters. */
  readonly equalWeights: boolean;
  /** (d) names of the columns that it was fitted on. */
  readonly columns: readonly string[];
  readonly #fit: FitSummary | undefined;
  #pointScorer: PointScorer | undefined;
  #precisionsCholesky: Float64Array | undefined;
  #precisions: Float64Array | undefined;

  /** Made by `fit` and `selectModel`, {@link GaussianMixture.fromParameters} and {@link GaussianMixture.fromJSON}. */
  private constructor(made: typeof MADE, content: ModelContent) {
    if (made !== MADE) throw madeByNew();
    const { parameters, columns, equalWeights, estimatedDegrees, fit } = content;
    this.noise = parameters.noise && Object.freeze(parameters.noise);
    const sorted = sortComponents(parameters);
    this.covarianceType = sorted.covarianceType;
    this.nComponents = sorted.nComponents;
    this.nFeatures = sorted.nFeatures;
    this.weights = sorted.weights;
    this.means = sorted.means;
    this.covariances = sorted.covariances;
    this.equalWeights = equalWeights;
    this.components = densityOf(sorted);
    if (sorted.degreesOfFreedom) this.degreesOfFreedom = sorted.degreesOfFreedom;
    this.estimatedDegrees = estimatedDegrees;
    this.columns = Object.freeze([...columns]);
    this.#fit = fit;
    Object.freeze(this);
  }

  /**
   * A mixture from its parameters, nested or flat.
   *
   * @param input - weights (k); means (k × d); covariances, shaped by `covarianceType` (default `'full'`); the fields of `MixtureInput`
   * @throws GmmError INVALID_MODEL, which names the field
   * @example
   * const model = GaussianMixture.fromParameters({
   *   weights: [0.5, 0.5], means: [[0], [4]], covariances: [1, 1], covarianceType: 'spherical',
   * });
   */
  static fromParameters(input: MixtureInput): GaussianMixture {
    return new GaussianMixture(MADE, resolveMixture(input));
  }

  /** For `fit`: does not check the parameters. */
  static fromFit(content: ModelContent): GaussianMixture {
    return new GaussianMixture(MADE, content);
  }

  /**
   * A model from the content of a model file, as `toJSON` returns it. It is checked in full.
   *
   * @throws GmmError INVALID_MODEL, which names the field
   */
  static fromJSON(value: unknown): GaussianMixture {
    return new GaussianMixture(MADE, readModelFile(value));
  }

  /** The model as plain data: the content of a model file. Numbers round-trip exactly. */
  toJSON(): ModelFile {
    const { columns, equalWeights, estimatedDegrees } = this;
    return toModelFile({ parameters: this, columns, equalWeights, estimatedDegrees, fit: this.#fit });
  }

  /** How `covariances` are stored: k matrices (`full`), one (`tied`), k rows of variances (`diagonal`), or k variances (`spherical`). */
  get covarianceForm(): FormName {
    return formOf(this.covarianceType).name;
  }

  /**
   * Number of free parameters: covariances, means, unless `equalWeights` k − 1 weights, with noise its weight, and estimated degrees of
   * freedom.
   */
  get nParameters(): number {
    const { covarianceType, nComponents: k, nFeatures: d, equalWeights, estimatedDegrees, noise } = this;
    const degrees = countDegrees(estimatedDegrees, k);
    return countParameters(covarianceType, k, d, equalWeights, noise !== undefined) + degrees;
  }

  /**
   * One component.
   *
   * @param j - its index, 0 to k − 1
   * @returns its weight, mean (d) and covariance (d × d), as copies; of a t component also the degrees of freedom
   * @throws GmmError INVALID_OPTION if there is no such component
   * @example
   * const { weight, mean, covariance } = model.component(0);
   * console.log(`${(100 * weight).toFixed(1)} % of the rows about ${mean.join(', ')}`);
   */
  component(j: number): Component {
    return componentOf(this, j);
  }

  /**
   * Inverses Σ⁻¹ of `covariances`, of the same shape: full k·d·d, tied d·d, diag k·d, spherical k. Computed at the first
   * access. Do not write into the array.
   */
  get precisions(): Float64Array {
    this.#precisions ??= computePrecisions(this, this.precisionsCholesky);
    return this.#precisions;
  }

  /**
   * Cholesky factors of the precisions, of the same shape: Σ⁻¹ = U Uᵀ with U upper triangular, like scikit-learn's
   * `precisions_cholesky_`; diag and spherical: 1 / σ. Uᵀ (x − μ) has unit covariance. Computed at the first access. Do not
   * write into the array.
   */
  get precisionsCholesky(): Float64Array {
    this.#precisionsCholesky ??= computePrecisionsCholesky(this);
    return this.#precisionsCholesky;
  }

  /** @returns (n) index of the most likely component of every row, −1 for noise; ties go to the lowest component */
  async predict(rows: Rows, options: ScoringOptions = {}): Promise<Int32Array> {
    return (await scoreRows(this, rows, options, ['labels'])).labels;
  }

  /** @returns (n × k) responsibilities: the probability of every component for every row, row-major; that of noise is the rest to 1 */
  async predictProba(rows: Rows, options: ScoringOptions = {}): Promise<Float64Array> {
    return (await scoreRows(this, rows, options, ['responsibilities'])).responsibilities;
  }

  /** @returns (n) log p(x) of every row, in nats */
  async scoreSamples(rows: Rows, options: ScoringOptions = {}): Promise<Float64Array> {
    return (await scoreRows(this, rows, options, ['logDensity'])).logDensity;
  }

  /** @returns (n) 1 − the largest probability of every row, that of noise included */
  async uncertainty(rows: Rows, options: ScoringOptions = {}): Promise<Float64Array> {
    return (await scoreRows(this, rows, options, ['uncertainty'])).uncertainty;
  }

  /**
   * `predict`, `predictProba`, `uncertainty` and `scoreSamples` in one pass over the rows. The scores of a row do not depend on
   * other rows, so a long table can be scored batch by batch, into the same arrays.
   *
   * @throws GmmError INVALID_OPTION if `out` is too short
   * @example
   * let scores;
   * for await (const batch of batches) {
   *   scores = await model.scores(batch, { engine, out: scores });
   *   console.log(scores.labels);
   * }
   */
  scores(rows: Rows, options: ScoresOptions = {}): Promise<Scores> {
    return computeScores(this, rows, options);
  }

  /** @returns the mean log-likelihood per row, in nats, weighted by the rows' weights */
  score(rows: Rows, options: ScoringOptions = {}): Promise<number> {
    return computeMeanLogLikelihood(this, rows, options);
  }

  /** @returns the Bayesian information criterion on these rows; lower is better */
  bic(rows: Rows, options: ScoringOptions = {}): Promise<number> {
    return computeCriterion(this, rows, options, 'bic');
  }

  /** @returns Akaike's information criterion on these rows; lower is better */
  aic(rows: Rows, options: ScoringOptions = {}): Promise<number> {
    return computeCriterion(this, rows, options, 'aic');
  }

  /** @returns the integrated completed likelihood criterion on these rows, bic − 2 Σ w ln max r; lower is better */
  icl(rows: Rows, options: ScoringOptions = {}): Promise<number> {
    return computeCriterion(this, rows, options, 'icl');
  }

  /**
   * Rows on the fringe: those whose two largest probabilities differ by less than `margin`. That of noise is one of them.
   *
   * @returns the indices of these rows, from 0, the closest tie first
   */
  fringe(rows: Rows, options: FringeOptions = {}): Promise<Int32Array> {
    return findFringe(this, rows, options);
  }

  /**
   * The probability of every component for one row. Synchronous, on this thread.
   *
   * @param x - (d)
   * @returns (k) probabilities, which sum to 1, with noise to 1 less its probability
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  posterior(x: NumberArray): Float64Array {
    return this.#point().posterior(x);
  }

  /**
   * log p(x) of one row, in nats. Synchronous, on this thread.
   *
   * @param x - (d)
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  logDensity(x: NumberArray): number {
    return this.#point().logDensity(x);
  }

  /**
   * Draws rows from the mixture.
   *
   * @param n - number of rows, >= 0, with at most 2²⁸ numbers in all; for more see `sampler`
   * @param options - `seed`: a whole number, default 0; the same seed gives the same rows
   * @returns `samples` (n × d) row-major, and `labels` (n), the component that each row was drawn from, −1 for noise
   * @throws GmmError INVALID_OPTION; INVALID_MODEL if the model has noise and does not tell its box
   */
  sample(n: number, options: SampleOptions = {}): Samples {
    return this.sampler(options)(n);
  }

  /**
   * Draws rows from the mixture batch by batch.
   *
   * @param options - as for `sample`
   * @returns a function that draws the next n rows; together they are the rows of a single `sample`
   * @throws GmmError INVALID_OPTION; INVALID_MODEL if the model has noise and does not tell its box
   * @example
   * const draw = model.sampler({ seed: 7 });
   * for (let i = 0; i < 100; i++) write(draw(10_000).samples);
   */
  sampler(options: SampleOptions = {}): (n: number) => Samples {
    return createSampler(this, options);
  }

  #point(): PointScorer {
    this.#pointScorer ??= new PointScorer(this, this.columns);
    return this.#pointScorer;
  }
}
