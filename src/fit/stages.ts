/** The stages of a fit and their costs: for the order of jobs and for progress. */

import type { ModelShape } from '../core/parameters.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { sampleSizesFor, trialSizeFor } from '../rows/sample.js';
import type { ResolvedOptions } from './options.js';
import { type PreparedData, sampleNeeds } from './prepared-data.js';
import { FINALISTS_ON_MORE_ROWS, mostFinalists, TRIAL_ITERATIONS } from './search-limits.js';

/** Indices of the first stages of a search; those on larger samples follow, and the runs on all rows are last. */
export const TRIAL_STAGE = 0;
export const APPROACH_STAGE = 1;
export const MOVE_STAGE = 2;

/** Runs of moves that a fit usually takes for each finalist. */
const USUAL_MOVES = 3;

/** @param sizes - of the samples after the trials */
export function finalStageOf(sizes: readonly number[]): number {
  return MOVE_STAGE + sizes.length;
}

/**
 * The stages of a fit: the trials, the approach on the first sample, moves, the approaches on larger samples, and the runs to the
 * end; of one component, or given start values, only these.
 *
 * @param nStarts - of the trials
 */
export function planStages(
  data: PreparedData,
  shape: ModelShape,
  { init, search, settings }: ResolvedOptions,
  nStarts: number,
): Stage[] {
  const { nSamples: n } = data.rows;
  const stageOf = (rows: number, runs: number, most: number): Stage => {
    const usualIterations = Math.min(settings.maxIter, most);
    return { cost: runs * (usualIterations + 1) * estimatePass(rows, shape), usualIterations };
  };
  if (shape.nComponents === 1) return [stageOf(n, 1, 1)];
  if (typeof init === 'object') return [stageOf(n, 1, USUAL_ITERATIONS)];
  const needs = sampleNeeds(data, shape);
  const [first, ...larger] = sampleSizesFor(needs);
  const nFinalists = Math.min(nStarts, mostFinalists(estimatePass(first, shape)));
  const nMoves = search === 'none' ? 0 : USUAL_MOVES * nFinalists;
  return [
    stageOf(trialSizeFor(needs), nStarts, TRIAL_ITERATIONS),
    stageOf(first, nFinalists, USUAL_ITERATIONS),
    { ...stageOf(first, nMoves, USUAL_ITERATIONS), usualRuns: nMoves },
    ...larger.map((size) => stageOf(size, Math.min(nStarts, FINALISTS_ON_MORE_ROWS.most), USUAL_ITERATIONS)),
    stageOf(n, 1, USUAL_ITERATIONS),
  ];
}
