/** Public records of how fits went. */

import type { CovarianceType } from './core/covariance/families.js';
import type { Criteria } from './core/criteria.js';

export type { RangeEdge } from './core/range-edge.js';

/** How a mixture is estimated: by expectation–maximisation, or by variational Bayes. */
export type FitMethod = 'em' | 'variational';

/**
 * How a fit ended: at a maximum, at `maxIter`, with a component that collapsed onto too few rows; or `'regularized'`: every start
 * collapsed, and a prior gave a model.
 */
export type FitStatus = 'converged' | 'max-iter' | 'degenerate' | 'regularized';

/** How well a model fits the rows it was fitted on. */
export interface FitMeasures extends Criteria {
  /** Total log-likelihood of the parameters returned, in nats. */
  readonly logLikelihood: number;
  /** Log density of the prior at the parameters, in nats, where there is a prior: the objective less the log-likelihood. */
  readonly logPrior?: number;
  /** Number of free parameters. */
  readonly nParameters: number;
  /** Passes over the rows of the winning run after its first pass; a pass over a part of the rows counts as that part. */
  readonly nIterations: number;
}

/** The same fields, each of which may be absent or undefined. */
type Possibly<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/** One model of a sweep: how its fit ended, and its measures if there is a model. */
export interface FittedCell extends Possibly<FitMeasures> {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  /** Whether the model has noise. */
  readonly hasNoise: boolean;
  readonly status: FitStatus | 'failed';
}

/** How one start ended. */
export interface Restart {
  /** The start's own seed, derived from the fit's. */
  seed: number;
  status: FitStatus;
  /** Total over `nSamples` rows, of the parameters this start ended with. */
  logLikelihood: number;
  nIterations: number;
  /** Number of rows of its last run: all, or a sample if the start did not go on. */
  nSamples: number;
  /** Split-and-merge moves that led from where the start ended to a better solution. */
  moves: number;
  /** Whether the start leads to the winner's optimum: it, or moves from it, ended there, or it was left behind in its basin. */
  agrees: boolean;
}
