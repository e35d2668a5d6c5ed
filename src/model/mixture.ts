/**
 * A mixture of Gaussians or of t components: immutable parameters, and methods that score rows with them. One class: its methods forward to the files
 * beside this one, and most lines are their docstrings.
 */

import { COVARIANCE_TYPES, countParameters, formOf } from '../core/covariance/families.js';
import type { FormName } from '../core/covariance/form.js';
import { computeCriteria } from '../core/criteria.js';
import { countDegrees } from '../core/degrees-of-freedom.js';
import { logSumExp } from '../core/density.js';
import { createDraw, type Samples } from '../core/draw.js';
import {
  type ComponentDensity,
  covarianceOfInto,
  densityOf,
  type Noise,
  sortComponents,
} from '../core/parameters.js';
import { computePrecisions, computePrecisionsCholesky } from '../core/precisions.js';
import { createRandom } from '../core/random.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import { describe, GmmError } from '../errors.js';
import { MOST_NUMBERS } from '../limits.js';
import { checkOptionNames, resolveNumber, resolveWhole } from '../option-checks.js';
import type { ScoreOutputs } from '../parallel/job.js';
import type { CovarianceType, NumberArray, ParametersInput } from '../types.js';
import {
  type FitSummary,
  type ModelContent,
  type ModelFile,
  readModelFile,
  toModelFile,
} from './model-file.js';
import { PointScorer } from './point-scorer.js';
import {
  type EstimatedDegrees,
  resolveEqualWeights,
  resolveEstimatedDegrees,
  resolveParameters,
} from './read-parameters.js';
import { type Rows, SCORING_OPTIONS, type Scored, type ScoringOptions, scoreRows } from './score-rows.js';
import { chooseFringe, type FringeOptions, resolveOut, type Scores, type ScoresOptions } from './scores.js';

export type { Samples };

