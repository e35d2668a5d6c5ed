/** A mixture of Gaussians: immutable parameters, and what can be asked of them about rows. */

import { computeCholesky } from './core/cholesky.js';
import { countParameters } from './core/covariance-type.js';
import { computeCriteria } from './core/criteria.js';
import { createPointDensity, logSumExp, type PointDensity } from './core/density.js';
import { covarianceOfInto, resolveParameters, sortComponents } from './core/parameters.js';
import { createRandom } from './core/random.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from './core/statistics.js';
import { type Dataset, type RowSource, resolveDataset } from './dataset.js';
import { describe, GmmError } from './errors.js';
import { runScore } from './jobs.js';
import {
  type FitSummary,
  type ModelContent,
  type ModelFile,
  readModelFile,
  toModelFile,
} from './model-file.js';
import { checkOptionNames, resolveNumber, resolveSignal, resolveWhole } from './options.js';
import type { ScoreOutputs } from './parallel/job.js';
import { withPool } from './pools.js';
import {
  COVARIANCE_TYPES,
  type CovarianceType,
  type NumberArray,
  type Parameters,
  type ParametersInput,
  type RunOptions,
} from './types.js';

/** Rows that models score: a `Dataset`, or anything `Dataset.from` takes (flat arrays: `nFeatures` columns). */
export type Rows = Dataset | RowSource;

/** Options of `fringe`. */
export interface FringeOptions extends RunOptions {
  /** Rows count as fringe whose two largest responsibilities differ by less; default 0.5. */
  margin?: number | undefined;
}

/** Rows drawn from a mixture. */
export interface Samples {
  /** (n × d) row-major. */
  readonly samples: Float64Array;
  /** (n) the component each was drawn from. */
  readonly labels: Int32Array;
}

/** Options of `scores`. */
export interface ScoresOptions extends RunOptions {
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

const RUN_OPTIONS = ['threads', 'engine', 'signal'];

/**
 * A mixture of k Gaussians in d dimensions. Components stand by falling weight, then by mean.
 *
 * Methods over rows run on worker threads and return arrays over shared memory; they reject with
 * INVALID_DATA where the rows have another number of columns, and with the signal's reason.
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
  /** Names of the columns it was fitted on. */
  readonly columns: readonly string[];
  readonly #fit: FitSummary | undefined;
  #pointDensity: PointDensity | undefined;

  private constructor({ parameters, columns, fit }: ModelContent) {
    const sorted = sortComponents(parameters);
    this.covarianceType = sorted.covarianceType;
    this.nComponents = sorted.nComponents;
    this.nFeatures = sorted.nFeatures;
    this.weights = sorted.weights;
    this.means = sorted.means;
    this.covariances = sorted.covariances;
    this.columns = Object.freeze([...columns]);
    this.#fit = fit;
    Object.freeze(this);
  }

  /**
   * A mixture from its parameters, nested or flat.
   *
   * @param input - weights (k), means (k × d), covariances shaped by `covarianceType` (default `'full'`)
   * @throws GmmError INVALID_MODEL, naming the field
   * @example
   * const model = GaussianMixture.fromParameters({
   *   weights: [0.5, 0.5], means: [[0], [4]], covariances: [1, 1], covarianceType: 'spherical',
   * });
   */
  static fromParameters(
    input: ParametersInput & {
      covarianceType?: CovarianceType | undefined;
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
    const columns = input.columns ?? Array.from({ length: d }, (_, a) => `x${a}`);
    if (columns.length !== d) {
      throw new GmmError('INVALID_MODEL', `"columns" must be ${d} names, got ${columns.length}`);
    }
    return new GaussianMixture({ parameters, columns, fit: undefined });
  }

  /** For `fit`: parameters that are known to be right. */
  static fromFit(content: ModelContent): GaussianMixture {
    return new GaussianMixture(content);
  }

  /**
   * A model from what `toJSON` gave, checked in full.
   *
   * @throws GmmError INVALID_MODEL, naming the field
   */
  static fromJSON(value: unknown): GaussianMixture {
    return new GaussianMixture(readModelFile(value));
  }

  /** The model as plain data: the content of a model file. Numbers round-trip exactly. */
  toJSON(): ModelFile {
    return toModelFile({ parameters: this, columns: this.columns, fit: this.#fit });
  }

  /** Free parameters, mixing weights included. */
  get nParameters(): number {
    return countParameters(this.covarianceType, this.nComponents, this.nFeatures);
  }

  /** The likeliest component of every row: (n); ties go to the lowest index. */
  async predict(rows: Rows, options?: RunOptions): Promise<Int32Array> {
    return (await this.#score(rows, options, { labels: true })).labels as Int32Array;
  }

  /** Responsibilities: the probability of every component for every row, (n × k) row-major. */
  async predictProba(rows: Rows, options?: RunOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, { responsibilities: true })).responsibilities as Float64Array;
  }

  /** log p(x) of every row, in nats: (n). */
  async scoreSamples(rows: Rows, options?: RunOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, { logDensity: true })).logDensity as Float64Array;
  }

