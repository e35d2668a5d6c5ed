/**
 * The moments that floors and priors are measured by. They are the data's, unless a few wild values make up most of a column's variance:
 * a single row a million standard deviations away would otherwise make every component look collapsed. Then wild values are clipped
 * (Winsorised) first, and no row, however far away, moves the reference beyond the clip. Starts then are found on clipped rows, too.
 */

import type { Moments } from '../core/moments.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';

/** Rows of the sample that tells. */
export const REFERENCE_ROWS = 2500;

/** A column's middle leaves out this share of the rows at each end, at least one row. */
const TAIL = 0.005;

/** Values farther from the middle than so many times its width are clipped there. */
const REACH = 3;

/** So many times the clipped variance, a column's variance is that of its wild values. */
const INFLATED = 4;

/** Of fewer rows none can be called wild. */
const FEWEST_ROWS = 8;

/** Moments without wild values. */
export interface Reference {
  readonly moments: Moments;
  /** (d) the least and the largest value that is not wild; undefined where the moments are the data's. */
  readonly clip: { readonly least: Float64Array; readonly most: Float64Array } | undefined;
}

/**
 * @param moments - of all the data
 * @param sample - some of its rows
 */
export function findReference(moments: Moments, sample: SharedRows): Reference {
  const { nSamples, nFeatures: d, sampleWeight } = sample;
  const counting = Array.from({ length: nSamples }, (_, i) => i).filter((i) => sampleWeight?.[i] !== 0);
  const n = counting.length;
  if (n < FEWEST_ROWS) return { moments, clip: undefined };
  const all = new Float64Array(nSamples * d);
  copyRowsInto(all, sample, 0, nSamples);
  const clip = { least: new Float64Array(d), most: new Float64Array(d) };
  const clipped = new Float64Array(n * d);
  for (let a = 0; a < d; a++) {
    const values = Float64Array.from(counting, (i) => all[i * d + a]);
    const [least, most] = findClip(values);
    clip.least[a] = least;
    clip.most[a] = most;
    for (let i = 0; i < n; i++) clipped[i * d + a] = Math.min(Math.max(values[i], least), most);
  }
  const weights = sampleWeight && Float64Array.from(counting, (i) => sampleWeight[i]);
  const reference = momentsOf(clipped, d, weights);
  const isInflated = reference.covariance.some(
    (variance, i) => i % (d + 1) === 0 && moments.covariance[i] > INFLATED * variance && variance > 0,
  );
  if (!isInflated) return { moments, clip: undefined };
  return { moments: { ...reference, totalWeight: moments.totalWeight }, clip };
}

/** @returns the least and the largest value that is not wild; infinite where the middle has no width */
function findClip(values: Float64Array): [number, number] {
  const sorted = values.toSorted();
  const left = Math.max(1, Math.ceil(TAIL * sorted.length));
  const [low, high] = [sorted[left], sorted[sorted.length - 1 - left]];
  const reach = REACH * (high - low);
  return reach > 0 ? [low - reach, high + reach] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}

function momentsOf(rows: Float64Array, d: number, weights: Float64Array | undefined): Moments {
  const n = rows.length / d;
  const weightOf = (i: number) => (weights ? weights[i] : 1);
  let totalWeight = 0;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    totalWeight += weightOf(i);
    for (let a = 0; a < d; a++) mean[a] += (weightOf(i) * (rows[i * d + a] - mean[a])) / totalWeight;
  }
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      const deviation = (weightOf(i) * (rows[i * d + a] - mean[a])) / totalWeight;
      for (let b = 0; b < d; b++) covariance[a * d + b] += deviation * (rows[i * d + b] - mean[b]);
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[a * d + b] = covariance[b * d + a];
  return { totalWeight, mean, covariance };
}

/** A copy of rows in shared memory, their wild values clipped. */
export function clipRows(rows: SharedRows, { least, most }: NonNullable<Reference['clip']>): SharedRows {
  const { nSamples, nFeatures: d } = rows;
  const chunk = new Float64Array(new SharedArrayBuffer(8 * nSamples * d));
  copyRowsInto(chunk, rows, 0, nSamples);
  for (let i = 0; i < chunk.length; i++) chunk[i] = Math.min(Math.max(chunk[i], least[i % d]), most[i % d]);
  return { ...rows, chunkRows: nSamples, chunks: [chunk] };
}
