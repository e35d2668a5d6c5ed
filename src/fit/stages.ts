/** The stages of a fit and their costs: for the order of jobs and for progress. */

import type { ModelShape } from '../core/parameters.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { sampleSizesFor } from '../rows/sample.js';
import type { ResolvedOptions } from './options.js';
import { type PreparedData, sampleNeeds } from './prepared-data.js';
import { FINALISTS, FINALISTS_ON_MORE_ROWS, SMALL_DATA, TRIAL_ITERATIONS } from './search-limits.js';

/**
 * The stages of a fit: the trials, the approaches on larger samples, and the runs to the end; of few rows only these.
 *
 * @param nStarts - of the trials
 */
export function planStages(
  data: PreparedData,
  shape: ModelShape,
  { init, settings }: ResolvedOptions,
  nStarts: number,
): Stage[] {
  const { nSamples: n } = data.rows;
  const stageOf = (rows: number, runs: number, most: number): Stage => {
    const usualIterations = Math.min(settings.maxIter, most);
    return { cost: runs * (usualIterations + 1) * estimatePass(rows, shape), usualIterations };
  };
  if (shape.nComponents === 1) return [stageOf(n, 1, 1)];
  if (typeof init === 'object') return [stageOf(n, 1, USUAL_ITERATIONS)];
  if (n <= SMALL_DATA) return [stageOf(n, nStarts, USUAL_ITERATIONS)];
  const sizes = sampleSizesFor(sampleNeeds(data, shape));
  const approaches = sizes
    .filter((size) => size < n)
    .map((size, i) => {
      const { most } = i === 0 ? FINALISTS : FINALISTS_ON_MORE_ROWS;
      return stageOf(size, Math.min(nStarts, most), USUAL_ITERATIONS);
    });
  const nLast = sizes[0] < n ? 1 : Math.min(nStarts, FINALISTS.most);
  return [stageOf(sizes[0], nStarts, TRIAL_ITERATIONS), ...approaches, stageOf(n, nLast, USUAL_ITERATIONS)];
}
