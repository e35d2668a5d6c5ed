/** The chart of free matrices: L of Σ = L Lᵀ as Lₐᵦ / sₐ, its diagonal as logarithms. */

import {
  multiplyTransposedTriangleInto,
  multiplyTriangleInto,
  triangleLength,
  whiteningInto,
} from '../cholesky.js';
import type { ChartFrame, CovarianceChart } from './chart.js';
import { countCovariances, type Form } from './form.js';

/** @param form - `full` or `tied` */
export function createCholeskyChart(
  form: Form,
  { nComponents: k, nFeatures: d, scales }: ChartFrame,
): CovarianceChart {
  const count = countCovariances(form, k);
  const size = triangleLength(d);

  // Of one covariance at a time.
  const lower = new Float64Array(size);
  const whitening = new Float64Array(size);
  const q = new Float64Array(d * d);
  const gradient = new Float64Array(size);
  const scratch = { half: new Float64Array(d * d), column: new Float64Array(d), pull: new Float64Array(d) };

  return {
    length: count * size,

    toCoordinates(out, _, factors) {
      for (let i = 0; i < out.length; ) {
        for (let a = 0; a < d; a++, i++) {
          for (let b = 0; b < a; b++, i++) out[i] = factors.lower[i] / scales[a];
          out[i] = Math.log(factors.lower[i] / scales[a]);
        }
      }
    },

    toCovariances(coordinates) {
      const covariances = new Float64Array(count * d * d);
      for (let index = 0; index < count; index++) {
        lowerInto(lower, coordinates, index * size, scales);
        squareInto(covariances, index * d * d, lower, d);
      }
      return covariances;
    },

    // L is that of the coordinates: exp(log x) may differ from x in the last bit, and the gradient is that at the coordinates.
    gradientInto(out, inMeans, { coordinates, within, meanShares, covarianceShares, shifts }) {
      for (let index = 0; index < count; index++) {
        lowerInto(lower, coordinates, index * size, scales);
        whitening.fill(0);
        whiteningInto(whitening, 0, lower, 0, d);
        for (let i = 0; i < d * d; i++) q[i] = within[index * d * d + i];
        for (let j = form.isShared ? 0 : index; j < (form.isShared ? k : index + 1); j++) {
          addSquare(q, shifts, j * d, d, meanShares[j] / covarianceShares[index]);
          multiplyTriangleInto(scratch.column, whitening, shifts, j * d);
          multiplyTransposedTriangleInto(scratch.pull, whitening, scratch.column);
          for (let a = 0; a < d; a++) inMeans[j * d + a] = meanShares[j] * scratch.pull[a];
        }
        triangleGradientInto(gradient, whitening, q, scratch);
        const weight = covarianceShares[index];
        for (let a = 0, i = 0, at = index * size; a < d; a++, i++, at++) {
          for (let b = 0; b < a; b++, i++, at++) out[at] = weight * gradient[i] * scales[a];
          out[at] = weight * gradient[i] * lower[i];
        }
      }
    },
  };
}

/** L, packed, of its coordinates at `offset`. */
function lowerInto(out: Float64Array, coordinates: Float64Array, offset: number, scales: Float64Array): void {
  for (let a = 0, i = 0, at = offset; a < scales.length; a++, i++, at++) {
    for (let b = 0; b < a; b++, i++, at++) out[i] = coordinates[at] * scales[a];
    out[i] = Math.exp(coordinates[at]) * scales[a];
  }
}

/** out = L Lᵀ, (d × d) at `outAt`. */
function squareInto(out: Float64Array, outAt: number, lower: Float64Array, d: number): void {
  for (let a = 0, rowA = 0; a < d; rowA += ++a) {
    for (let b = 0, rowB = 0; b <= a; rowB += ++b) {
      let sum = 0;
      for (let c = 0; c <= b; c++) sum += lower[rowA + c] * lower[rowB + c];
      out[outAt + a * d + b] = sum;
      out[outAt + b * d + a] = sum;
    }
  }
}

/** Q += weight · v vᵀ, v (d) at `offset`. */
function addSquare(q: Float64Array, v: Float64Array, offset: number, d: number, weight: number): void {
  for (let a = 0, i = 0; a < d; a++)
    for (let b = 0; b < d; b++) q[i++] += weight * v[offset + a] * v[offset + b];
}

/** Arrays that are overwritten. */
interface Scratch {
  /** (d × d) */
  readonly half: Float64Array;
  /** (d) */
  readonly column: Float64Array;
  readonly pull: Float64Array;
}

/**
 * Lower triangle of Wᵀ (W Q Wᵀ − I), packed.
 *
 * @param whitening - in: W, packed
 * @param q - in: (d × d) Q, symmetric
 */
function triangleGradientInto(
  out: Float64Array,
  whitening: Float64Array,
  q: Float64Array,
  { half, column, pull }: Scratch,
): void {
  const d = column.length;
  for (let b = 0; b < d; b++) {
    multiplyTriangleInto(column, whitening, q, b * d);
    for (let a = 0; a < d; a++) half[a * d + b] = column[a];
  }
  for (let b = 0; b < d; b++) {
    multiplyTriangleInto(column, whitening, half, b * d);
    column[b] -= 1;
    multiplyTransposedTriangleInto(pull, whitening, column);
    for (let a = b; a < d; a++) out[triangleLength(a) + b] = pull[a];
  }
}
