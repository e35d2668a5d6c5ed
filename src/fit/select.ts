/**
 * Choosing the model: every number of components and covariance type fitted, all on one pool; those that were badly
 * fitted, again; the lowest criterion chosen.
 */

import { together } from '../abort.js';
import { type CallMemory, NO_MEMORY } from '../checkpoint/call-memory.js';
import { withCheckpoint } from '../checkpoint/checkpoint.js';
import { identifyCall } from '../checkpoint/identity.js';
import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import { compose, fieldsOf, GmmError } from '../errors.js';
import type { GaussianMixture } from '../model/mixture.js';
import type { Caller } from '../parallel/pool.js';
import { withPool } from '../parallel/pools.js';
import { countingRows } from '../rows/shared-rows.js';
import type { CovarianceType, Criterion, FitStatus, SelectOptions } from '../types.js';
import {
  checkEnoughRows,
  createResult,
  type Failed,
  type FitResult,
  type Fitted,
  fitPrepared,
} from './fit.js';
import { type ResolvedSelectOptions, resolveSelectOptions, resolveSweep, type Sweep } from './options.js';
import { prepareData } from './prepared-data.js';
import { containedIn, type Frame, refitWhereWorse } from './refit.js';
import { planStages } from './starts.js';

/** One cell of a sweep: a model that was fitted, or why it could not be. */
export interface SelectionFit {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
  /**
   * Seconds from when its first run was given to a thread to the end of its last, those of a refit added; other cells may
   * have used the threads meanwhile. The only number here that is not the same each time.
   */
  readonly seconds: number;
  /** Absent, as the numbers below, where there is an error. */
  readonly model?: GaussianMixture;
  readonly logLikelihood?: number;
  readonly nParameters?: number;
  readonly bic?: number;
  readonly aic?: number;
  readonly icl?: number;
  readonly nIterations?: number;
  /** Why there is no model: DEGENERATE (status `'degenerate'`) or another (status `'failed'`). */
  readonly error?: GmmError;
}

/** What `selectModel` gives. */
export interface Selection {
  /** The admissible cell with the lowest criterion. */
  readonly best: FitResult;
  readonly criterion: Criterion;
  /** Every cell, by covariance type, then by number of components, in the order asked for. */
  readonly fits: readonly SelectionFit[];
}

/**
 * Fits a mixture for every number of components (and covariance type) and chooses by a criterion. A model that comes out
 * less likely than a smaller or more restricted one, which it contains, is fitted again from that one's solution.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - `nComponents`, an array, default 1 to 9; every option of `fit`
 * @throws GmmError INVALID_OPTION, INVALID_DATA; DEGENERATE where no cell is admissible, IO (`checkpoint`); the reason of
 *   `signal`
 * @example
 * const { best, fits } = await selectModel(data);
 */
export async function selectModel(
  data: Dataset | RowSource,
  options: SelectOptions = {},
): Promise<Selection> {
  const resolved = resolveSelectOptions(options);
  const { shared } = resolved;
  const rows = await resolveDataset(data, { ...options, signal: shared.signal });
  const sweep = resolveSweep(resolved, countingRows(rows.sharedRows), rows.nFeatures);
  return withPool(options, (caller) =>
    together(shared, (hooks) => {
      const work = (memory: CallMemory) => selectOnPool(caller, rows, sweep, { ...shared, ...hooks }, memory);
      if (shared.checkpoint === undefined) return work(NO_MEMORY);
      const identify = () => identifyCall('selectModel', { ...sweep, ...shared }, rows, hooks.signal);
      return withCheckpoint(shared.checkpoint, hooks.signal, identify, work);
    }),
  );
}

/** What came of a cell. */
type Outcome = { readonly result: FitResult; readonly seconds: number } | Failed;