/** One component of a mixture; its arrays are copies. */
export interface Component {
  /** Mixing weight. */
  readonly weight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) row-major, whatever the covariance type; of a t component its scale matrix. */
  readonly covariance: Float64Array;
  /** Of a t component. */
  readonly degreesOfFreedom?: number;
}

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
   * @param input - weights (k); means (k × d); covariances, shaped by `covarianceType` (default `'full'`); `equalWeights`
   *   (default false): the weights must be 1/k, and do not count as free parameters; `noise`: its weight and volume; for t components
   *   `degreesOfFreedom` (k), or one number for all, and `estimatedDegrees` (default `'each'`), by which they count as free parameters
   * @throws GmmError INVALID_MODEL, which names the field
   * @example
   * const model = GaussianMixture.fromParameters({
   *   weights: [0.5, 0.5], means: [[0], [4]], covariances: [1, 1], covarianceType: 'spherical',
   * });
   */
  static fromParameters(
    input: ParametersInput & {
      covarianceType?: CovarianceType | undefined;
      equalWeights?: boolean | undefined;
      components?: ComponentDensity | undefined;
      estimatedDegrees?: EstimatedDegrees | undefined;
      columns?: readonly string[] | undefined;
    },
  ): GaussianMixture {
    if (typeof input !== 'object' || input === null) {
      throw new GmmError('INVALID_MODEL', `parameters must be an object, got ${describe(input)}`);
    }
    const type = input.covarianceType ?? 'full';
    if (!COVARIANCE_TYPES.includes(type)) {
      const message = `"covarianceType" must be ${COVARIANCE_TYPES.join(', ')}, got ${describe(type)}`;
      throw new GmmError('INVALID_MODEL', message);
    }
    const k = input.weights?.length;
    if (!(k >= 1))
      throw new GmmError('INVALID_MODEL', `"weights" must be an array, got ${describe(input.weights)}`);
    const first = input.means?.[0];
    const d = typeof first === 'number' ? (input.means?.length ?? 0) / k : (first?.length ?? 0);
    if (!(Number.isInteger(d) && d >= 1)) {
      throw new GmmError(
        'INVALID_MODEL',
        `"means" must be ${k} rows of numbers, got ${describe(input.means)}`,
      );
    }
    const parameters = resolveParameters(input, type, k, d, 'INVALID_MODEL');
    const equalWeights = resolveEqualWeights(input.equalWeights, parameters.weights, parameters.noise);
    const estimatedDegrees = resolveEstimatedDegrees(input.components, input.estimatedDegrees, parameters);
    const columns = input.columns ?? Array.from({ length: d }, (_, a) => `x${a}`);
    if (!(Array.isArray(columns) && Array.from(columns).every((name) => typeof name === 'string'))) {
      throw new GmmError('INVALID_MODEL', `"columns" must be an array of strings, got ${describe(columns)}`);
    }
    if (columns.length !== d) {
      throw new GmmError('INVALID_MODEL', `"columns" must be ${d} names, got ${columns.length}`);
    }
    return new GaussianMixture(MADE, { parameters, columns, equalWeights, estimatedDegrees, fit: undefined });
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
    const { nComponents: k, nFeatures: d } = this;
    if (!(Number.isInteger(j) && j >= 0 && j < k)) {
      const message = `the component must be a whole number from 0 to ${k - 1}, got ${describe(j)}`;
      throw new GmmError('INVALID_OPTION', message);
    }
    const covariance = new Float64Array(d * d);
    covarianceOfInto(covariance, this, j);
    const component = { weight: this.weights[j], mean: this.means.slice(j * d, (j + 1) * d), covariance };
    const { degreesOfFreedom } = this;
    return degreesOfFreedom ? { ...component, degreesOfFreedom: degreesOfFreedom[j] } : component;
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
  async predict(rows: Rows, options?: ScoringOptions): Promise<Int32Array> {
    return (await this.#score(rows, options, ['labels'])).labels;
  }

  /** @returns (n × k) responsibilities: the probability of every component for every row, row-major; that of noise is the rest to 1 */
  async predictProba(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['responsibilities'])).responsibilities;
  }

  /** @returns (n) log p(x) of every row, in nats */
  async scoreSamples(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['logDensity'])).logDensity;
  }

  /** @returns (n) 1 − the largest probability of every row, that of noise included */
  async uncertainty(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['uncertainty'])).uncertainty;
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
  async scores(rows: Rows, options: ScoresOptions = {}): Promise<Scores> {
    checkOptionNames(options, ['out', ...SCORING_OPTIONS]);
    const { out, ...run } = options;
    const wanted = ['labels', 'responsibilities', 'uncertainty', 'logDensity'] as const;
    const all = this.noise ? ([...wanted, 'noise'] as const) : wanted;
    const { responsibilities, totals, ...outputs } = await this.#score(rows, run, all, resolveOut(out));
    return { ...outputs, proba: responsibilities };
  }

  /** @returns the mean log-likelihood per row, in nats, weighted by the rows' weights */
  async score(rows: Rows, options?: ScoringOptions): Promise<number> {
    const { totals } = await this.#score(rows, options, []);
    return totals[LOG_LIKELIHOOD] / totals[TOTAL_WEIGHT];
  }

  /** @returns the Bayesian information criterion on these rows; lower is better */
  async bic(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'bic');
  }

  /** @returns Akaike's information criterion on these rows; lower is better */
  async aic(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'aic');
  }

  /** @returns the integrated completed likelihood criterion on these rows, bic − 2 Σ w ln max r; lower is better */
  async icl(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'icl');
  }

  /**
   * Rows on the fringe: those whose two largest probabilities differ by less than `margin`. That of noise is one of them.
   *
   * @returns the indices of these rows, from 0, the closest tie first
   */
  async fringe(rows: Rows, options: FringeOptions = {}): Promise<Int32Array> {
    checkOptionNames(options, ['margin', ...SCORING_OPTIONS]);
    const { margin: wanted, ...run } = options;
    const margin = resolveNumber('margin', wanted, 0.5);
    return chooseFringe((await this.#score(rows, run, ['margin'])).margin, margin);
  }

  /**
   * The probability of every component for one row. Synchronous, on this thread.
   *
   * @param x - (d)
   * @returns (k) probabilities, which sum to 1, with noise to 1 less its probability
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  posterior(x: NumberArray): Float64Array {
    const logProb = this.#point().weightedLogProb(x);
    const total = this.#logDensityOf(logProb);
    return logProb.map((value) => Math.exp(value - total));
  }

  /**
   * log p(x) of one row, in nats. Synchronous, on this thread.
   *
   * @param x - (d)
   * @throws GmmError INVALID_DATA if `x` is not d finite numbers
   */
  logDensity(x: NumberArray): number {
    return this.#logDensityOf(this.#point().weightedLogProb(x));
  }

  #logDensityOf(logProb: Float64Array): number {
    const { noise } = this;
    if (!noise) return logSumExp(logProb);
    return logSumExp(Float64Array.of(...logProb, Math.log(noise.weight) + noise.logDensity));
  }

  /**
   * Draws rows from the mixture.
   *
   * @param n - number of rows, >= 0, with at most 2²⁸ numbers in all; for more see `sampler`
   * @param options - `seed`: a whole number, default 0; the same seed gives the same rows
   * @returns `samples` (n × d) row-major, and `labels` (n), the component that each row was drawn from, −1 for noise
   * @throws GmmError INVALID_OPTION; INVALID_MODEL if the model has noise and does not tell its box
   */
  sample(n: number, options: { seed?: number | undefined } = {}): Samples {
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
  sampler(options: { seed?: number | undefined } = {}): (n: number) => Samples {
    checkOptionNames(options, ['seed']);
    if (this.noise && this.noise.weight > 0 && !this.noise.box) {
      const message =
        'rows cannot be drawn: the model has noise, and only its volume is known; give "noise.box", as models of fit have it';
      throw new GmmError('INVALID_MODEL', message);
    }
    const draw = createDraw(this, createRandom(resolveWhole('seed', options.seed, 0, 0)));
    const most = Math.floor(MOST_NUMBERS / this.nFeatures);
    return (n) => draw(resolveWhole('n', n, 0, undefined, most));
  }

  async #criterion(
    rows: Rows,
    options: ScoringOptions | undefined,
    name: 'bic' | 'aic' | 'icl',
  ): Promise<number> {
    const { totals } = await this.#score(rows, options, []);
    const criteria = computeCriteria(
      totals[LOG_LIKELIHOOD],
      totals[LOG_MAX_RESPONSIBILITY],
      this.nParameters,
      totals[TOTAL_WEIGHT],
    );
    return criteria[name];
  }

  #score<Name extends keyof ScoreOutputs = never>(
    rows: Rows,
    options: ScoringOptions | undefined,
    wanted: readonly Name[],
    out?: ScoreOutputs,
  ): Promise<Scored<Name>> {
    return scoreRows(this, this.columns, rows, options ?? {}, wanted, out);
  }

  #point(): PointScorer {
    this.#pointScorer ??= new PointScorer(this, this.columns);
    return this.#pointScorer;
  }
}
