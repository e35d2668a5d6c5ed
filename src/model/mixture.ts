/** A mixture of Gaussians: immutable parameters, and what can be asked of them about rows. */

import { COVARIANCE_TYPES, countParameters } from '../core/covariance/families.js';
import { computeCriteria } from '../core/criteria.js';
import { createPointDensity, logSumExp, type PointDensity } from '../core/density.js';
import { createDraw, type Samples } from '../core/draw.js';
import { covarianceOfInto, sortComponents } from '../core/parameters.js';
import { computePrecisions, computePrecisionsCholesky } from '../core/precisions.js';
import { createRandom } from '../core/random.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import { isNumbers } from '../data/rows-builder.js';
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
import { resolveEqualWeights, resolveParameters } from './read-parameters.js';
import { type Rows, SCORING_OPTIONS, type Scored, type ScoringOptions, scoreRows } from './score-rows.js';

/** Options of `fringe`. */
export interface FringeOptions extends ScoringOptions {
  /** Rows count as fringe whose two largest responsibilities differ by less; default 0.5. */
  margin?: number | undefined;
}

export type { Samples };

/** One Gaussian of a mixture, copied. */
export interface Component {
  /** Mixing weight. */
  readonly weight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) row-major, whatever the covariance type. */
  readonly covariance: Float64Array;
}

/** Options of `scores`. */
export interface ScoresOptions extends ScoringOptions {
  /** Scores of an earlier call over at least as many rows: their arrays are written again instead of new ones. */
  out?: Scores | undefined;
}

/** Everything that can be said of n rows; arrays over shared memory. */
export interface Scores {
  /** (n) the likeliest component; ties go to the lowest index. */
  readonly labels: Int32Array;
  /** (n × k) responsibilities, row-major. */
  readonly proba: Float64Array;
  /** (n) 1 − the largest responsibility. */
  readonly uncertainty: Float64Array;
  /** (n) log p(x), in nats. */
  readonly logDensity: Float64Array;
}

/** Passed to the constructor by those who may call it: JavaScript knows no private one. */
const MADE = Symbol('made');

/** For those who expect scikit-learn's way. */
function madeByNew(): GmmError {
  const message =
    'a GaussianMixture is not made by "new"; to fit one: await fit(rows, { nComponents }); from its parameters: ' +
    'GaussianMixture.fromParameters({ weights, means, covariances }); from a model file: GaussianMixture.fromJSON(value)';
  return new GmmError('INVALID_OPTION', message);
}

/**
 * A mixture of k Gaussians in d dimensions. Components stand by falling weight, then by mean.
 *
 * Methods over rows run on worker threads and return arrays over shared memory. Flat arrays are rows of the model's
 * `nFeatures`. They reject with INVALID_DATA where the rows have another number of columns, or the model's columns in
 * another order; with INVALID_OPTION where `nFeatures` or `columns` are not the model's; and with the signal's reason.
 */
export class GaussianMixture {
  readonly covarianceType: CovarianceType;
  /** k */
  readonly nComponents: number;
  /** d */
  readonly nFeatures: number;
  /** (k) mixing weights. */
  readonly weights: Float64Array;
  /** (k × d) means, row-major. */
  readonly means: Float64Array;
  /** full k·d·d, tied d·d, diag k·d, spherical k. */
  readonly covariances: Float64Array;
  /** Whether the weights are held at 1/k, so that they are no free parameters. */
  readonly equalWeights: boolean;
  /** Names of the columns it was fitted on. */
  readonly columns: readonly string[];
  readonly #fit: FitSummary | undefined;
  #pointDensity: PointDensity | undefined;
  #precisionsCholesky: Float64Array | undefined;
  #precisions: Float64Array | undefined;

  /** Made by `fit` and `selectModel`, {@link GaussianMixture.fromParameters} and {@link GaussianMixture.fromJSON}. */
  private constructor(made: typeof MADE, content: ModelContent) {
    if (made !== MADE) throw madeByNew();
    const { parameters, columns, equalWeights, fit } = content;
    const sorted = sortComponents(parameters);
    this.covarianceType = sorted.covarianceType;
    this.nComponents = sorted.nComponents;
    this.nFeatures = sorted.nFeatures;
    this.weights = sorted.weights;
    this.means = sorted.means;
    this.covariances = sorted.covariances;
    this.equalWeights = equalWeights;
    this.columns = Object.freeze([...columns]);
    this.#fit = fit;
    Object.freeze(this);
  }

