/** Public records: options as callers write them. What callers get is in results.ts and progress-events.ts. */

import type { CovarianceType } from './core/covariance/families.js';
import type { ComponentDensity, DegreesOfFreedom, Parameters } from './core/parameters.js';
import type { MessagePart, OptionMention } from './errors.js';
import type { InitInput, NoiseInput, NumberArray, PriorInput } from './inputs.js';
import type { Signal } from './platform-types.js';
import type { ProgressEvent } from './progress-events.js';
import type { FitMethod } from './results.js';

export type * from './inputs.js';
export type { ComponentDensity, CovarianceType, DegreesOfFreedom, MessagePart, OptionMention, Parameters };

/** The name of a method that finds start values. */
export type InitName = 'mixed' | 'kmeans' | 'k-means++' | 'random' | 'random-rows';

/** How long better solutions are sought after the starts. */
export type SearchEffort = 'default' | 'thorough' | 'none';

/** The prior of the mixing weights of a variational fit; see {@link FitOptions.weightPrior}. */
export type WeightPrior = 'dirichlet-process' | 'dirichlet';

/** When to stop; see {@link FitOptions.convergence}. */
export type Convergence = 'aitken' | 'change' | 'responsibilities';

/** Which steps a fit takes; see {@link FitOptions.acceleration}. */
export type Acceleration = 'auto' | 'none';

/** A criterion for choosing between models; lower is better. */
export type Criterion = 'bic' | 'aic' | 'icl';

/** Options of all calls that pass over rows: which threads work, and how to cancel. */
export interface RunOptions {
  /** Worker threads; default: the parallelism available to the process. */
  threads?: number | undefined;
  /** A pool of threads from `createEngine`, shared by calls; default: a pool for this call, closed at its end. */
  engine?: EngineLike | undefined;
  /** Cancels the call, which then rejects with the signal's reason. */
  signal?: Signal | undefined;
}

/** Options of all calls that take rows: the columns, if their source does not tell. */
export interface RowsOptions {
  /**
   * Number of columns of a flat array, a typed array, or batches of these. Without it, and without `columns`, they are
   * INVALID_DATA, since their number of rows is unknown. The methods of a model use the model's. Rows that tell their number of
   * columns must agree.
   */
  nFeatures?: number | undefined;
  /** (d) names of the columns; default: those of the `Dataset`, otherwise `x0`, `x1`, … */
  columns?: readonly string[] | undefined;
}

/** The part of an engine that calls need. Only `createEngine` makes one. */
export interface EngineLike {
  /** Largest number of worker threads. */
  readonly threads: number;
  /** Ends the threads. Calls that are running reject. */
  close(): Promise<void>;
}

/** What sample weights count as, see `FitOptions`. */
export type EffectiveSampleSize = 'sum' | 'kish';