  /** 1 − the largest responsibility of every row: (n). */
  async uncertainty(rows: Rows, options?: RunOptions): Promise<Float64Array> {
    return (await this.#score(rows, options, { uncertainty: true })).uncertainty as Float64Array;
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
    checkOptionNames(options, ['out', ...RUN_OPTIONS]);
    const { out, ...run } = options;
    const wanted = { labels: true, responsibilities: true, uncertainty: true, logDensity: true } as const;
    const outputs = await this.#score(rows, run, wanted, out && { ...out, responsibilities: out.proba });
    const { labels, responsibilities, uncertainty, logDensity } = outputs;
    return { labels, proba: responsibilities, uncertainty, logDensity } as Scores;
  }

  /** Mean log-likelihood of the rows, in nats, weighted by their weights. */
  async score(rows: Rows, options?: RunOptions): Promise<number> {
    const { totals } = await this.#score(rows, options, {});
    return totals[LOG_LIKELIHOOD] / totals[TOTAL_WEIGHT];
  }

  /** Bayesian information criterion on these rows; lower is better. */
  async bic(rows: Rows, options?: RunOptions): Promise<number> {
    return this.#criterion(rows, options, 'bic');
  }

  /** Akaike's information criterion on these rows; lower is better. */
  async aic(rows: Rows, options?: RunOptions): Promise<number> {
    return this.#criterion(rows, options, 'aic');
  }

  /** Integrated completed likelihood criterion on these rows, bic − 2 Σ ln max r; lower is better. */
  async icl(rows: Rows, options?: RunOptions): Promise<number> {
    return this.#criterion(rows, options, 'icl');
  }

  /**
   * Rows on the fringe: those whose two largest responsibilities differ by less than `margin`.
   *
   * @returns their indices, the closest tie first
   */
  async fringe(rows: Rows, options: FringeOptions = {}): Promise<Int32Array> {
    checkOptionNames(options, ['margin', ...RUN_OPTIONS]);
    const { margin: wanted, ...run } = options;
    const margin = resolveNumber('margin', wanted, 0.5);
    const margins = (await this.#score(rows, run, { margin: true })).margin as Float64Array;
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
   * @param n - how many, >= 0
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
    const random = createRandom(resolveWhole('seed', options.seed, 0, 0));
    const { nComponents: k, nFeatures: d, weights, means } = this;
    const covariance = new Float64Array(d * d);
    const lowers = Array.from({ length: k }, (_, j) => {
      covarianceOfInto(covariance, this, j);
      return computeCholesky(covariance, 0, d) as Float64Array;
    });
    const z = new Float64Array(d);
    return (n) => {
      const count = resolveWhole('n', n, 0);
      const samples = new Float64Array(count * d);
      const labels = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        let j = 0;
        for (let left = random.uniform() - weights[0]; left >= 0 && j < k - 1; left -= weights[j]) j++;
        labels[i] = j;
        for (let a = 0; a < d; a++) z[a] = random.normal();
        for (let a = 0, at = 0; a < d; a++) {
          let value = means[j * d + a];
          for (let b = 0; b <= a; b++) value += lowers[j][at++] * z[b];
          samples[i * d + a] = value;
        }
      }
      return { samples, labels };
    };
  }

  async #criterion(
    rows: Rows,
    options: RunOptions | undefined,
    name: 'bic' | 'aic' | 'icl',
  ): Promise<number> {
    const { totals } = await this.#score(rows, options, {});
    const criteria = computeCriteria(
      totals[LOG_LIKELIHOOD],
      totals[LOG_MAX_RESPONSIBILITY],
      this.nParameters,
      totals[TOTAL_WEIGHT],
    );
    return criteria[name];
  }

