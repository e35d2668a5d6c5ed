/** The rows that start values are drawn from, and their units. */

import type { Moments } from '../../core/moments.js';
import { copyAllRows, type SharedRows } from '../../rows/shared-rows.js';
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
