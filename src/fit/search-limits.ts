/** How much is tried before the runs on all rows. */

import type { FinalistRules } from './finalists.js';

/** Up to this many rows every start runs to convergence: that takes milliseconds, and no start is judged too early. */
export const SMALL_DATA = 2000;

/** Iterations for which starts of larger data are tried, and the tolerance that ends a trial sooner. */
export const TRIAL_ITERATIONS = 15;
export const TRIAL_TOL = 1e-4;

/**
 * Iterations on samples after the trials, and their tolerance. Going on would only fit the sample, whose optimum is p / 2m below
 * that of all rows, for each row (1e-2 for 400 parameters and 20,000 rows).
 */
export const APPROACH_ITERATIONS = 200;
export const APPROACH_TOL = 2e-4;

/** Starts that go on from the trials on that sample, and how many of these go on to more rows. */
export const FINALISTS: FinalistRules = { most: 3, standardErrors: Number.POSITIVE_INFINITY };
export const FINALISTS_ON_MORE_ROWS: FinalistRules = { most: 2, standardErrors: 3 };
