/** The winner of a fit as a run among others, and the fit with another winner. */

import { standingOf } from '../em/standing.js';
import { effectiveRows, type SharedRows } from '../rows/shared-rows.js';
import { areAtOneOptimum, type StartedRun } from './finalists.js';
import type { Fitted } from './outcome.js';
import type { PreparedData } from './prepared-data.js';

/** The winner wins ties with later runs, whose starts count from 0. */
const BEFORE_ALL = Number.NEGATIVE_INFINITY;

export function winnerOf({ winner }: Fitted, rows: SharedRows): StartedRun {
  const standing = standingOf(winner, effectiveRows(rows));
  return { start: BEFORE_ALL, run: winner, rows, isFinal: true, standing, moves: 0, basin: [] };
}

/**
 * The fit with another winner. Its starts do not agree on another optimum.
 *
 * @param seconds - that it took to find the winner
 */
export function replaceWinner(
  fitted: Fitted,
  best: StartedRun,
  { rows, moments }: PreparedData,
  seconds: number,
): Fitted {
  const isSame = areAtOneOptimum(best, winnerOf(fitted, rows), moments.totalWeight);
  const restarts = isSame
    ? fitted.restarts
    : fitted.restarts.map((restart) => ({ ...restart, agrees: false }));
  return { ...fitted, winner: best.run, restarts, seconds: fitted.seconds + seconds };
}
