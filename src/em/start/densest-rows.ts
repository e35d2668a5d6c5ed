/**
 * The rows that start values are found from where there is noise: all but the least dense tenth. Shared out among components, noise
 * would pull their means and widen their covariances.
 *
 * The density at a row is judged by the distance to the third nearest of some 200 rows (Loftsgaarden & Quesenberry, 1965), in units of
 * the columns' interquartile ranges, which far rows do not stretch.
 */

import { copyAllRows, type SharedRows } from '../../rows/shared-rows.js';
import type { StartSample } from './sample.js';
import { selectRows } from './sample.js';

/** Part of the rows' weight that is left out. */
const LEFT_OUT = 0.1;

/** Rows to which distances are measured, and which of the nearest of them counts. */
const REFERENCES = 200;
const NEIGHBOUR = 3;

/**
 * @param least - rows of positive weight that are kept at least
 * @returns the other rows of positive weight, in their order, with their moments
 */
export function keepDensest(sample: StartSample, least: number): StartSample {
  const { rows } = sample;
  const weightOf = (row: number) => rows.sampleWeight?.[row] ?? 1;
  const counting = Array.from({ length: rows.nSamples }, (_, i) => i).filter((row) => weightOf(row) > 0);
  const distances = measureSparsity(rows, counting);
  const sparsest = [...counting].sort((i, j) => distances[j] - distances[i] || i - j);
  const mostWeight = LEFT_OUT * sample.moments.totalWeight;
  const out = new Set<number>();
  let weight = 0;
  for (const row of sparsest) {
    weight += weightOf(row);
    if (weight > mostWeight || counting.length - out.size <= least) break;
    out.add(row);
  }
  return selectRows(
    rows,
    counting.filter((row) => !out.has(row)),
  );
}

/** @returns by row, the squared distance to the third nearest of the references; 0 for rows that do not count */
function measureSparsity(rows: SharedRows, counting: readonly number[]): Float64Array {
  const { nFeatures: d } = rows;
  const scaled = scaleRobustly(copyAllRows(rows), counting, d);
  const count = Math.min(REFERENCES, counting.length);
  const references = Array.from(
    { length: count },
    (_, i) => counting[Math.floor((i * counting.length) / count)],
  );
  const nearest = new Float64Array(Math.max(1, Math.min(NEIGHBOUR, count - 1)));
  const out = new Float64Array(rows.nSamples);
  for (const row of counting) {
    nearest.fill(Number.POSITIVE_INFINITY);
    for (const reference of references) {
      if (reference === row) continue;
      let distance = 0;
      for (let a = 0; a < d; a++) distance += (scaled[row * d + a] - scaled[reference * d + a]) ** 2;
      insert(nearest, distance);
    }
    out[row] = nearest[nearest.length - 1];
  }
  return out;
}

/** Puts a value into a rising list and drops the largest. */
function insert(rising: Float64Array, value: number): void {
  let at = rising.length - 1;
  if (!(value < rising[at])) return;
  for (; at > 0 && value < rising[at - 1]; at--) rising[at] = rising[at - 1];
  rising[at] = value;
}

/** The rows in units of each column's interquartile range; where that is 0, of the whole range. */
function scaleRobustly(rows: Float64Array, counting: readonly number[], d: number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let a = 0; a < d; a++) {
    const sorted = Float64Array.from(counting, (row) => rows[row * d + a]).sort();
    const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))];
    const range = at(0.75) - at(0.25) || at(1) - at(0) || 1;
    for (let i = a; i < rows.length; i += d) out[i] = (rows[i] - at(0.5)) / range;
  }
  return out;
}