  /**
   * A mixture from its parameters, nested or flat.
   *
   * @param input - weights (k), means (k × d), covariances shaped by `covarianceType` (default `'full'`); `equalWeights`
   *   (default false) holds the weights at 1/k, which they must be
   * @throws GmmError INVALID_MODEL, naming the field
   * @example
   * const model = GaussianMixture.fromParameters({
   *   weights: [0.5, 0.5], means: [[0], [4]], covariances: [1, 1], covarianceType: 'spherical',
   * });
   */
  static fromParameters(
    input: ParametersInput & {
      covarianceType?: CovarianceType | undefined;
      equalWeights?: boolean | undefined;
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
    const equalWeights = resolveEqualWeights(input.equalWeights, parameters.weights);
    const columns = input.columns ?? Array.from({ length: d }, (_, a) => `x${a}`);
    if (!(Array.isArray(columns) && Array.from(columns).every((name) => typeof name === 'string'))) {
      throw new GmmError('INVALID_MODEL', `"columns" must be an array of strings, got ${describe(columns)}`);
    }
    if (columns.length !== d) {
      throw new GmmError('INVALID_MODEL', `"columns" must be ${d} names, got ${columns.length}`);
    }
    return new GaussianMixture(MADE, { parameters, columns, equalWeights, fit: undefined });
  }

  /** For `fit`: parameters that are known to be right. */
  static fromFit(content: ModelContent): GaussianMixture {
    return new GaussianMixture(MADE, content);
  }

  /**
   * A model from what `toJSON` gave, checked in full.
   *
   * @throws GmmError INVALID_MODEL, naming the field
   */
  static fromJSON(value: unknown): GaussianMixture {
    return new GaussianMixture(MADE, readModelFile(value));
  }

  /** The model as plain data: the content of a model file. Numbers round-trip exactly. */
  toJSON(): ModelFile {
    const { columns, equalWeights } = this;
    return toModelFile({ parameters: this, columns, equalWeights, fit: this.#fit });
  }

  /** Free parameters: covariances, means and, unless they are held equal, the mixing weights. */
  get nParameters(): number {
    return countParameters(this.covarianceType, this.nComponents, this.nFeatures, this.equalWeights);
  }

  /**
   * One component.
   *
   * @param j - its index, 0 to k − 1
   * @returns its weight, mean (d) and covariance (d × d), copied
   * @throws GmmError INVALID_OPTION where there is no such component
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
    return { weight: this.weights[j], mean: this.means.slice(j * d, (j + 1) * d), covariance };
  }

  /**
   * Inverses of the covariances, shaped as these are: full k·d·d, tied d·d, diag k·d, spherical k. Computed when first
   * asked for; not for writing.
   */
  get precisions(): Float64Array {
    this.#precisions ??= computePrecisions(this, this.precisionsCholesky);
    return this.#precisions;
  }

  /**
   * Cholesky factors of the precisions, of the same shape: Σ⁻¹ = U Uᵀ with U upper triangular, as scikit-learn's
   * `precisions_cholesky_`; diag and spherical: 1 / σ. Uᵀ (x − μ) has unit covariance. Computed when first asked for; not
   * for writing.
   */
  get precisionsCholesky(): Float64Array {
    this.#precisionsCholesky ??= computePrecisionsCholesky(this);
    return this.#precisionsCholesky;
  }

  /** The likeliest component of every row: (n); ties go to the lowest index. */
  async predict(rows: Rows, options?: ScoringOptions): Promise<Int32Array> {
    return (await this.#score(rows, options, ['labels'])).labels;
  }

  /** Responsibilities: the probability of every component for every row, (n × k) row-major. */
  async predictProba(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['responsibilities'])).responsibilities;
  }

  /** log p(x) of every row, in nats: (n). */
  async scoreSamples(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['logDensity'])).logDensity;
  }

