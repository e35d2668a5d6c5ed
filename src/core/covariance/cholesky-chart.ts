/** The chart of free matrices: L of Σ = L Lᵀ as Lₐᵦ / sₐ, its diagonal as logarithms. */

import {
  computeWhitening,
  multiplyTransposedTriangle,
  multiplyTriangle,
  triangleLength,
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

  /** L number `index`, packed. */
  const lowerAt = (coordinates: Float64Array, index: number): Float64Array => {
    const lower = coordinates.slice(index * size, (index + 1) * size);
    for (let a = 0, i = 0; a < d; a++, i++) {
      for (let b = 0; b < a; b++, i++) lower[i] *= scales[a];
      lower[i] = Math.exp(lower[i]) * scales[a];
    }
    return lower;
  };

  return {
    length: count * size,

    toCoordinates(out, _, { lower }) {
      for (let i = 0; i < out.length; ) {
        for (let a = 0; a < d; a++, i++) {
          for (let b = 0; b < a; b++, i++) out[i] = lower[i] / scales[a];
          out[i] = Math.log(lower[i] / scales[a]);
        }
      }
    },

    toCovariances(coordinates) {
      const covariances = new Float64Array(count * d * d);
      for (let index = 0; index < count; index++) {
        squareInto(covariances.subarray(index * d * d), lowerAt(coordinates, index), d);
      }
      return covariances;
    },

    // L is that of the coordinates: exp(log x) may differ from x in the last bit, and the gradient is that at the coordinates.
    gradientInto(out, inMeans, { coordinates, within, shares, shifts }) {
      for (let index = 0; index < count; index++) {
        const lower = lowerAt(coordinates, index);
        const whitening = computeWhitening(lower, d);
        const q = within.slice(index * d * d, (index + 1) * d * d);
        for (let j = form.isShared ? 0 : index; j < (form.isShared ? k : index + 1); j++) {
          const shift = shifts.subarray(j * d, (j + 1) * d);
          addSquare(q, shift, form.isShared ? shares[j] : 1);
          const pull = multiplyTransposedTriangle(whitening, multiplyTriangle(whitening, shift, d), d);
          for (let a = 0; a < d; a++) inMeans[j * d + a] = shares[j] * pull[a];
        }
        const gradient = triangleGradient(whitening, q, d);
        const weight = form.isShared ? 1 : shares[index];
        for (let a = 0, i = 0, at = index * size; a < d; a++, i++, at++) {
          for (let b = 0; b < a; b++, i++, at++) out[at] = weight * gradient[i] * scales[a];
          out[at] = weight * gradient[i] * lower[i];
        }
      }
    },
  };
}

/** out = L Lᵀ */
function squareInto(out: Float64Array, lower: Float64Array, d: number): void {
  for (let a = 0, rowA = 0; a < d; rowA += ++a) {
    for (let b = 0, rowB = 0; b <= a; rowB += ++b) {
      let sum = 0;
      for (let c = 0; c <= b; c++) sum += lower[rowA + c] * lower[rowB + c];
      out[a * d + b] = sum;
      out[b * d + a] = sum;
    }
  }
}

/** Q += weight · v vᵀ */
function addSquare(q: Float64Array, v: Float64Array, weight: number): void {
  for (let a = 0, i = 0; a < v.length; a++) for (let b = 0; b < v.length; b++) q[i++] += weight * v[a] * v[b];
}

/** Lower triangle of Wᵀ (W Q Wᵀ − I), packed: Q (d × d) symmetric, W packed. */
function triangleGradient(whitening: Float64Array, q: Float64Array, d: number): Float64Array {
  const half = new Float64Array(d * d);
  for (let b = 0; b < d; b++) half.set(multiplyTriangle(whitening, q.subarray(b * d, (b + 1) * d), d), b * d);
  const out = new Float64Array(whitening.length);
  const column = new Float64Array(d);
  for (let b = 0; b < d; b++) {
    for (let a = 0; a < d; a++) column[a] = half[a * d + b];
    const whitened = multiplyTriangle(whitening, column, d);
    whitened[b] -= 1;
    const pull = multiplyTransposedTriangle(whitening, whitened, d);
    for (let a = b; a < d; a++) out[triangleLength(a) + b] = pull[a];
  }
  return out;
}
