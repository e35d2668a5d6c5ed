/**
 * The cells of a sweep. All begin at once, and the pool puts their runs in order. Each is judged when the models that it contains have
 * been judged.
 */

import type { ModelShape } from '../core/parameters.js';
import type { Dataset } from '../data/dataset.js';
import { GmmError } from '../errors.js';
import { checkEnoughRows } from './fit.js';
import { fitShape } from './fit-shape.js';
import { type FitOutcome, type Fitted, failedWith } from './outcome.js';
import { containedIn, refitWhereWorse } from './refit.js';
import { type FitContext, labelOf } from './runs.js';
import { planStages } from './stages.js';

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

/** Begins all fits. @returns a cell's outcome, after a refit where it was worse than a model that it contains */
function createJudge(
  context: FitContext,
  cells: readonly ModelShape[],
  fitCellAt: (cell: ModelShape, i: number) => Promise<FitOutcome>,
): (cell: ModelShape) => Promise<FitOutcome> {
  const fitting = new Map(cells.map((cell, i) => [cell, fitCellAt(cell, i)]));
  const judged = new Map<ModelShape, Promise<FitOutcome>>();
  const judgeCell = async (cell: ModelShape): Promise<FitOutcome> => {
    // Awaited first: a long list of cells, each of which contains the next, would otherwise make as deep a stack.
    const outcome = await fitting.get(cell);
    if (!outcome) throw new Error('only cells of the sweep are judged');
    if (outcome.kind === 'failed') return outcome;
    const { equalWeights } = context.options.settings;
    const contained = await Promise.all(containedIn(cell, cells, equalWeights).map(judge));
    const fitted = contained.filter((other) => other.kind === 'fitted');
    return refitWhereWorse(context, cell, outcome, fitted);
  };
  const judge = (cell: ModelShape): Promise<FitOutcome> => {
    const outcome = judged.get(cell) ?? judgeCell(cell);
    judged.set(cell, outcome);
    return outcome;
  };
  return judge;
}

/** How a cell ended, and its BIC if it has one. */
function summarize({ outcome, result }: CellEnd) {
  if (result) return { status: result.status, bic: result.bic };
  return {
    status: outcome.kind === 'failed' && outcome.error.code === 'DEGENERATE' ? 'degenerate' : 'failed',
  } as const;
}
