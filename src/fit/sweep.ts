/**
 * The cells of a sweep. All begin at once, and the pool puts their runs in order. Each is judged when the models that it contains have
 * been judged, and on few rows learns from its neighbours.
 */

import type { ModelShape } from '../core/parameters.js';
import type { Dataset } from '../data/dataset.js';
import { GmmError } from '../errors.js';
import { checkEnoughRows } from './fit.js';
import { fitShape } from './fit-shape.js';
import { createImprovement, neighboursOf, usesNeighbours } from './neighbours.js';
import { type FitOutcome, type Fitted, failedWith } from './outcome.js';
import { containedIn, refitWhereWorse } from './refit.js';
import { type FitContext, labelOf } from './runs.js';
import { planStages } from './stages.js';

/** Rounds in which cells are improved from their neighbours: down, up, and down again. */
const ROUNDS = 3;

/** What callers get of a cell. */
interface CellEnd {
  readonly outcome: FitOutcome;
  readonly result: { readonly status: Fitted['winner']['status']; readonly bic: number } | undefined;
}

/**
 * Fits all cells, reports their ends to `onProgress`, and makes their results.
 *
 * @param createEnd - what becomes of a cell's outcome
 */
export async function fitCells<End extends CellEnd>(
  context: FitContext,
  rows: Dataset,
  cells: readonly ModelShape[],
  createEnd: (cell: ModelShape, outcome: FitOutcome) => End,
): Promise<End[]> {
  const { onProgress } = context.options;
  const costShares = shareCosts(context, cells);
  let done = 0;
  let share = 0;
  onProgress?.({ type: 'sweep', done, total: cells.length, share });
  const judge = createJudge(context, cells, (cell, i) => fitCell(context, rows, cell, costShares[i]));
  return Promise.all(
    cells.map(async (cell, i) => {
      const end = createEnd(cell, await judge(cell));
      onProgress?.({ type: 'fit-end', ...labelOf(cell), ...summarize(end) });
      done++;
      share = done < cells.length ? share + costShares[i] : 1;
      onProgress?.({ type: 'sweep', done, total: cells.length, share });
      return end;
    }),
  );
}

/** What each cell makes up of the sweep's work. */
function shareCosts({ data, options }: FitContext, cells: readonly ModelShape[]): number[] {
  const costs = cells.map((cell) =>
    planStages(data, cell, options, options.nInit).reduce((sum, { cost }) => sum + cost, 0),
  );
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return costs.map((cost) => cost / total);
}

async function fitCell(
  context: FitContext,
  rows: Dataset,
  cell: ModelShape,
  costShare: number,
): Promise<FitOutcome> {
  try {
    checkEnoughRows(rows, cell, context.options);
  } catch (error) {
    if (error instanceof GmmError) return failedWith(error, 0);
    throw error;
  }
  return fitShape(context, cell, costShare);
}

/**
 * Begins all fits.
 *
 * @returns a cell's outcome: fitted, fitted again where it was worse than a model that it contains, and on few rows improved from its
 *   neighbours, the larger of them improved before
 */
function createJudge(
  context: FitContext,
  cells: readonly ModelShape[],
  fitCellAt: (cell: ModelShape, i: number) => Promise<FitOutcome>,
): (cell: ModelShape) => Promise<FitOutcome> {
  const { equalWeights } = context.options.settings;
  const fitting = new Map(cells.map((cell, i) => [cell, fitCellAt(cell, i)]));
  /** Awaited first: a long list of cells, each of which stands on the next, would otherwise make as deep a stack. */
  const fitOf = (cell: ModelShape): Promise<FitOutcome> => {
    const outcome = fitting.get(cell);
    if (!outcome) throw new Error('only cells of the sweep are judged');
    return outcome;
  };
  /** Fitted again from the models that a cell contains, of which `of` tells the outcomes. */
  const refit = async (cell: ModelShape, outcome: FitOutcome, of: Judge, name = ''): Promise<FitOutcome> => {
    if (outcome.kind === 'failed') return outcome;
    const contained = await Promise.all(containedIn(cell, cells, equalWeights).map(of));
    return refitWhereWorse(context, cell, outcome, contained.filter(isFitted), name);
  };
  const refitted = once(async (cell) => refit(cell, await fitOf(cell), refitted));
  if (!usesNeighbours(context)) return refitted;

  let judged = refitted;
  const improve = createImprovement(context);
  for (let round = 0; round < ROUNDS; round++) {
    const before = judged;
    // The larger neighbour is improved first, in the next round the smaller one.
    const direction = round % 2 === 0 ? 1 : -1;
    const improved = once(async (cell) => {
      await fitOf(cell);
      const outcome = await before(cell);
      if (outcome.kind === 'failed') return outcome;
      const neighbours = neighboursOf(cell, cells).map((other) =>
        direction * (other.nComponents - cell.nComponents) > 0 ? improved(other) : before(other),
      );
      const ends = await Promise.all(neighbours);
      return improve(cell, outcome, ends.filter(isFitted), round);
    });
    judged = improved;
  }
  const last = once(async (cell) => {
    await fitOf(cell);
    return refit(cell, await judged(cell), last, 'last ');
  });
  return last;
}

/** How a cell ended. */
type Judge = (cell: ModelShape) => Promise<FitOutcome>;

/** Each cell is judged once. */
function once(judge: Judge): Judge {
  const judged = new Map<ModelShape, Promise<FitOutcome>>();
  return (cell) => {
    const outcome = judged.get(cell) ?? judge(cell);
    judged.set(cell, outcome);
    return outcome;
  };
}

function isFitted(outcome: FitOutcome): outcome is Fitted {
  return outcome.kind === 'fitted';
}

/** How a cell ended, and its BIC if it has one. */
function summarize({ outcome, result }: CellEnd) {
  if (result) return { status: result.status, bic: result.bic };
  return {
    status: outcome.kind === 'failed' && outcome.error.code === 'DEGENERATE' ? 'degenerate' : 'failed',
  } as const;
}
