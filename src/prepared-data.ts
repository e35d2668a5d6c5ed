/** What is computed once for a data set and used by all its fits: its moments, and the samples that starts are tried on. */

import type { Dataset } from './dataset.js';
import type { Moments } from './em/moments.js';
import { describe, GmmError } from './errors.js';
import { runMoments } from './jobs.js';
import type { Pool } from './parallel/pool.js';
import type { SharedRows } from './parallel/shared-rows.js';
import { drawSample } from './sample.js';

/** A data set ready to be fitted. */
export interface PreparedData {
  readonly rows: SharedRows;
  readonly columns: readonly string[];
  readonly moments: Moments;
  /** The sample of `size` rows that belongs to this seed. */
  sample(size: number): SharedRows;
}

/**
 * @throws GmmError INVALID_DATA where a column's variance overflows
 */
export async function prepareData(
  pool: Pool,
  data: Dataset,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<PreparedData> {
  const { sharedRows: rows, columns, nFeatures: d } = data;
  const moments = await runMoments(pool, rows, signal);
  for (let a = 0; a < d; a++) {
    const variance = moments.covariance[a * d + a];
    if (Number.isFinite(variance) && Number.isFinite(moments.mean[a])) continue;
    const message = `column ${describe(columns[a])} holds values so large that its variance overflows; rescale it`;
    throw new GmmError('INVALID_DATA', message);
  }
  const samples = new Map<number, SharedRows>();
  return {
    rows,
    columns,
    moments,
    sample(size) {
      const known = samples.get(size);
      if (known) return known;
      const drawn = drawSample(rows, size, seed);
      samples.set(size, drawn);
      return drawn;
    },
  };
}
