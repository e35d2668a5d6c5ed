/** How much is tried before the runs on all rows. */

import type { SearchEffort } from '../types.js';
import type { FinalistRules } from './finalists.js';

/** Plain passes for which starts are tried, and the tolerance that ends a trial sooner. */
export const TRIAL_ITERATIONS = 12;
export const TRIAL_TOL = 1e-4;

/**
 * Most iterations of the runs after the trials, and their tolerance on all rows. The winner goes on to the tolerance of the caller.
 */
export const APPROACH_ITERATIONS = 200;
export const APPROACH_TOL = 1e-5;

/**
 * The same on a sample: going on would only fit the sample, whose optimum is p / 2m below that of all rows, for each row (1e-2 for
 * 400 parameters and 20,000 rows).
 */
export const SAMPLE_TOL = 2e-4;

/** Starts that go on from the trials, and how many of these go on to more rows. */
export const FINALISTS: FinalistRules = { most: 3, standardErrors: Number.POSITIVE_INFINITY };
export const FINALISTS_ON_MORE_ROWS: FinalistRules = { most: 2, standardErrors: 3 };

/** How long moves from the best solution are tried. */
interface MoveLimits {
  /** Moves of one round that are run to convergence, some at a time, until one of them is better. */
  readonly inRound: number;
  /** Rounds in a row that bring nothing, after which the search ends. */
  readonly patience: number;
}

/** Moves that run at the same time. */
export const MOVES_AT_ONCE = 3;

/** Rounds, at most: each of them improved the solution, so there are rarely more than a few. */
export const MOST_ROUNDS = 100;

export const MOVE_LIMITS: Readonly<Record<Exclude<SearchEffort, 'none'>, MoveLimits>> = {
  default: { inRound: 6, patience: 1 },
  thorough: { inRound: 12, patience: 4 },
};

/** Log-likelihood for each row that a better solution gains at least: more than runs to APPROACH_TOL differ at one optimum. */
export const LEAST_GAIN = 2e-5;
