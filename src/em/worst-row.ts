/** The row with the lowest density, where an empty component starts again. This is rare, so the leader searches alone. */

import { createPointDensity, logSumExp } from '../core/density.js';
import type { Parameters } from '../core/parameters.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';

/** Rows between two checks for cancellation. */
const ROWS_AT_ONCE = 4096;

/**
 * @returns (d) the row of positive weight with the lowest density, the first of several
 */
export function findWorstRow(
  rows: SharedRows,
  parameters: Parameters,
  checkCancelled: () => void,
): Float64Array {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  const density = createPointDensity(parameters);
  const logProb = new Float64Array(parameters.nComponents);
  const stretch = new Float64Array(ROWS_AT_ONCE * d);
  const worst = new Float64Array(d);
  let lowest = Number.POSITIVE_INFINITY;
  for (let first = 0; first < n; first += ROWS_AT_ONCE) {
    checkCancelled();
    const count = Math.min(ROWS_AT_ONCE, n - first);
    copyRowsInto(stretch, rows, first, count);
    for (let i = 0; i < count; i++) {
      if (sampleWeight?.[first + i] === 0) continue;
      density.weightedLogProbInto(logProb, stretch, i * d);
      const logDensity = logSumExp(logProb);
      if (logDensity < lowest) {
        lowest = logDensity;
        worst.set(stretch.subarray(i * d, (i + 1) * d));
      }
    }
  }
  return worst;
}