/** Options of `fit`. */
export interface FitOptions extends RunOptions, RowsOptions {
  /** k, the number of components, >= 1. */
  nComponents: number;
  /** The family of the covariances, or of the scale matrices of t components; default `'full'`. */
  covarianceType?: CovarianceType | undefined;
  /**
   * `'em'` (default): maximum likelihood. `'variational'`: variational Bayes, as scikit-learn's `BayesianGaussianMixture`. Components
   * that the data do not need lose their rows, and `result.lowerBound` takes the place of the log-likelihood; the model is the point
   * estimate of the posterior. Not with `equalWeights`, `regCovar`, `covarianceFloor`, a `prior` of EM, `search: 'thorough'` and
   * `convergence: 'responsibilities'`; `acceleration` has no effect.
   */
  method?: FitMethod | undefined;
  /**
   * Of a variational fit: the prior of the mixing weights. `'dirichlet-process'` (default): components in order, each with a part of the
   * weight that those before it leave; `'dirichlet'`: all components alike.
   */
  weightPrior?: WeightPrior | undefined;
  /** Of a variational fit: γ > 0 of `weightPrior`, default 1/k. The lower, the fewer components keep rows. */
  concentration?: number | undefined;
  /** Of a variational fit: how strongly means are drawn to `meanPrior`, in rows, > 0; default 1. */
  meanPrecision?: number | undefined;
  /** Of a variational fit: (d) the mean of the prior of the means; default: the data's mean. */
  meanPrior?: NumberArray | undefined;
  /** Of a variational fit: how strongly covariances are drawn to `covariancePrior`, in rows, > d − 1; default d. */
  degreesOfFreedomPrior?: number | undefined;
  /**
   * Of a variational fit: W₀⁻¹ of the Wishart prior of the precisions, in squared units of the data, `degreesOfFreedomPrior` times the
   * covariance expected. Shaped by type: full and tied d × d, diag d, spherical one number. Default: the data's covariance, of which
   * diag takes the diagonal and spherical the mean of the diagonal.
   */
  covariancePrior?: number | NumberArray | readonly NumberArray[] | undefined;
  /** Of a variational fit: leave components with less than one expected row out of the model; default false. */
  dropEmpty?: boolean | undefined;
  /**
   * The distribution of the components: `'gaussian'` (default), or `'t'`, Student's t, whose heavier tails keep outliers from moving
   * the means and widening the components. Their scale matrix is the covariance times (ν − 2) / ν, for ν > 2 degrees of freedom. They
   * have no `prior`: where every start collapses, the fit is DEGENERATE.
   */
  components?: ComponentDensity | undefined;
  /**
   * Of t components: `'each'` (default) estimates one for each component, `'shared'` one for all, both from 0.5 to 200; a number from
   * 0.1 to 1e9 holds them there.
   */
  degreesOfFreedom?: DegreesOfFreedom | undefined;
  /**
   * Start values: the name of a method (default `'mixed'`), or the values themselves: `{ weights, means, covariances }`,
   * `{ means }`, `{ labels }`, `{ responsibilities }`, an earlier result, or a model.
   */
  init?: InitName | InitInput | undefined;
  /** Number of random starts, 1 to 10,000, default 10; with start values from the caller it is 1. */
  nInit?: number | undefined;
  /**
   * What follows the starts. `'default'`: components of the best solutions are merged and split until a round of such moves brings
   * nothing. `'thorough'`: more moves, from more solutions, until three rounds in a row bring nothing. `'none'`: the best start wins. Given start values are not moved.
   */
  search?: SearchEffort | undefined;
  /**
   * `'aitken'` (default): the Aitken estimate of the mean log-likelihood still to gain is below `tol`;
   * `'change'`: the mean log-likelihood changed by less than `tol`;
   * `'responsibilities'`: no responsibility changed by more than `tol`.
   */
  convergence?: Convergence | undefined;
  /** Threshold of `convergence`, >= 0; default 1e-6, for `'responsibilities'` 1e-4. With 0 a fit runs to `maxIter`. */
  tol?: number | undefined;
  /** Largest number of passes over the rows after the first, >= 0; default 1000. With 0 the start values are the result. */
  maxIter?: number | undefined;
  /** `'auto'` (default): quasi-Newton and truncated Newton steps where they raise the log-likelihood; `'none'`: exact EM. */
  acceleration?: Acceleration | undefined;
  /** Smallest variance in any direction, as a fraction of the data's own variance; >= 0, default 1e-6. */
  covarianceFloor?: number | undefined;
  /**
   * A uniform density beside the components, for rows that belong to none: p(x) = π₀ / V + Σ πⱼ N(x; μⱼ, Σⱼ). `true`: V is the smaller
   * of the volumes of the box along the columns and that along the principal axes of the data. `{ volume }`: V, in the units of the
   * columns. Default `false`. Of `selectModel` also `'both'`: every model with and without noise.
   */
  noise?: boolean | NoiseInput | undefined;
  /** Hold every mixing weight at 1/k, with noise at (1 − π₀)/k; default false. */
  equalWeights?: boolean | undefined;
  /**
   * What sample weights count as. `'sum'` (default): rows; Σw is the n of BIC and ICL. `'kish'`: they are scaled to sum to the effective
   * sample size (Σw)² / Σw², so that neither log-likelihood and criteria nor priors depend on their scale. For weights that are no
   * numbers of rows, such as those of a survey. Without weights both are the same.
   */
  effectiveSampleSize?: EffectiveSampleSize | undefined;
  /** Added to every variance at each M-step, in squared units of the data; >= 0, default 0. */
  regCovar?: number | undefined;
  /**
   * A prior of means and covariances, which keeps components from collapsing (MAP; Fraley & Raftery, 2007). `'auto'` (default): maximum
   * likelihood; where every start collapses, or even the best ends with a component of fewer than d + 2 effective rows and there is no
   * `regCovar`, the same fit with the default prior, whose status is `'regularized'`. `'none'`: maximum likelihood, and DEGENERATE where every start collapses. An
   * object: always with this prior, `{}` for the default one.
   */
  prior?: 'auto' | 'none' | PriorInput | undefined;
  /** A whole number >= 0, default 0. The same seed, data and options give the same bits, for any number of threads. */
  seed?: number | undefined;
  /**
   * Path of a file from which the same call goes on after its process was killed, to the same bits. The file is written about
   * every second and kept at the end, so that the same call returns at once. A cancelled call leaves the file as it was
   * written last. The file of another call is INVALID_OPTION, a damaged file INVALID_DATA.
   */
  checkpoint?: string | undefined;
  /**
   * Called with events, which are plain objects, while the work goes on. If it throws, or returns a promise that rejects, the call
   * ends and rejects with that error. The call ends when all of these promises have settled.
   */
  onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** Names of the options that only a variational fit takes. */
export type VariationalOption =
  | 'weightPrior'
  | 'concentration'
  | 'meanPrecision'
  | 'meanPrior'
  | 'degreesOfFreedomPrior'
  | 'covariancePrior'
  | 'dropEmpty';

/** Options of `selectModel`: those of `fit`, for several numbers of components. */
export interface SelectOptions
  extends Omit<
    FitOptions,
    'nComponents' | 'covarianceType' | 'init' | 'noise' | 'method' | VariationalOption
  > {
  /** The numbers of components to try; default 1 to 9, with fewer rows 1 to their number. */
  nComponents?: readonly number[] | undefined;
  /**
   * The covariance types to try; default: all. With one column `full`, `diag` and `spherical` are the same model, which is
   * fitted once and named `full`; `tied`, one variance for all components, is another model.
   */
  covarianceTypes?: readonly CovarianceType[] | undefined;
  /** As for `fit`; `'both'`: every model with and without noise. */
  noise?: boolean | 'both' | NoiseInput | undefined;
  /** The criterion that chooses `best`; default `'bic'`. */
  criterion?: Criterion | undefined;
  /** The name of a method that finds start values; default `'mixed'`. */
  init?: InitName | undefined;
}