  /** One pass over the rows that fills what is wanted, in `out` where it is there. */
  async #score(
    rows: Rows,
    options: RunOptions | undefined,
    wanted: { readonly [name in keyof ScoreOutputs]?: true },
    out: ScoreOutputs = {},
  ): Promise<ScoreOutputs & { readonly totals: Float64Array }> {
    const run = options ?? {};
    checkOptionNames(run, RUN_OPTIONS);
    const signal = resolveSignal(run.signal);
    const data = await resolveDataset(rows, { nFeatures: this.nFeatures, signal });
    if (data.nFeatures !== this.nFeatures) {
      const message = `the rows have ${data.nFeatures} columns, the model ${this.nFeatures}; give it the columns it was fitted on`;
      throw new GmmError('INVALID_DATA', message);
    }
    const n = data.nSamples;
    const doubles = (given: Float64Array | undefined, length: number) =>
      given ? firstOf(given, length) : new Float64Array(new SharedArrayBuffer(8 * length));
    const whole = (given: Int32Array | undefined) =>
      given ? firstOf(given, n) : new Int32Array(new SharedArrayBuffer(4 * n));
    const outputs: ScoreOutputs = {
      ...(wanted.labels && { labels: whole(out.labels) }),
      ...(wanted.responsibilities && {
        responsibilities: doubles(out.responsibilities, n * this.nComponents),
      }),
      ...(wanted.logDensity && { logDensity: doubles(out.logDensity, n) }),
      ...(wanted.uncertainty && { uncertainty: doubles(out.uncertainty, n) }),
      ...(wanted.margin && { margin: doubles(out.margin, n) }),
    };
    const parameters: Parameters = {
      covarianceType: this.covarianceType,
      nComponents: this.nComponents,
      nFeatures: this.nFeatures,
      weights: this.weights,
      means: this.means,
      covariances: this.covariances,
    };
    const totals = await withPool(run, (caller) =>
      runScore(caller, data.sharedRows, parameters, outputs, signal),
    );
    return { ...outputs, totals };
  }

  #weightedLogProb(x: NumberArray): Float64Array {
    const d = this.nFeatures;
    if (x?.length !== d) {
      throw new GmmError('INVALID_DATA', `a row must be ${d} numbers, got ${describe(x)}`);
    }
    const point = Float64Array.from(x);
    const bad = point.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const message = `column ${describe(this.columns[bad])} is ${describe(x[bad])}; every value must be a finite number`;
      throw new GmmError('INVALID_DATA', message);
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

/** The first numbers of an array given to be written again, through all of its memory: it may have been cut before. */
function firstOf<Numbers extends Float64Array | Int32Array>(given: Numbers, length: number): Numbers {
  const all = new (given.constructor as new (buffer: ArrayBufferLike) => Numbers)(given.buffer);
  if (!(given.buffer instanceof SharedArrayBuffer) || all.length < length) {
    const message = `"out" must be the scores of at least as many rows (${length} numbers), got ${all.length}`;
    throw new GmmError('INVALID_OPTION', message);
  }
  return all.subarray(0, length) as Numbers;
}
