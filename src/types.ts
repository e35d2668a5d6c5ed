/** The plain records that cross the floors: options as callers write them, results as they get them. */

import type { CovarianceType } from './core/covariance/families.js';
import type { Criteria } from './core/criteria.js';
import type { Parameters } from './core/parameters.js';
import type { MessagePart, OptionMention } from './errors.js';
import type { Signal } from './platform-types.js';

export type { CovarianceType, MessagePart, OptionMention, Parameters };

/** Numbers in a row: a typed array or a plain one. */
export type NumberArray = Float64Array | Float32Array | readonly number[];

/** Parameters as a caller may write them: nested or flat. */
export interface ParametersInput {
  weights: NumberArray;
  means: NumberArray | readonly NumberArray[];
  covariances: NumberArray | readonly NumberArray[] | readonly (readonly NumberArray[])[];
}

/** Means to start from, and what else of the parameters is known: the rest is estimated from the rows nearest to each mean. */
export interface MeansInput {
  /** (k × d) nested or flat. */
  means: ParametersInput['means'];
  /** (k) */
  weights?: ParametersInput['weights'] | undefined;
  /** Shaped by type. */
  covariances?: ParametersInput['covariances'] | undefined;
}

/** A clustering to start from. */
export interface LabelsInput {
  /** (n) the component of every row, 0 to k − 1. */
  labels: ArrayLike<number>;
}

/** A soft clustering to start from. */
export interface ResponsibilitiesInput {
  /** (n × k) nested or flat: the probability of every component for every row; each row sums to 1. */
  responsibilities: NumberArray | readonly NumberArray[];
}

/** A fitted model to start from: a `GaussianMixture`, or the result that has one. Of the same type, k and columns. */
export type ModelInput = Parameters | { readonly model: Parameters };

/** Start values that the caller knows. */
export type InitInput = ParametersInput | MeansInput | LabelsInput | ResponsibilitiesInput | ModelInput;

/** A named way to find start values. */
export type InitName = 'kmeans' | 'k-means++' | 'random' | 'random-rows';

/** When to stop; see {@link FitOptions.convergence}. */
export type Convergence = 'aitken' | 'change' | 'responsibilities';

/** How EM's steps are sped up; see {@link FitOptions.acceleration}. */
export type Acceleration = 'auto' | 'none';

/** What happened to a fit: at a maximum, out of iterations, or collapsed onto too few rows. */
export type FitStatus = 'converged' | 'max-iter' | 'degenerate';

/** How well a model fits the rows it was fitted on. */
export interface FitMeasures extends Criteria {
  /** Total log-likelihood of the parameters returned, in nats. */
  readonly logLikelihood: number;
  /** Free parameters. */
  readonly nParameters: number;
  /** Passes over the rows that the winning run took after its first; a pass over a part of the rows counts as that part. */
  readonly nIterations: number;
}

/** The same fields, each of which may be absent or undefined. */
type Possibly<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** One model of a sweep: how its fit went, with its measures if it has a model. */
export interface FittedCell extends Possibly<FitMeasures> {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
}

/** A criterion for choosing between models; lower is better. */
export type Criterion = 'bic' | 'aic' | 'icl';

/** Where and how rows are worked on; shared by all calls that pass over rows. */
export interface RunOptions {
  /** Worker threads; default: the parallelism available to the process. */
  threads?: number | undefined;
  /** A pool shared by calls, from `createEngine`; default: one for this call, closed at its end. */
  engine?: EngineLike | undefined;
  /** Cancels the call, which then rejects with the signal's reason. */
  signal?: Signal | undefined;
}

/** What rows are, where their source does not say; shared by all calls that take rows. */
export interface RowsOptions {
  /**
   * Columns of a flat array or typed array, and of such batches; without it they are INVALID_DATA, as nobody could tell
   * rows from values. For the methods of a model it is the model's. Of rows that say it themselves it must be the number.
   */
  nFeatures?: number | undefined;
  /** Names of the columns, as many as there are; default: those of the `Dataset`, otherwise `x0`, `x1`, … */
  columns?: readonly string[] | undefined;
}

/** What an engine must be able to do to serve a call. Made by `createEngine` only. */
export interface EngineLike {
  /** Worker threads of the pool. */
  readonly threads: number;
  /** Ends the pool; what is running rejects. */
  close(): Promise<void>;
}

