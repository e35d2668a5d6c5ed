/** Choosing the model: every number of components and covariance type fitted, all on one pool, the lowest criterion chosen. */

import { together, unlessAborted } from './abort.js';
import { type Dataset, type RowSource, resolveDataset } from './dataset.js';
import { GmmError } from './errors.js';
import { checkEnoughRows, type FitResult, fitPrepared, planStages } from './fit.js';
import type { GaussianMixture } from './mixture.js';
import { type ResolvedSelectOptions, resolveSelectOptions } from './options.js';
import type { Pool } from './parallel/pool.js';
import { withPool } from './pools.js';
import { prepareData } from './prepared-data.js';
import type { CovarianceType, Criterion, FitStatus, SelectOptions } from './types.js';

/** One cell of a sweep: a model that was fitted, or why it could not be. */
export interface SelectionFit {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
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
 * Fits a mixture for every number of components (and covariance type) and chooses by a criterion.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - at least `nComponents`, an array
 * @throws GmmError INVALID_OPTION, INVALID_DATA; DEGENERATE where no cell is admissible; the reason of `signal`
 * @example
 * const { best, fits } = await selectModel(data, { nComponents: [1, 2, 3, 4] });
 */
export async function selectModel(data: Dataset | RowSource, options: SelectOptions): Promise<Selection> {
  const resolved = resolveSelectOptions(options);
  const { shared } = resolved;
  const rows = await unlessAborted(shared.signal, () => resolveDataset(data));
  return withPool(options, (pool) =>
    together(shared.signal, (signal) =>
      selectOnPool(pool, rows, { ...resolved, shared: { ...shared, signal } }),
    ),
  );
}

async function selectOnPool(pool: Pool, data: Dataset, options: ResolvedSelectOptions): Promise<Selection> {
  const { criterion, shared } = options;
  const { onProgress, signal } = shared;
  const cells = options.covarianceTypes.flatMap((covarianceType) =>
    options.nComponents.map((nComponents) => ({ nComponents, covarianceType })),
  );
  const prepared = await prepareData(pool, data, shared.seed, signal);

  const costs = cells.map((cell) =>
    planStages(data.nSamples, data.nFeatures, { ...shared, ...cell }).reduce(
      (sum, { cost }) => sum + cost,
      0,
    ),
  );
  const totalCost = costs.reduce((sum, cost) => sum + cost, 0);

  let done = 0;
  let share = 0;
  onProgress?.({ type: 'sweep', done, total: cells.length, share });
  const fitCell = async (cell: (typeof cells)[number], i: number): Promise<FitResult | GmmError> => {
    const costShare = costs[i] / totalCost;
    try {
      checkEnoughRows(data, cell.nComponents);
      return await fitPrepared(pool, prepared, { ...shared, ...cell }, costShare);
    } catch (error) {
      if (!(error instanceof GmmError) || signal?.aborted) throw error;
      onProgress?.({ type: 'fit-end', ...cell, status: statusOf(error) });
      return error;
    } finally {
      done++;
      share = done < cells.length ? share + costShare : 1;
      onProgress?.({ type: 'sweep', done, total: cells.length, share });
    }
  };
  const outcomes = await Promise.all(cells.map(fitCell));

  let best: FitResult | undefined;
  for (const outcome of outcomes) {
    if (outcome instanceof GmmError) continue;
    if (!best || outcome[criterion] < best[criterion]) best = outcome;
  }
  const fits = cells.map((cell, i) => createEntry(cell, outcomes[i]));
  if (!best) throw nothingAdmissible(fits);
  return { best, criterion, fits };
}

function statusOf(error: GmmError): 'degenerate' | 'failed' {
  return error.code === 'DEGENERATE' ? 'degenerate' : 'failed';
}

function createEntry(
  cell: Pick<SelectionFit, 'nComponents' | 'covarianceType'>,
  outcome: FitResult | GmmError,
): SelectionFit {
  if (outcome instanceof GmmError) return { ...cell, status: statusOf(outcome), error: outcome };
  const { model, status, logLikelihood, nParameters, bic, aic, icl, nIterations } = outcome;
  return { ...cell, status, model, logLikelihood, nParameters, bic, aic, icl, nIterations };
}

function nothingAdmissible(fits: readonly SelectionFit[]): GmmError {
  const first = fits.find(({ error }) => error)?.error as GmmError;
  if (fits.length === 1) return first;
  const message = `none of the ${fits.length} models could be fitted; the first says: ${first.message}`;
  return new GmmError(first.code, message, { cause: first });
}
