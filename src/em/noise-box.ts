/**
 * The box on which noise is uniform: the smaller one of the box along the columns and that along the principal axes of the data.
 * (Fraley & Raftery, 1998; `hypvol` of R's mclust.)
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Moments } from '../core/moments.js';
import { logVolumeOf } from '../core/noise-box.js';
import type { Box } from '../core/parameters.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';

/** Rows between two checks for cancellation. */
const ROWS_AT_ONCE = 4096;

/** An extent below this part of what it could be is rounding: columns determine each other, and there is no volume along the axis. */
const ROUNDING = 1e-10;

/**
 * @param moments - of the rows
 * @returns undefined if a column is constant: then there is no volume
 */
export function measureBox(rows: SharedRows, moments: Moments, checkCancelled: () => void): Box | undefined {
  const d = rows.nFeatures;
  const columns = new Float64Array(d * d);
  for (let a = 0; a < d; a++) columns[a * d + a] = 1;
  const along = measureAlong(rows, moments.mean, columns, checkCancelled);
  if (!along.extents.every((extent) => extent > 0)) return undefined;
  const straight = boxOf(along, moments.mean, columns);
  if (d === 1) return straight;
  const axes = principalAxes(moments);
  const turned = measureAlong(rows, moments.mean, axes, checkCancelled);
  const hasVolume = turned.extents.every((extent, i) => {
    const most = along.extents.reduce((sum, one, a) => sum + Math.abs(axes[i * d + a]) * one, 0);
    return extent > ROUNDING * most;
  });
  if (!hasVolume) return straight;
  const box = boxOf(turned, moments.mean, axes);
  return logVolumeOf(box) < logVolumeOf(straight) ? box : straight;
}

/** (d × d) orthonormal eigenvectors of the covariance, by rows. */
function principalAxes({ covariance, mean: { length: d } }: Moments): Float64Array {
  const matrix = new Matrix(d, d);
  for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) matrix.set(a, b, covariance[a * d + b]);
  const { eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return Float64Array.from(eigenvectorMatrix.transpose().to1DArray());
}

/** How far the rows reach along axes, from a point. */
interface Reach {
  /** (d) */
  readonly lowest: Float64Array;
  readonly extents: Float64Array;
}

/** @param axes - in: (d × d) orthonormal, by rows */
function measureAlong(
  rows: SharedRows,
  from: Float64Array,
  axes: Float64Array,
  checkCancelled: () => void,
): Reach {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  const lowest = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  const stretch = new Float64Array(Math.min(n, ROWS_AT_ONCE) * d);
  const deviation = new Float64Array(d);
  for (let first = 0; first < n; first += ROWS_AT_ONCE) {
    checkCancelled();
    const count = Math.min(ROWS_AT_ONCE, n - first);
    copyRowsInto(stretch, rows, first, count);
    for (let i = 0; i < count; i++) {
      if (sampleWeight?.[first + i] === 0) continue;
      for (let a = 0; a < d; a++) deviation[a] = stretch[i * d + a] - from[a];
      for (let b = 0, at = 0; b < d; b++) {
        let place = 0;
        for (let a = 0; a < d; a++, at++) place += axes[at] * deviation[a];
        if (place < lowest[b]) lowest[b] = place;
        if (place > highest[b]) highest[b] = place;
      }
    }
  }
  return { lowest, extents: highest.map((value, b) => value - lowest[b]) };
}

function boxOf({ lowest, extents }: Reach, from: Float64Array, axes: Float64Array): Box {
  const d = from.length;
  const corner = from.slice();
  const edges = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let a = 0; a < d; a++) {
      corner[a] += lowest[i] * axes[i * d + a];
      edges[i * d + a] = extents[i] * axes[i * d + a];
    }
  }
  return { corner, edges };
}
