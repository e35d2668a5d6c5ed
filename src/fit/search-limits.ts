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

/** Trials that go on, at most, by the cost of a pass: the less a run costs, the more of them are worth their time. */
const FINALISTS: readonly { readonly passCost: number; readonly most: number }[] = [
  { passCost: 2e4, most: 10 },
  { passCost: 1e5, most: 5 },
  { passCost: 5e6, most: 4 },
  { passCost: Number.POSITIVE_INFINITY, most: 3 },
];
const THOROUGH_FINALISTS = 10;

/**
 * @param passCost - of the rows that the trials go on to, from `estimatePass`
 * @returns the number of trials that go on, at most
 */
export function mostFinalists(search: SearchEffort, passCost: number): number {
  if (search === 'thorough') return THOROUGH_FINALISTS;
  return FINALISTS.find((row) => passCost <= row.passCost)?.most ?? 1;
}

/** Solutions that go on to more rows. */
export const FINALISTS_ON_MORE_ROWS: FinalistRules = { most: 3, standardErrors: 3, checksValleys: true };

/** How long moves from a solution are tried. */
interface MoveLimits {
  /** Moves that are run to convergence in one round. */
  readonly inRound: number;
  /** Rounds from the best solution that bring nothing, after which the search ends. */
  readonly patience: number;
}

export const MOVE_LIMITS: Readonly<Record<Exclude<SearchEffort, 'none'>, MoveLimits>> = {
  default: { inRound: 4, patience: 1 },
  thorough: { inRound: 6, patience: 3 },
};

/** Rounds, at most: each of them improved a solution, so there are rarely more than a few. */
export const MOST_ROUNDS = 100;

/** Log-likelihood for each row that a better solution gains at least: more than runs to APPROACH_TOL differ at one optimum. */
export const LEAST_GAIN = 2e-5;
