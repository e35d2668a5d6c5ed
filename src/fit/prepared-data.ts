/** A data set ready for fits: its moments, and the samples that starts are tried on, are computed once. */

import type { Moments } from '../core/moments.js';
import { noiseOn } from '../core/noise-box.js';
import type { Box, ModelShape, NoiseDensity } from '../core/parameters.js';
import type { DataNote, Dataset } from '../data/dataset.js';
import { clipRows, findReference, REFERENCE_ROWS } from '../em/reference.js';
import type { StartSample } from '../em/start/sample.js';
import { compose, describe, GmmError, mention } from '../errors.js';
import { runBox, runMoments } from '../jobs/run-job.js';
import type { Caller } from '../parallel/pool.js';
import { drawSample, rowsPerEffective, type SampleNeeds } from '../rows/sample.js';
import type { SharedRows } from '../rows/shared-rows.js';
import { checkScales } from './column-scale.js';
import type { ResolvedOptions } from './options.js';
import { noteNormalised, scaleByKish } from './weight-scale.js';

/** Options on which the preparation depends. */
export type PreparationOptions = Pick<ResolvedOptions, 'seed' | 'signal' | 'noise' | 'effectiveSampleSize'>;

/** A data set ready to be fitted. */
export interface PreparedData {
  /** With the weights that the fit counts. */
  readonly rows: SharedRows;
  readonly columns: readonly string[];
  /** What the caller should know about the weights. */
  readonly notes: readonly DataNote[];
  readonly moments: Moments;
  /** What floors and priors are measured by; see em/reference.ts. */
  readonly reference: Moments;
  /** The density of noise, where mixtures with noise are fitted. */
  readonly noise?: NoiseDensity | undefined;
  /** Rows that count for each effective row (see `effectiveRows`): samples are that much larger. */
  readonly rowsPerEffective: number;
  /** The sample of `size` rows that belongs to this seed, and its own moments. */
  sample(size: number): Promise<StartSample>;
  /** The same for finding starts: without wild values. */
  startSample(size: number): Promise<StartSample>;
}

/**
 * @throws GmmError INVALID_DATA where a column's variance or the sum of the weights overflows or underflows, or noise has no volume
 */
export async function prepareData(
  caller: Caller,
  data: Dataset,
  { seed, signal, noise: wanted, effectiveSampleSize }: PreparationOptions,
): Promise<PreparedData> {
  const { sharedRows, columns } = data;
  const isByKish = effectiveSampleSize === 'kish';
  const rows = isByKish ? scaleByKish(sharedRows) : sharedRows;
  const moments = await runMoments(caller, rows, signal);
  checkWeight(moments.totalWeight);
  checkScales(rows, columns, moments);
  const { moments: reference, clip } = findReference(moments, drawSample(rows, REFERENCE_ROWS, seed));
  const noise = wanted.kinds.includes(true)
    ? resolveDensity(await runBox(caller, rows, moments, signal), wanted.volume, columns, moments)
    : undefined;
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
    notes: isByKish ? [] : noteNormalised(rows, moments.totalWeight, columns.length),
    moments,
    reference,
    noise,
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

/** @throws GmmError INVALID_DATA where a column is constant and no volume is given */
function resolveDensity(
  box: Box | undefined,
  volume: number | undefined,
  columns: readonly string[],
  { covariance }: Moments,
): NoiseDensity {
  const density = noiseOn(box, volume);
  if (density) return density;
  const d = columns.length;
  const constant = columns.find((_, a) => covariance[a * d + a] === 0) ?? columns[0];
  const message = compose`column ${describe(constant)} is constant, so the data fill no volume on which ${mention('noise')} could be uniform; leave it out or give the volume`;
  throw new GmmError('INVALID_DATA', message, { column: constant });
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