/** Options of `fit`. */
export interface FitOptions extends RunOptions, RowsOptions {
  /** k, the number of Gaussians, >= 1. */
  nComponents: number;
  /** Shape of the covariances; default `'full'`. */
  covarianceType?: CovarianceType | undefined;
  /**
   * Start values: a method's name (default `'kmeans'`), or what is known of them: `{ weights, means, covariances }`,
   * `{ means }`, `{ labels }`, `{ responsibilities }`, or an earlier result or model, from which the fit goes on.
   */
  init?: InitName | InitInput | undefined;
  /** Number of starts, 1 to 10,000, default 10; with start values that are given it is 1. */
  nInit?: number | undefined;
  /**
   * `'aitken'` (default): the Aitken estimate of the mean log-likelihood still to gain is below `tol`;
   * `'change'`: the mean log-likelihood changed by less than `tol`;
   * `'responsibilities'`: no responsibility changed by more than `tol`.
   */
  convergence?: Convergence | undefined;
  /** Threshold of the rule, >= 0; default 1e-6, for `'responsibilities'` 1e-4; 0 runs to `maxIter`. */
  tol?: number | undefined;
  /** Most passes over the rows after the first, >= 0; default 1000; 0 returns the start. */
  maxIter?: number | undefined;
  /** `'auto'` (default): extrapolated steps where they raise the log-likelihood; `'none'`: exact EM, step by step. */
  acceleration?: Acceleration | undefined;
  /** Smallest variance in any direction as a fraction of the data's own; default 1e-6. */
  covarianceFloor?: number | undefined;
  /** Hold every mixing weight at 1/k; default false. */
  equalWeights?: boolean | undefined;
  /** Added to every variance at each M-step, absolute; default 0. */
  regCovar?: number | undefined;
  /** Whole number >= 0; the same seed, data and options give the same bits; default 0. */
  seed?: number | undefined;
  /**
   * A file from which the same call goes on after its process was killed, to the same bits: what is done and where the rest
   * is, written at most every second or so and kept at the end, so that the call made again returns at once. Another call's
   * is INVALID_OPTION, a damaged one INVALID_DATA. Cancelled, the call leaves what was written last.
   */
  checkpoint?: string | undefined;
  /**
   * Called with plain events as the work goes on. What it throws ends the call, which then rejects with that; so does what a
   * promise that it returns rejects with. The call ends when all of these promises have settled.
   */
  onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** Options of `selectModel`: those of `fit`, for several numbers of components. */
export interface SelectOptions extends Omit<FitOptions, 'nComponents' | 'covarianceType' | 'init'> {
  /** The numbers of components to try; default 1 to 9, of fewer rows 1 to their number. */
  nComponents?: readonly number[] | undefined;
  /**
   * The covariance types to try; default: all. With one column `full`, `diag` and `spherical` are the same model, which is
   * fitted once and named `full`; `tied`, one variance for all components, is another.
   */
  covarianceTypes?: readonly CovarianceType[] | undefined;
  /** What `best` is lowest in; default `'bic'`. */
  criterion?: Criterion | undefined;
  /** Start values, by a method's name; default `'kmeans'`. */
  init?: InitName | undefined;
}

/**
 * What `onProgress` is called with, in this order: `sweep` (of `selectModel` only), then for every fit `fit-start`,
 * `iteration` many times, `fit-end`; fits run at once, so their events mix. After every `fit-end` comes a `sweep`.
 *
 * For a bar: the work done is Σ `costShare` · `share` over the fits, with `share` 1 for those that ended; for the time
 * left, divide the time gone by it. Both are estimates, made before anybody knows how many iterations a fit takes.
 */
export type ProgressEvent = SweepEvent | FitStartEvent | IterationEvent | FitEndEvent;

/** How many of a sweep's models are done. */
export interface SweepEvent {
  type: 'sweep';
  done: number;
  total: number;
  /** What the models that are done make up of the whole sweep's work, in [0, 1]. */
  share: number;
}

/** Which model an event is about. */
export interface FitEvent {
  nComponents: number;
  covarianceType: CovarianceType;
}

/** A fit begins; one that can't has a `fit-end` only. */
export interface FitStartEvent extends FitEvent {
  type: 'fit-start';
  nInit: number;
  /** Rows of the data. */
  nSamples: number;
  /** What this fit makes up of the whole call's work, in [0, 1]; 1 for `fit`. */
  costShare: number;
}

/** What a run of EM is for: to try a start, to fit it to the end, or to fit anew from a smaller model's solution. */
export type RunPhase = 'trial' | 'final' | 'refit';

/** A pass over the rows in one run of a fit; at most some twenty a second for each run are told. */
export interface IterationEvent extends FitEvent {
  type: 'iteration';
  phase: RunPhase;
  /** Index of the start, or of the way to begin anew. */
  start: number;
  /** Rows of this run: a sample's where large data are tried, else all. */
  nSamples: number;
  iteration: number;
  /** Most iterations of this run. */
  maxIter: number;
  meanLogLikelihood: number;
  /** How much of this fit's work is done, in [0, 1); falls only where a refit begins, which is counted by itself. */
  share: number;
}

/** A fit is over. */
export interface FitEndEvent extends FitEvent {
  type: 'fit-end';
  status: FitStatus | 'failed';
  /** Absent when the fit failed. */
  bic?: number;
}

/** How one start went. */
export interface Restart {
  /** The start's own seed, derived from the fit's. */
  seed: number;
  status: FitStatus;
  /** Total over `nSamples` rows, of the parameters this start ended with. */
  logLikelihood: number;
  nIterations: number;
  /** Rows of its last run: all, or those of the sample on which it was tried and left behind. */
  nSamples: number;
}
