/**
 * `selectModel`: every family and number of components is fitted, all on one pool; badly fitted models are fitted again; the model with
 * the lowest criterion is chosen.
 */

import { together } from '../abort.js';
import { type CallMemory, NO_MEMORY } from '../checkpoint/call-memory.js';
import { withCheckpoint } from '../checkpoint/checkpoint.js';
import { identifyCall } from '../checkpoint/identity.js';
import type { ModelShape } from '../core/parameters.js';
import { findRangeEdge, type RangeEdge } from '../core/range-edge.js';
import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import { standingOf } from '../em/standing.js';
import { compose, fieldsOf, GmmError } from '../errors.js';
import type { GaussianMixture } from '../model/mixture.js';
import type { Caller } from '../parallel/pool.js';
import { withPool } from '../parallel/pools.js';
import type { FittedCell } from '../results.js';
import { countingRows, effectiveRows } from '../rows/shared-rows.js';
import type { Criterion, SelectOptions } from '../types.js';
import { resolveSelectOptions, resolveSweep, type Sweep } from './options.js';
import { errorOf, type FitOutcome } from './outcome.js';
import { prepareData } from './prepared-data.js';
import { createResult, type FitResult } from './result.js';
import { type FitContext, labelOf } from './runs.js';
import { fitCells } from './sweep.js';

/** One cell of a sweep: a model that was fitted, or why it could not be. */
export interface SelectionFit extends FittedCell {
  /**
   * Seconds from when its first run was given to a thread to the end of its last, those of a refit added; other cells may
   * have used the threads meanwhile. The only number here that is not the same each time.
   */
  readonly seconds: number;
  /** Absent, as the measures, where there is an error. */
  readonly model?: GaussianMixture;
  /** Why there is no model: DEGENERATE (status `'degenerate'`) or another (status `'failed'`). */
  readonly error?: GmmError;
}

/** What `selectModel` gives. */
export interface Selection {
  /**
   * The admissible cell with the lowest criterion. A cell with a component on fewer than 2 (d + 1) effective rows, unless they share
   * a covariance, loses against every cell without.
   */
  readonly best: FitResult;
  readonly criterion: Criterion;
  /** Where the number of components of `best` is the largest or the smallest that was tried: which to try next. */
  readonly edge?: RangeEdge;
  /** Every cell, by covariance type, then without and with noise, then by number of components, in the order asked for. */
  readonly fits: readonly SelectionFit[];
}

/**
 * Fits a mixture for every number of components (and covariance type) and chooses by a criterion. A model that comes out less likely
 * than a smaller or more restricted model, which it contains, is fitted again from that model's solution.
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
  const { signal, checkpoint } = resolved;
  const rows = await resolveDataset(data, { ...options, signal });
  const sweep = resolveSweep(resolved, countingRows(rows.sharedRows), rows.nFeatures);
  return withPool(options, (caller) =>
    together(resolved, (hooks) => {
      const work = (memory: CallMemory) => selectOnPool(caller, rows, { ...sweep, ...hooks }, memory);
      if (checkpoint === undefined) return work(NO_MEMORY);
      const identify = () => identifyCall('selectModel', sweep, rows, hooks.signal);
      return withCheckpoint(checkpoint, hooks.signal, identify, work);
    }),
  );
}

/** A cell's outcome and, if it was fitted, its result. */
interface EndedCell {
  readonly cell: ModelShape;
  readonly outcome: FitOutcome;
  readonly result: FitResult | undefined;
}

async function selectOnPool(
  caller: Caller,
  rows: Dataset,
  options: Sweep,
  memory: CallMemory,
): Promise<Selection> {
  const { criterion } = options;
  const data = await prepareData(caller, rows, options);
  const context: FitContext = { caller, data, memory, options };
  const { nFeatures } = rows;
  const cells: ModelShape[] = options.covarianceTypes.flatMap((covarianceType) =>
    options.noise.kinds.flatMap((hasNoise) => {
      const noise = hasNoise ? data.noise : undefined;
      return options.nComponents.map((nComponents) => ({ covarianceType, nComponents, nFeatures, noise }));
    }),
  );
  const ended = await fitCells(context, rows, cells, (cell, outcome): EndedCell => {
    const result = outcome.kind === 'fitted' ? createResult(outcome, data, options) : undefined;
    return { cell, outcome, result };
  });
  const best = chooseBest(ended, criterion, effectiveRows(data.rows));
  const fits = ended.map(createEntry);
  if (!best) throw nothingAdmissible(fits);
  const edge = findRangeEdge(cells, best.model, countingRows(data.rows));
  return { best, criterion, ...(edge && { edge }), fits };
}

/** The lowest criterion among the cells of the best standing: few rows of one component make every criterion as low as they like. */
function chooseBest(
  ended: readonly EndedCell[],
  criterion: Criterion,
  nEffective: number,
): FitResult | undefined {
  let best: FitResult | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const { outcome, result } of ended) {
    if (outcome.kind === 'failed' || !result) continue;
    const standing = standingOf(outcome.winner, nEffective);
    if (standing > highest || (standing === highest && best && result[criterion] < best[criterion])) {
      best = result;
      highest = standing;
    }
  }
  return best;
}

function createEntry({ cell, outcome, result }: EndedCell): SelectionFit {
  const label = labelOf(cell);
  const { seconds } = outcome;
  if (outcome.kind === 'failed') {
    const status = outcome.error.code === 'DEGENERATE' ? 'degenerate' : 'failed';
    return { ...label, status, seconds, error: errorOf(outcome) };
  }
  if (!result) throw new Error('a fitted cell has a result');
  const { model, status, logLikelihood, logPrior, nParameters, bic, aic, icl, nIterations } = result;
  return {
    ...label,
    status,
    seconds,
    model,
    logLikelihood,
    ...(logPrior !== undefined && { logPrior }),
    nParameters,
    bic,
    aic,
    icl,
    nIterations,
  };
}

function nothingAdmissible(fits: readonly SelectionFit[]): GmmError {
  const first = fits.find(({ error }) => error)?.error;
  if (!first) throw new Error('a sweep without a model has an error');
  if (fits.length === 1) return first;
  const message = compose`none of the ${fits.length} models could be fitted; the first says: ${first.parts}`;
  return new GmmError(first.code, message, { cause: first, ...fieldsOf(first) });
}
