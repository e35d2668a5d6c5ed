/** How far the starts of a fit agree on its solution, in one sentence. */

import type { Restart } from '../../results.js';
import { countOf, formatCount } from '../chart/counts.js';

/** How a start ended. */
export type StartEnd = Pick<Restart, 'status' | 'logLikelihood' | 'moves' | 'agrees'>;

/**
 * @param starts - all starts of the fit
 * @param logLikelihood - of the solution
 * @returns `7 of 10 starts agree`, with the moves or the refit that led to the solution; empty if there is nothing to tell
 */
export function describeAgreement(starts: readonly StartEnd[], logLikelihood: number): string {
  const agreeing = starts.filter(({ agrees }) => agrees);
  const collapsed = starts.filter(({ status }) => status === 'degenerate').length;
  const moves = agreeing.find((start) => start.logLikelihood === logLikelihood)?.moves ?? 0;
  const led = moves > 0 ? `${countOf(moves, 'move')} led to this solution` : '';
  if (starts.length === 1) return led;
  const count = `${formatCount(agreeing.length)} of ${countOf(starts.length, 'start')} agree`;
  const lost = collapsed > 0 ? ` (${formatCount(collapsed)} collapsed)` : '';
  // Only a refit finds a solution to which no start leads.
  if (agreeing.length === 0) return `${count}${lost}; a model that this one contains led to this solution`;
  return `${count}${lost}${led && `; ${led}`}`;
}

/** @returns whether so few starts agree that more of them may find a better solution: fewer than a third */
export function isDoubtful(starts: readonly Pick<Restart, 'agrees'>[]): boolean {
  return 3 * starts.filter(({ agrees }) => agrees).length < starts.length;
}
