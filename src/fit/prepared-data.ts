/** A data set ready for fits: its moments, and the samples that starts are tried on, are computed once. */

import type { Moments } from '../core/moments.js';
import type { ModelShape } from '../core/parameters.js';
import type { Dataset } from '../data/dataset.js';
import { clipRows, findReference, REFERENCE_ROWS } from '../em/reference.js';
import type { StartSample } from '../em/start/sample.js';
import { describe, GmmError } from '../errors.js';
import { runMoments } from '../jobs/run-job.js';
import type { Caller } from '../parallel/pool.js';
import { drawSample, rowsPerEffective, type SampleNeeds } from '../rows/sample.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** A data set ready to be fitted. */
export interface PreparedData {
  readonly rows: SharedRows;
  readonly columns: readonly string[];
  readonly moments: Moments;
  /** What floors and priors are measured by; see em/reference.ts. */
  readonly reference: Moments;
  /** Rows that count for each effective row (see `effectiveRows`): samples are that much larger. */
  readonly rowsPerEffective: number;
  /** The sample of `size` rows that belongs to this seed, and its own moments. */
  sample(size: number): Promise<StartSample>;
  /** The same for finding starts: without wild values. */
  startSample(size: number): Promise<StartSample>;
}

/**
 * @throws GmmError INVALID_DATA where a column's variance or the sum of the weights overflows or underflows
 */
export async function prepareData(
  caller: Caller,
  data: Dataset,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<PreparedData> {
  const { sharedRows: rows, columns, nFeatures: d } = data;
  const moments = await runMoments(caller, rows, signal);
  checkWeight(moments.totalWeight);
  for (let a = 0; a < d; a++) checkScale(columns[a], moments.mean[a], moments.covariance[a * d + a]);
  const { moments: reference, clip } = findReference(moments, drawSample(rows, REFERENCE_ROWS, seed));
  const samples = new Map<number, Promise<StartSample>>();
  const draw = async (size: number): Promise<StartSample> => {
    const drawn = drawSample(rows, size, seed);
    return { rows: drawn, moments: drawn === rows ? moments : await runMoments(caller, drawn, signal) };
  };
  const sampleOf = (size: number): Promise<StartSample> => {
    const sample = samples.get(size) ?? draw(size);
    samples.set(size, sample);
    return sample;
  };
  return {
    rows,
    columns,
    moments,
    reference,
    rowsPerEffective: rowsPerEffective(rows),
    sample: sampleOf,
    async startSample(size) {
      const sample = await sampleOf(size);
      if (!clip) return sample;
      const clipped = clipRows(sample.rows, clip);
      return { rows: clipped, moments: await runMoments(caller, clipped, signal) };
    },
  };
}

/** The inputs of the sizes of samples. */
export function sampleNeeds(
  { rows, rowsPerEffective: perEffective }: PreparedData,
  shape: ModelShape,
): SampleNeeds {
  return { n: rows.nSamples, perEffective, shape };
}

/** Products of weights and squares must neither overflow nor underflow. */
const SMALLEST_WEIGHT = 1e-200;
const LARGEST_WEIGHT = 1e200;

function checkWeight(totalWeight: number): void {
  if (totalWeight >= SMALLEST_WEIGHT && totalWeight <= LARGEST_WEIGHT) return;
  const message = `the weights sum to ${totalWeight}, which overflows or underflows in products; divide them by their mean`;
  throw new GmmError('INVALID_DATA', message, { option: 'sampleWeight' });
}

/** Squares and their sums must neither overflow nor lose their digits to underflow. */
const SMALLEST_VARIANCE = 1e-290;

function checkScale(column: string, mean: number, variance: number): void {
  if (!Number.isFinite(variance) || !Number.isFinite(mean)) {
    const message = `column ${describe(column)} holds values so large that its variance overflows; rescale it`;
    throw new GmmError('INVALID_DATA', message, { column });
  }
  if (variance > 0 && variance < SMALLEST_VARIANCE) {
    const message = `column ${describe(column)} varies so little that its variance underflows; rescale it`;
    throw new GmmError('INVALID_DATA', message, { column });
  }
}
