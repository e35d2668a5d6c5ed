/**
 * Refuses columns whose variance is no longer a number: a covariance of values of 1e-200 would be 1e-400, and no scaling inside the fit
 * could write it into a model. Between about 1e-145 and 1e150 every scale works as it is.
 */

import type { Moments } from '../core/moments.js';
import { describe, GmmError } from '../errors.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** Below it a variance loses its digits to underflow. */
const SMALLEST_VARIANCE = 1e-290;

/** 10 to this power times the least double is far from underflow, and is a double itself. */
const LARGEST_POWER = 300;

/** @throws GmmError INVALID_DATA where a column's variance overflows or underflows */
export function checkScales(rows: SharedRows, columns: readonly string[], moments: Moments): void {
  const { mean, covariance } = moments;
  const d = columns.length;
  for (let a = 0; a < d; a++) {
    const variance = covariance[a * d + a];
    const isLarge = !Number.isFinite(variance) || !Number.isFinite(mean[a]);
    if (!isLarge && variance >= SMALLEST_VARIANCE) continue;
    const { least, most } = findExtremes(rows, a);
    if (isLarge) throw tooLarge(columns[a], Math.max(-least, most));
    const spread = most - least;
    // A constant column is another matter, and so is one in which only rows of a tiny weight differ.
    if (spread > 0 && spread * spread < SMALLEST_VARIANCE) throw tooSmall(columns[a], spread);
    if (variance > 0) throw tooSmall(columns[a], Math.sqrt(variance));
  }
}

function tooLarge(column: string, size: number): GmmError {
  const about = `1e${Math.round(Math.log10(size))}`;
  const message = `column ${describe(column)} has values of about ${about}, whose squares overflow; divide it by ${about}`;
  return new GmmError('INVALID_DATA', message, { column });
}

function tooSmall(column: string, spread: number): GmmError {
  const power = Math.round(-Math.log10(spread));
  const factor = `1e${Math.min(power, LARGEST_POWER)}`;
  const message = `the values of column ${describe(column)} differ by about 1e-${power}, whose square underflows; multiply it by ${factor}`;
  return new GmmError('INVALID_DATA', message, { column });
}

/** The least and the largest value of a column, among the rows that count. */
function findExtremes({ nFeatures: d, chunkRows, chunks, sampleWeight }: SharedRows, a: number) {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  chunks.forEach((chunk, c) => {
    for (let at = a, row = c * chunkRows; at < chunk.length; at += d, row++) {
      if (sampleWeight?.[row] === 0) continue;
      least = Math.min(least, chunk[at]);
      most = Math.max(most, chunk[at]);
    }
  });
  return { least, most };
}
