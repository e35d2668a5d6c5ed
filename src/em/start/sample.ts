/** The rows that start values are drawn from, and their units. */

import type { Moments } from '../../core/moments.js';
import { copyAllRows, copyRowsInto, type SharedRows } from '../../rows/shared-rows.js';
import type { WeightedRows } from './k-means.js';

/** Rows and their own moments. */
export interface StartSample {
  readonly rows: SharedRows;
  readonly moments: Moments;
}

/** Rows about the mean in units of each column's standard deviation: no column outweighs another by its unit. */
export function standardize({ rows, moments }: StartSample): WeightedRows {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  return {
    n,
    d,
    rows: toUnits(copyAllRows(rows), moments),
    weights: sampleWeight ?? new Float64Array(n).fill(1),
  };
}

/** Points about the mean in units of each column's standard deviation; of a constant column all are 0. */
export function toUnits(points: Float64Array, { mean, covariance }: Moments): Float64Array {
  const d = mean.length;
  const out = new Float64Array(points.length);
  for (let a = 0; a < d; a++) {
    const scale = covariance[a * d + a] > 0 ? 1 / Math.sqrt(covariance[a * d + a]) : 0;
    for (let i = a; i < points.length; i += d) out[i] = (points[i] - mean[a]) * scale;
  }
  return out;
}

/** @returns a copy of some rows of positive total weight, and their moments */
export function selectRows(rows: SharedRows, indices: readonly number[]): StartSample {
  const { nFeatures: d } = rows;
  const chunk = new Float64Array(indices.length * d);
  indices.forEach((row, i) => {
    copyRowsInto(chunk.subarray(i * d), rows, row, 1);
  });
  const sampleWeight =
    rows.sampleWeight && Float64Array.from(indices, (row) => rows.sampleWeight?.[row] ?? 1);
  const nSamples = indices.length;
  return {
    rows: { nSamples, nFeatures: d, chunkRows: nSamples, chunks: [chunk], sampleWeight },
    moments: computeRowMoments(chunk, sampleWeight, d),
  };
}

/** The moments of a few rows, by two walks over them: first the mean, then the scatter about it. */
function computeRowMoments(rows: Float64Array, weights: Float64Array | undefined, d: number): Moments {
  const n = rows.length / d;
  const weightOf = (i: number) => weights?.[i] ?? 1;
  let totalWeight = 0;
  for (let i = 0; i < n; i++) totalWeight += weightOf(i);
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < d; a++) mean[a] += (weightOf(i) / totalWeight) * rows[i * d + a];
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    const share = weightOf(i) / totalWeight;
    for (let a = 0; a < d; a++) {
      const deviation = share * (rows[i * d + a] - mean[a]);
      for (let b = 0; b <= a; b++) covariance[a * d + b] += deviation * (rows[i * d + b] - mean[b]);
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[b * d + a] = covariance[a * d + b];
  return { totalWeight, mean, covariance };
}