async function selectOnPool(
  caller: Caller,
  rows: Dataset,
  { nComponents, covarianceTypes, criterion }: Sweep,
  shared: ResolvedSelectOptions['shared'],
  memory: CallMemory,
): Promise<Selection> {
  const { onProgress } = shared;
  const cells: Frame[] = covarianceTypes.flatMap((covarianceType) =>
    nComponents.map((k) => ({ nComponents: k, covarianceType })),
  );
  const data = await prepareData(caller, rows, shared.seed, shared.signal);
  const context = { caller, data, memory };
  const costs = new Map(
    cells.map((cell) => {
      const stages = planStages(data, { ...shared, ...cell });
      return [cell, stages.reduce((sum, { cost }) => sum + cost, 0)];
    }),
  );
  const totalCost = [...costs.values()].reduce((sum, cost) => sum + cost, 0);
  const costShareOf = (cell: Frame) => (costs.get(cell) ?? 0) / totalCost;

  let done = 0;
  let share = 0;
  onProgress?.({ type: 'sweep', done, total: cells.length, share });

  const fitCell = async (cell: Frame): Promise<Fitted | Failed> => {
    try {
      checkEnoughRows(rows, { ...shared, ...cell });
    } catch (error) {
      return { error: error as GmmError, seconds: 0 };
    }
    return fitPrepared(context, { ...shared, ...cell }, costShareOf(cell));
  };
  // All cells begin at once, the pool puts their runs in order; each is judged when those that it contains have been.
  const fitting = new Map(cells.map((cell) => [cell, fitCell(cell)]));
  const judged = new Map<Frame, Promise<Fitted | Failed>>();
  const judge = (cell: Frame): Promise<Fitted | Failed> => {
    const outcome = judged.get(cell) ?? judgeCell(cell);
    judged.set(cell, outcome);
    return outcome;
  };
  const judgeCell = async (cell: Frame): Promise<Fitted | Failed> => {
    // Awaited first: a long list of cells, each of which contains the next, would else be as deep a stack.
    const outcome = (await fitting.get(cell)) as Fitted | Failed;
    if ('error' in outcome) return outcome;
    const contained = await Promise.all(containedIn(cell, cells, shared.equalWeights).map(judge));
    const sound = contained.flatMap((one) => ('error' in one ? [] : [one]));
    return refitWhereWorse(context, { ...shared, ...cell }, outcome, sound);
  };
  const endCell = async (cell: Frame): Promise<Outcome> => {
    const outcome = await judge(cell);
    const ended: Outcome =
      'error' in outcome
        ? outcome
        : { result: createResult(outcome, data, { ...shared, ...cell }), seconds: outcome.seconds };
    onProgress?.({ type: 'fit-end', ...cell, ...summarize(ended) });
    done++;
    share = done < cells.length ? share + costShareOf(cell) : 1;
    onProgress?.({ type: 'sweep', done, total: cells.length, share });
    return ended;
  };
  const outcomes = await Promise.all(cells.map(endCell));

  let best: FitResult | undefined;
  for (const outcome of outcomes) {
    if ('error' in outcome) continue;
    if (!best || outcome.result[criterion] < best[criterion]) best = outcome.result;
  }
  const fits = cells.map((cell, i) => createEntry(cell, outcomes[i]));
  if (!best) throw nothingAdmissible(fits);
  return { best, criterion, fits };
}

/** How a cell ended, and its BIC if it has one. */
function summarize(outcome: Outcome): { status: SelectionFit['status']; bic?: number } {
  if ('result' in outcome) return { status: outcome.result.status, bic: outcome.result.bic };
  return { status: outcome.error.code === 'DEGENERATE' ? 'degenerate' : 'failed' };
}

function createEntry(cell: Frame, outcome: Outcome): SelectionFit {
  const { nComponents, covarianceType } = cell;
  const { status } = summarize(outcome);
  const entry = { nComponents, covarianceType, status, seconds: outcome.seconds };
  if ('error' in outcome) return { ...entry, error: outcome.error };
  const { model, logLikelihood, nParameters, bic, aic, icl, nIterations } = outcome.result;
  return { ...entry, model, logLikelihood, nParameters, bic, aic, icl, nIterations };
}

function nothingAdmissible(fits: readonly SelectionFit[]): GmmError {
  const first = fits.find(({ error }) => error)?.error as GmmError;
  if (fits.length === 1) return first;
  const message = compose`none of the ${fits.length} models could be fitted; the first says: ${first.parts}`;
  return new GmmError(first.code, message, { cause: first, ...fieldsOf(first) });
}
