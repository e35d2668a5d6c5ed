/** Public records of the progress of a call. */

import type { CovarianceType } from './core/covariance/families.js';
import type { FitMethod, FitStatus } from './results.js';

/**
 * An event for `onProgress`. The first is `sweep` (only of `selectModel`). For every fit follow `fit-start`, many `iteration` and
 * `fit-end`, and in a sweep another `sweep`. Fits run at the same time, so their events mix.
 *
 * For a progress bar: the share of the work that is done is Σ `costShare` · `share` over the fits, with `share` 1 for fits that
 * ended. The time gone, divided by this share, is the time in all. Both are estimates: nobody knows the number of iterations
 * before.
 */
export type ProgressEvent = SweepEvent | FitStartEvent | IterationEvent | FitEndEvent;

/** The number of models of a sweep that are done. */
export interface SweepEvent {
  type: 'sweep';
  done: number;
  total: number;
  /** Share of the sweep's work in the models that are done, in [0, 1]. */
  share: number;
}

/** Which model an event is about. */
export interface FitEvent {
  nComponents: number;
  covarianceType: CovarianceType;
  /** Whether the model has noise. */
  hasNoise: boolean;
}

/** A fit begins. A fit that cannot begin has only a `fit-end`. */
export interface FitStartEvent extends FitEvent {
  type: 'fit-start';
  method: FitMethod;
  nInit: number;
  /** Number of rows. */
  nSamples: number;
  /** Share of this fit in the work of the call, in [0, 1]; 1 for `fit`. */
  costShare: number;
}

/**
 * Purpose of a run: try a start, try a move from a good solution, run to the end, fit again from a contained model's solution, or
 * polish the best run's end.
 */
export type RunPhase = 'trial' | 'move' | 'final' | 'refit' | 'polish';

/** A pass over the rows in one run of a fit; at most some twenty events a second for each run. */
export interface IterationEvent extends FitEvent {
  type: 'iteration';
  phase: RunPhase;
  /** Index of the start, from 0; in a refit, of its start values. */
  start: number;
  /** Number of rows of this run: a sample, or all. */
  nSamples: number;
  iteration: number;
  /** Largest number of iterations of this run. */
  maxIter: number;
  /** Of a variational run its lower bound for each row. */
  meanLogLikelihood: number;
  /** Share of this fit's work that is done, in [0, 1). It falls only when a refit begins, or a fit with a
   * prior after every start collapsed: both are counted separately. */
  share: number;
}

/** A fit is over. */
export interface FitEndEvent extends FitEvent {
  type: 'fit-end';
  status: FitStatus | 'failed';
  /** Absent when the fit failed. */
  bic?: number;
}
