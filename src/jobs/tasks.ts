/** Tasks for the threads of a pool, their results, and the state of a run of EM. Plain data. */

import type { Moments } from '../core/moments.js';
import type { Box, ModelShape, Parameters } from '../core/parameters.js';
import type { Prior } from '../core/prior.js';
import type { CurvaturePair } from '../em/acceleration/quasi-newton.js';
import type { EmRun, EmStart } from '../em/run.js';
import type { EmSettings } from '../em/settings.js';
import type { RunStart } from '../em/start/start.js';
import type { Posterior } from '../em/variational/posterior.js';
import type { VariationalPrior } from '../em/variational/prior.js';
import type { VariationalRun, VariationalState } from '../em/variational/run.js';

/** One run of EM over the job's rows. */
export interface EmTask {
  readonly kind: 'em';
  readonly shape: ModelShape;
  readonly start: RunStart;
  readonly settings: EmSettings;
  /** Curvature pairs of the run on fewer rows from whose end this one starts. */
  readonly pairs?: readonly CurvaturePair[] | undefined;
  /** Of means and covariances; undefined for maximum likelihood. */
  readonly prior?: Prior | undefined;
  /** Whether another run goes on from the end of this one on more rows: then the result has the pairs. */
  readonly keepsPairs?: boolean;
  /** The total objective that the run is to beat: it ends where that is out of reach. */
  readonly goal?: number | undefined;
  /** Whether the run polishes the end of another run; the passes so far, to which those of polishing are compared. */
  readonly polishesAfter?: number | undefined;
  /** Of the job's rows. */
  readonly moments: Moments;
  /** Of all the data, where the job's rows are a sample, without wild values: what the floor is measured by. */
  readonly dataMoments: Moments;
}

/** One variational run over the job's rows, which are all rows of the data. */
export interface VariationalTask {
  readonly kind: 'variational';
  readonly shape: ModelShape;
  readonly start: RunStart | PosteriorStart;
  readonly settings: EmSettings;
  readonly prior: VariationalPrior;
  readonly moments: Moments;
}

/** At the posterior where another run ended. */
export interface PosteriorStart {
  readonly kind: 'posterior';
  readonly posterior: Posterior;
}

/** Moves from one solution to others that may be better. */
export interface MovesTask {
  readonly kind: 'moves';
  readonly solution: Parameters;
  /** Of the start values: those of the solution, one fewer or one more. */
  readonly nComponents: number;
  readonly settings: EmSettings;
  readonly prior?: Prior | undefined;
  /** Of the stream that random splits are drawn from. */
  readonly seed: number;
  /** Start values wanted. */
  readonly most: number;
  /** Of the job's rows. */
  readonly moments: Moments;
  /** Of all the data. */
  readonly dataMoments: Moments;
}

/** Everything that can be led. */
export type LeadTask =
  | EmTask
  | VariationalTask
  | MovesTask
  | { readonly kind: 'moments' }
  /** The box of noise; `moments` are those of the job's rows. */
  | { readonly kind: 'box'; readonly moments: Moments }
  | { readonly kind: 'score'; readonly parameters: Parameters };

/** The result of each kind of task: a run, start values, moments, a box, or the totals of the scores (as in core/statistics). */
export interface LeadResults {
  em: EmRun;
  variational: VariationalRun;
  moves: Parameters[];
  moments: Moments;
  box: Box | undefined;
  score: Float64Array;
}

/** How far a run is, for the caller. */
export interface LeadProgress {
  readonly iteration: number;
  /** Of a variational run its lower bound for each row. */
  readonly meanLogLikelihood: number;
}

/** Where a run is: what another leader needs to go on with it to the same bits. */
export type LeadState = EmLeadState | VariationalLeadState;

/** The state of a variational run is told before each pass. */
export interface VariationalLeadState {
  readonly kind: 'variational';
  readonly state: VariationalState;
}

/**
 * Where a run of EM is.
 *
 * EM's own state is that of its last point. The passes since then need not be run again: their statistics are handed to EM once
 * more, in order.
 */
export interface EmLeadState {
  readonly kind: 'em';
  readonly from: EmStart;
  /** Statistics of the passes since, the first that of `from` itself. */
  readonly passes: readonly Float64Array[];
}