  /** 1 − the largest responsibility of every row: (n). */
  async uncertainty(rows: Rows, options?: ScoringOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, ['uncertainty'])).uncertainty;
  }

  /**
   * `predict`, `predictProba`, `uncertainty` and `scoreSamples` in one pass over the rows. A row's scores don't depend
   * on the rows around it: a long table can be scored batch by batch, into the same arrays.
   *
   * @throws GmmError INVALID_OPTION where `out` is too short
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
    const { responsibilities, ...outputs } = await this.#score(rows, run, wanted, resolveOut(out));
    return { ...outputs, proba: responsibilities };
  }

  /** Mean log-likelihood of the rows, in nats, weighted by their weights. */
  async score(rows: Rows, options?: ScoringOptions): Promise<number> {
    const { totals } = await this.#score(rows, options, []);
    return totals[LOG_LIKELIHOOD] / totals[TOTAL_WEIGHT];
  }

  /** Bayesian information criterion on these rows; lower is better. */
  async bic(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'bic');
  }

  /** Akaike's information criterion on these rows; lower is better. */
  async aic(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'aic');
  }

  /** Integrated completed likelihood criterion on these rows, bic − 2 Σ ln max r; lower is better. */
  async icl(rows: Rows, options?: ScoringOptions): Promise<number> {
    return this.#criterion(rows, options, 'icl');
  }

  /**
   * Rows on the fringe: those whose two largest responsibilities differ by less than `margin`.
   *
   * @returns their indices, the closest tie first
   */
  async fringe(rows: Rows, options: FringeOptions = {}): Promise<Int32Array> {
    checkOptionNames(options, ['margin', ...SCORING_OPTIONS]);
    const { margin: wanted, ...run } = options;
    const margin = resolveNumber('margin', wanted, 0.5);
    const margins = (await this.#score(rows, run, ['margin'])).margin;
    const indices: number[] = [];
    margins.forEach((value, i) => {
      if (value < margin) indices.push(i);
    });
    return Int32Array.from(indices.sort((i, j) => margins[i] - margins[j] || i - j));
  }

  /**
   * The probability of every component for one row, at once, on this thread.
   *
   * @param x - (d)
   * @returns (k), sums to 1
   * @throws GmmError INVALID_DATA
   */
  posterior(x: NumberArray): Float64Array {
    const logProb = this.#weightedLogProb(x);
    const total = logSumExp(logProb);
    return logProb.map((value) => Math.exp(value - total));
  }

  /**
   * log p(x) of one row, in nats, at once, on this thread.
   *
   * @param x - (d)
   * @throws GmmError INVALID_DATA
   */
  logDensity(x: NumberArray): number {
    return logSumExp(this.#weightedLogProb(x));
  }

  /**
   * Draws rows from the mixture.
   *
   * @param n - how many, >= 0; at most 2²⁸ numbers in all, for more see `sampler`
   * @param options - `seed`: whole number, default 0; the same seed gives the same rows
   * @throws GmmError INVALID_OPTION
   */
  sample(n: number, options: { seed?: number | undefined } = {}): Samples {
    return this.sampler(options)(n);
  }

  /**
   * Draws rows from the mixture piece by piece.
   *
   * @param options - as for `sample`
   * @returns draws the next n rows; in all the same rows as a single `sample`
   * @throws GmmError INVALID_OPTION
   * @example
   * const draw = model.sampler({ seed: 7 });
   * for (let i = 0; i < 100; i++) write(draw(10_000).samples);
   */
  sampler(options: { seed?: number | undefined } = {}): (n: number) => Samples {
    checkOptionNames(options, ['seed']);
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

  #weightedLogProb(x: NumberArray): Float64Array {
    const d = this.nFeatures;
    if (!isNumbers(x) || x.length !== d) {
      throw new GmmError('INVALID_DATA', `a row must be ${d} numbers, got ${describe(x)}`);
    }
    const point = new Float64Array(d);
    for (let a = 0; a < d; a++) {
      const value: unknown = x[a];
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        const message = `column ${describe(this.columns[a])} is ${describe(value)}; every value must be a finite number`;
        throw new GmmError('INVALID_DATA', message);
      }
      point[a] = value;
    }
    const out = new Float64Array(this.nComponents);
    this.#density().weightedLogProbInto(out, point, 0);
    return out;
  }

  #density(): PointDensity {
    this.#pointDensity ??= createPointDensity(this);
    return this.#pointDensity;
  }
}

/** Arrays to be written again, by the names that they have in a pass; what they are is checked there. */
function resolveOut(out: unknown): ScoreOutputs | undefined {
  if (out === undefined) return undefined;
  if (typeof out !== 'object' || out === null) {
    throw new GmmError('INVALID_OPTION', `"out" must be what scores returned, got ${describe(out)}`);
  }
  const { labels, proba, uncertainty, logDensity } = out as Partial<Scores>;
  return { labels, responsibilities: proba, uncertainty, logDensity };
}
