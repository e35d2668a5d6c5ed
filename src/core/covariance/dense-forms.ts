/** The forms whose covariances are matrices: `full`, one for each component, and `tied`, one for all. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { choleskyInto, computeLogDeterminant, triangleLength, whiteningInto } from '../cholesky.js';
import type { FactorArrays, Form } from './form.js';

/** What both have in common. */
const DENSE = {
  isDense: true,
  covarianceSize: (d: number) => d * d,
  factorSize: triangleLength,
  fromMatrix: (matrix: Float64Array) => matrix,

  matrixInto(out: Float64Array, covariances: Float64Array, index: number, d: number): void {
    out.set(covariances.subarray(index * d * d, (index + 1) * d * d));
  },

  addRidge(covariances: Float64Array, d: number, ridge: number): void {
    for (let row = 0; row < covariances.length / d; row++) covariances[row * d + (row % d)] += ridge;
  },

  factorInto(out: FactorArrays, covariances: Float64Array, index: number, d: number): boolean {
    const at = index * triangleLength(d);
    if (!choleskyInto(out.lower, at, covariances, index * d * d, d)) return false;
    whiteningInto(out.whitening, at, out.lower, at, d);
    out.logDeterminants[index] = computeLogDeterminant(out.whitening, d, at);
    return true;
  },

  longestAxis(matrix: Float64Array, scales: Float64Array): Float64Array {
    const d = scales.length;
    const scaled = new Matrix(d, d);
    for (let a = 0; a < d; a++)
      for (let b = 0; b < d; b++) scaled.set(a, b, matrix[a * d + b] / (scales[a] * scales[b]));
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, {
      assumeSymmetric: true,
    });
    const longest = realEigenvalues.indexOf(Math.max(...realEigenvalues));
    const deviation = Math.sqrt(realEigenvalues[longest]);
    return scales.map((scale, a) => deviation * eigenvectorMatrix.get(a, longest) * scale);
  },

  shrinkAlong(covariance: Float64Array, vector: Float64Array, loss: number): void {
    const d = vector.length;
    for (let a = 0; a < d; a++)
      for (let b = 0; b < d; b++) covariance[a * d + b] -= loss * (vector[a] * vector[b]);
  },
};

/** A matrix for each component. */
export const FULL_FORM: Form = {
  ...DENSE,
  name: 'full',
  kernelId: 0,
  isShared: false,
  scatterSize: triangleLength,
  passCost: (d) => d * (d + 2),
  nestedShape: (k, d) => [k, d, d],

  withinInto(out, { nComponents: k, nFeatures: d, counts, shifts, scatters, empty }) {
    for (let j = 0, at = 0; j < k; j++) {
      if (empty.includes(j)) {
        at += triangleLength(d);
        continue;
      }
      for (let a = 0; a < d; a++) {
        for (let b = 0; b <= a; b++) {
          const value = scatters[at++] / counts[j] - shifts[j * d + a] * shifts[j * d + b];
          out[(j * d + a) * d + b] = value;
          out[(j * d + b) * d + a] = value;
        }
      }
    }
  },

  addScatterInto(out, offset, deviation, weight) {
    for (let a = 0, at = offset; a < deviation.length; a++)
      for (let b = 0; b <= a; b++) out[at++] += weight * deviation[a] * deviation[b];
  },
};

/** One matrix for all components. */
export const TIED_FORM: Form = {
  ...DENSE,
  name: 'tied',
  kernelId: 1,
  isShared: true,
  scatterSize: () => 0,
  passCost: (d) => 3 * d,
  nestedShape: (_, d) => [d, d],

  // Total = within + between. Without noise the total is known from the moments: no pass collects scatters.
  withinInto(out, { nFeatures: d, counts, shares, means, scatters, moments, common }) {
    if (common) unpackInto(out, scatters, d, common.count);
    else out.set(moments.covariance);
    const center = common?.center ?? moments.mean;
    for (let j = 0; j < shares.length; j++) {
      const share = common ? counts[j] / common.count : shares[j];
      for (let a = 0; a < d; a++) {
        const deviation = share * (means[j * d + a] - center[a]);
        for (let b = 0; b <= a; b++) out[a * d + b] -= deviation * (means[j * d + b] - center[b]);
      }
    }
    for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) out[b * d + a] = out[a * d + b];
  },

  addScatterInto: () => undefined,
};

/** The lower triangle of out = packed / divisor. */
function unpackInto(out: Float64Array, packed: Float64Array, d: number, divisor: number): void {
  for (let a = 0, i = 0; a < d; a++) for (let b = 0; b <= a; b++, i++) out[a * d + b] = packed[i] / divisor;
}
