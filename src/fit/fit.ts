/** `fit`: options and rows are checked, then one shape is fitted on the pool. */

import { together } from '../abort.js';
import { type CallMemory, NO_MEMORY } from '../checkpoint/call-memory.js';
import { withCheckpoint } from '../checkpoint/checkpoint.js';
import { identifyCall } from '../checkpoint/identity.js';
import { formOf } from '../core/covariance/families.js';
import type { ModelShape } from '../core/parameters.js';
import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import { compose, GmmError, mention } from '../errors.js';
import type { Caller } from '../parallel/pool.js';
import { withPool } from '../parallel/pools.js';
import { countingRows } from '../rows/shared-rows.js';
import type { FitOptions } from '../types.js';
import { fitShape } from './fit-shape.js';
import { type ResolvedFitOptions, type ResolvedOptions, resolveFitOptions } from './options.js';
import { errorOf } from './outcome.js';
import { prepareData } from './prepared-data.js';
import { createResult, type FitResult } from './result.js';
import { labelOf } from './runs.js';
import { fitVariational } from './variational.js';

/**
 * Fits a mixture of Gaussians by expectation–maximisation on worker threads.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - at least `nComponents`
 * @returns the model with the highest log-likelihood of all admissible starts
 * @throws GmmError INVALID_OPTION, INVALID_DATA, DEGENERATE (every start collapsed), WORKER_FAILED, IO (`checkpoint`); the
 *   reason of `signal`
 * @example
 * const { model, bic } = await fit([[1.0], [1.2], [5.1], [4.9]], { nComponents: 2, seed: 1 });
 */
export async function fit(data: Dataset | RowSource, options: FitOptions): Promise<FitResult> {
  const resolved = resolveFitOptions(options);
  const rows = await resolveDataset(data, { ...options, signal: resolved.signal });
  return withPool(options, (caller) =>
    together(resolved, (hooks) => {
      const work = (memory: CallMemory) => fitOnPool(caller, rows, { ...resolved, ...hooks }, memory);
      if (resolved.checkpoint === undefined) return work(NO_MEMORY);
      const identify = () => identifyCall('fit', resolved, rows, hooks.signal);
      return withCheckpoint(resolved.checkpoint, hooks.signal, identify, work);
    }),
  );
}

/** `fit`, past the checks that need no rows. */
async function fitOnPool(
  caller: Caller,
  rows: Dataset,
  options: ResolvedFitOptions,
  memory: CallMemory,
): Promise<FitResult> {
  const { nComponents, covarianceType, onProgress } = options;
  const plain: ModelShape = { covarianceType, nComponents, nFeatures: rows.nFeatures };
  checkEnoughRows(rows, plain, options, options.variational !== undefined || isHeldByPrior(options, plain));
  const data = await prepareData(caller, rows, options);
  const shape = { ...plain, noise: data.noise };
  const context = { caller, data, memory, options };
  const outcome = options.variational
    ? await fitVariational(context, shape, options.variational)
    : await fitShape(context, shape, 1);
  if (outcome.kind === 'failed') throw errorOf(outcome);
  const result = createResult(outcome, data, options);
  const { status, bic } = result;
  onProgress?.({ type: 'fit-end', ...labelOf(shape), status, bic });
  return result;
}

/** With more columns, every step of a fit with a prior takes so long that it must be asked for. */
const MOST_COLUMNS_BY_PRIOR = 100;

/** Whether a prior holds covariances that the rows leave singular. */
function isHeldByPrior({ prior }: ResolvedOptions, { nFeatures: d }: ModelShape): boolean {
  return prior !== 'none' && (prior !== 'auto' || d <= MOST_COLUMNS_BY_PRIOR);
}

/**
 * What the numbers of rows and columns alone tell.
 *
 * @param hasPrior - whether a prior keeps covariances positive definite
 * @throws GmmError INVALID_DATA where there are fewer rows than components; DEGENERATE where every covariance is singular, without a prior
 */
export function checkEnoughRows(
  data: Dataset,
  shape: ModelShape,
  options: ResolvedOptions,
  hasPrior = isHeldByPrior(options, shape),
): void {
  const { nComponents: k, nFeatures: d, covarianceType } = shape;
  const { regCovar, maxIter } = options.settings;
  const n = countingRows(data.sharedRows);
  const rows = `${n} ${n === 1 ? 'row is' : 'rows are'} too few`;
  if (n < k) {
    const message = compose`${rows} for ${k} components; lower ${mention('nComponents')} or give more rows`;
    throw new GmmError('INVALID_DATA', message);
  }
  // The scatter of n rows about a mean has rank n − 1 at most. With one column, constant columns are found and named later.
  if (!formOf(covarianceType).isDense || n > d || d === 1 || regCovar > 0 || maxIter === 0) return;
  if (hasPrior) return;
  const why = 'which are singular unless there are more rows than columns';
  const message = compose`${rows} for '${covarianceType}' covariances of ${d} columns, ${why}; use ${mention('covarianceType')} 'diag', leave out columns, or set ${mention('regCovar')} (now ${regCovar})`;
  throw new GmmError('DEGENERATE', message);
}
