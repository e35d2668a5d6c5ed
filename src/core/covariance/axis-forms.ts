/** The forms whose covariances are variances along the columns: `diagonal`, d for each component, and `spherical`, one. */

import type { FactorArrays, Form } from './form.js';

/** What both have in common; `size` is the number of variances of a component. */
function axisAligned(sizeFor: (d: number) => number) {
  return {
    isDense: false,
    isShared: false,
    covarianceSize: sizeFor,
    factorSize: sizeFor,
    scatterSize: sizeFor,
    passCost: (d: number) => 3 * d,

    addRidge(covariances: Float64Array, _d: number, ridge: number): void {
      for (let i = 0; i < covariances.length; i++) covariances[i] += ridge;
    },

    factorInto(out: FactorArrays, covariances: Float64Array, index: number, d: number): boolean {
      const size = sizeFor(d);
      let logDeterminant = 0;
      for (let i = index * size; i < (index + 1) * size; i++) {
        const variance = covariances[i];
        if (!(variance > 0 && variance < Number.POSITIVE_INFINITY)) return false;
        out.lower[i] = Math.sqrt(variance);
        out.whitening[i] = 1 / Math.sqrt(variance);
        logDeterminant -= ((d / size) * Math.log(variance)) / 2;
      }
      out.logDeterminants[index] = logDeterminant;
      return true;
    },

    longestAxis(matrix: Float64Array, scales: Float64Array): Float64Array {
      const d = scales.length;
      const lengths = scales.map((scale, a) => Math.sqrt(matrix[a * d + a]) / scale);
      const column = lengths.indexOf(Math.max(...lengths));
      const vector = new Float64Array(d);
      vector[column] = Math.sqrt(matrix[column * d + column]);
      return vector;
    },
  };
}

/** A variance for each column of each component. */
export const DIAGONAL_FORM: Form = {
  ...axisAligned((d) => d),
  name: 'diagonal',
  kernelId: 2,
  nestedShape: (k, d) => [k, d],

  withinInto(out, { nComponents: k, nFeatures: d, counts, shifts, scatters, empty }) {
    for (let j = 0; j < k; j++) {
      if (empty.includes(j)) continue;
      for (let i = j * d; i < (j + 1) * d; i++) out[i] = scatters[i] / counts[j] - shifts[i] * shifts[i];
    }
  },

  addScatterInto(out, offset, deviation, weight) {
    for (let a = 0; a < deviation.length; a++) out[offset + a] += weight * deviation[a] * deviation[a];
  },

  fromMatrix: (matrix, d) => Float64Array.from({ length: d }, (_, a) => matrix[a * d + a]),

  matrixInto(out, covariances, index, d) {
    out.fill(0);
    for (let a = 0; a < d; a++) out[a * d + a] = covariances[index * d + a];
  },

  shrinkAlong(covariance, vector, loss) {
    for (let a = 0; a < vector.length; a++)
      if (vector[a] !== 0) covariance[a] -= loss * vector[a] * vector[a];
  },
};

/** One variance for each component. */
export const SPHERICAL_FORM: Form = {
  ...axisAligned(() => 1),
  name: 'spherical',
  kernelId: 3,
  nestedShape: (k) => [k],

  withinInto(out, { nComponents: k, nFeatures: d, counts, shifts, scatters, empty }) {
    for (let j = 0; j < k; j++) {
      if (empty.includes(j)) continue;
      let squares = 0;
      for (let i = j * d; i < (j + 1) * d; i++) squares += shifts[i] * shifts[i];
      out[j] = (scatters[j] / counts[j] - squares) / d;
    }
  },

  addScatterInto(out, offset, deviation, weight) {
    for (let a = 0; a < deviation.length; a++) out[offset] += weight * deviation[a] * deviation[a];
  },

  fromMatrix(matrix, d) {
    let sum = 0;
    for (let a = 0; a < d; a++) sum += matrix[a * d + a];
    return Float64Array.of(sum / d);
  },

  matrixInto(out, covariances, index, d) {
    out.fill(0);
    for (let a = 0; a < d; a++) out[a * d + a] = covariances[index];
  },

  shrinkAlong(covariance, vector, loss) {
    const squares = vector.reduce((sum, value) => sum + value * value, 0);
    covariance[0] -= (loss * squares) / vector.length;
  },
};
