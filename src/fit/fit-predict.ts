/** A fit, and the component of every row that it was made on. */

import { unlessAborted } from '../abort.js';
import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import { withEngine } from '../parallel/pools.js';
import type { FitOptions } from '../types.js';
import { fit } from './fit.js';
import { resolveFitOptions } from './options.js';
import type { FitResult } from './result.js';

/** What `fitPredict` gives. */
export interface FitPredictResult extends FitResult {
  /** (n) the likeliest component of every row, over shared memory; ties go to the lowest index. */
  readonly labels: Int32Array;
}

/**
 * Fits a mixture and tells the component of every row: `fit`, then `predict` on the same rows, which are read but once.
 * Rows of weight 0 are labelled, too. Probabilities and more of the same rows: `result.model.scores(data)`.
 *
 * @param data - rows: anything `Dataset.from` takes, or a `Dataset`
 * @param options - those of `fit`
 * @returns what `fit` returns, and `labels`
 * @throws as `fit`
 * @example
 * const { model, labels } = await fitPredict([[1.0], [1.2], [5.1], [4.9]], { nComponents: 2, seed: 1 });
 */
export async function fitPredict(data: Dataset | RowSource, options: FitOptions): Promise<FitPredictResult> {
  const { signal } = resolveFitOptions(options);
  const rows = await unlessAborted(signal, () => resolveDataset(data, options));
  return withEngine(options, async (engine) => {
    const result = await fit(rows, { ...options, threads: undefined, engine });
    return { ...result, labels: await result.model.predict(rows, { engine, signal }) };
  });
}
