/** The stages of a fit and their costs: for the order of jobs and for progress. */

import { densityOf, type ModelShape } from '../core/parameters.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { sampleSizesFor, trialSizeFor } from '../rows/sample.js';
import type { ResolvedOptions } from './options.js';
import { type PreparedData, sampleNeeds } from './prepared-data.js';
import { FINALISTS_ON_MORE_ROWS, mostFinalists, TRIAL_ITERATIONS } from './search-limits.js';

/** Runs of moves that a rung usually takes. */
export const USUAL_MOVES = 18;

/** Rows for each row of the first sample up to which moves are tried on all rows, too. */
const MOVES_ON_ALL_ROWS = 16;

/** A set of rows that the search climbs on, and what is done there. */
export interface Rung {
  /** Rows. */
  readonly size: number;
  readonly tries: 'starts' | 'finalists' | 'finalists and moves';
  /** Indices of the stages of its runs and of its moves. */
  readonly stage: number;
  readonly moveStage: number;
  /** Rows of the sample that moves are proposed on: a smaller one, if there is one. */
  readonly proposalSize: number;
}

/**
 * What the search climbs on, in this order: the sample of the trials, the first sample, larger ones, and all rows where there are
 * not many more than that.
 */
export function planRungs(data: PreparedData, shape: ModelShape): Rung[] {
  const needs = sampleNeeds(data, shape);
  const sizes = sampleSizesFor(needs);
  const isNear = sizes[0] < needs.n && needs.n <= MOVES_ON_ALL_ROWS * sizes[0];
  const trialSize = trialSizeFor(needs);
  return [trialSize, ...sizes, ...(isNear ? [needs.n] : [])].map((size, i) => {
    const moves = i === 1 || size === needs.n;
    const tries = i === 0 ? 'starts' : moves ? 'finalists and moves' : 'finalists';
    const proposalSize = i === 1 ? trialSize : sizes[0];
    return { size, tries, stage: 2 * i, moveStage: 2 * i + 1, proposalSize };
  });
}

/** The index of the stage of the runs to the end. */
export function finalStageOf(rungs: readonly Rung[]): number {
  return 2 * rungs.length;
}

/**
 * The stages of a fit: on every rung runs and moves, then the runs to the end; of one component without noise, or given start values, only these.
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
  const components = densityOf(settings);
  const stageOf = (rows: number, runs: number, most: number): Stage => {
    const usualIterations = Math.min(settings.maxIter, most);
    return { cost: runs * (usualIterations + 1) * estimatePass(rows, shape, components), usualIterations };
  };
  if (shape.nComponents === 1 && !shape.noise) {
    return [stageOf(n, 1, components === 't' ? USUAL_ITERATIONS : 1)];
  }
  if (typeof init === 'object') return [stageOf(n, 1, USUAL_ITERATIONS)];
  const rungs = planRungs(data, shape);
  const first = estimatePass(rungs[1].size, shape, components);
  const most = rungs.map((_, i) =>
    i === 0
      ? nStarts
      : Math.min(nStarts, i === 1 ? mostFinalists(search, first) : FINALISTS_ON_MORE_ROWS.most),
  );
  const nMoves = search === 'none' ? 0 : USUAL_MOVES;
  return [
    ...rungs.flatMap(({ size, tries }, i) => [
      stageOf(size, most[i], tries === 'starts' ? TRIAL_ITERATIONS : USUAL_ITERATIONS),
      stageOf(size, tries === 'finalists and moves' ? nMoves : 0, USUAL_ITERATIONS),
    ]),
    stageOf(n, 1, USUAL_ITERATIONS),
  ];
}
