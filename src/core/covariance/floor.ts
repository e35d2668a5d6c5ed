/**
 * The floor under covariances: in every direction a component's variance is at least a fraction of the data's variance there.
 *
 * Let S be the covariance of the data. The variances of Σ relative to S are the eigenvalues of M = L⁻¹ Σ L⁻ᵀ, L Lᵀ = S. Eigenvalues
 * below the floor are lifted to it. The measure is equivariant under linear maps of the data, and a narrow direction that all rows
 * share is no collapse. (1e-6 of its diagonal is added to S: if the data lie in a plane, S is singular, and the floor there is 1e-12
 * of the column's variance.)
 *
 * Eigenvalues for every component and step would cost more than the rest of the M-step. The smallest eigenvalue of M is at least
 * 1 / tr M⁻¹ = 1 / ‖W L‖², W the whitening matrix of Σ. In most steps this bound is above the floor and settles it.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  computeCholesky,
  computeProductNorm,
  computeWhitening,
  matrixAt,
  triangleLength,
} from '../cholesky.js';
import type { Moments } from '../moments.js';
import type { FactorArrays, Form } from './form.js';

/** The fraction of its diagonal that is added to the data's covariance. */
const RIDGE = 1e-6;

/**
 * Bounds of a constant column's scale squared. The square of a value of 1e163 overflows, that of 1e-154 underflows, and
 * products with these do neither.
 */
const LARGEST_SCALE = 1e280;
const SMALLEST_SCALE = 1e-280;

/** Raises covariances that are below the floor. */
export interface CovarianceFloor {
  /**
   * @param covariances - in/out: all stored covariances of the form
   * @param factors - in: of the covariances as they come in
   * @returns the indices of the raised covariances, in rising order
   */
  liftInto(covariances: Float64Array, factors: FactorArrays): number[];
}

/**
 * @param moments - of all the data
 * @param fraction - smallest variance in any direction relative to the data's own; 0 for no floor
 */
export function createCovarianceFloor(form: Form, moments: Moments, fraction: number): CovarianceFloor {
  if (fraction === 0) return { liftInto: () => [] };
  const scales = findScales(moments);
  return form.isDense
    ? createDenseFloor(moments, scales, fraction)
    : createAxisFloor(form, moments, scales, fraction);
}

/** (d) The variances of the columns; for a constant column a scale at which its value can be told apart. */
function findScales({ mean, covariance }: Moments): Float64Array {
  const d = mean.length;
  return mean.map((value, a) => {
    const variance = covariance[a * d + a];
    if (variance > 0) return variance;
    // A constant column has no scale of its own. This one is far below what a user would set as regCovar.
    return value === 0 ? 1e-16 : Math.min(Math.max((1e-8 * value) ** 2, SMALLEST_SCALE), LARGEST_SCALE);
  });
}

function createAxisFloor(
  form: Form,
  { covariance }: Moments,
  scales: Float64Array,
  fraction: number,
): CovarianceFloor {
  const d = scales.length;
  const size = form.covarianceSize(d);
  // A constant column adds nothing to the mean variance; where all are constant, there is no other scale.
  const own = scales.reduce((sum, _, a) => sum + covariance[a * d + a], 0);
  const mean = (own || scales.reduce((sum, scale) => sum + scale, 0)) / d;
  const smallest = size === 1 ? [fraction * mean] : scales.map((scale) => fraction * scale);
  return {
    liftInto(covariances) {
      const lifted: number[] = [];
      for (let i = 0; i < covariances.length; i++) {
        const least = smallest[i % size];
        if (covariances[i] >= least) continue;
        covariances[i] = least;
        const index = Math.floor(i / size);
        if (lifted.at(-1) !== index) lifted.push(index);
      }
      return lifted;
    },
  };
}

function createDenseFloor(moments: Moments, scales: Float64Array, fraction: number): CovarianceFloor {
  const d = scales.length;
  const raised = scales.map((variance) => variance * (1 + RIDGE));
  // If weights differ by more than the digits of a double, rounding can leave impossible correlations: then the variances serve.
  const reference = factorOf(moments.covariance, raised) ?? factorOf(new Float64Array(d * d), raised);
  if (!reference) throw new Error('variances that neither overflow nor underflow have square roots');
  const size = triangleLength(d);
  const row = new Float64Array(d);
  /** Whether 1 / ‖W L‖² >= fraction, which is enough for every eigenvalue. */
  const isClearlyAbove = (whitening: Float64Array, at: number) =>
    whitening[at] > 0 && computeProductNorm(whitening, at, reference, row) * fraction <= 1;
  return {
    liftInto(covariances, { whitening }) {
      const lifted: number[] = [];
      for (let index = 0; index * d * d < covariances.length; index++) {
        // The factor of a covariance that is not positive definite is left at 0.
        if (isClearlyAbove(whitening, index * size)) continue;
        if (liftMatrix(covariances, index * d * d, reference, d, fraction)) lifted.push(index);
      }
      return lifted;
    },
  };
}

/** The Cholesky factor of a matrix with another diagonal. */
function factorOf(matrix: Float64Array, diagonal: Float64Array): Float64Array | undefined {
  const d = diagonal.length;
  const copy = matrix.slice();
  for (let a = 0; a < d; a++) copy[a * d + a] = diagonal[a];
  return computeCholesky(copy, 0, d);
}

/** A packed lower triangle as a (d × d) matrix. */
function unpack(triangle: Float64Array, d: number): Matrix {
  const matrix = new Matrix(d, d);
  for (let a = 0, at = 0; a < d; a++) for (let b = 0; b <= a; b++) matrix.set(a, b, triangle[at++]);
  return matrix;
}

/** Numbers beyond these have squares that overflow or underflow, and ml-matrix's decomposition ends in NaN. */
const LARGEST_RELATIVE = 1e140;
const SMALLEST_RELATIVE = 1e-140;

/**
 * Sets numbers that are nearly 0 to 0.
 *
 * @returns false if a number overflows: the covariance can then be neither judged nor lifted, and counts as collapsed
 */
function makeSafe(relative: Matrix): boolean {
  for (let a = 0; a < relative.rows; a++) {
    for (let b = 0; b < relative.columns; b++) {
      const size = Math.abs(relative.get(a, b));
      if (!(size < LARGEST_RELATIVE)) return false;
      if (size < SMALLEST_RELATIVE) relative.set(a, b, 0);
    }
  }
  return true;
}

/** Lifts the eigenvalues of M that are below the floor. @returns whether there were any */
function liftMatrix(
  covariances: Float64Array,
  offset: number,
  referenceLower: Float64Array,
  d: number,
  fraction: number,
): boolean {
  const lower = unpack(referenceLower, d);
  const inverse = unpack(computeWhitening(referenceLower, d), d);
  const relative = inverse.mmul(matrixAt(covariances, offset, d)).mmul(inverse.transpose());
  if (!makeSafe(relative)) return true;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(relative, {
    assumeSymmetric: true,
  });
  if (realEigenvalues.every((value) => value >= fraction)) return false;
  const lifted = Matrix.diag(realEigenvalues.map((value) => Math.max(value, fraction)));
  const back = lower.mmul(eigenvectorMatrix);
  const matrix = back.mmul(lifted).mmul(back.transpose());
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      covariances[offset + a * d + b] = matrix.get(a, b);
      covariances[offset + b * d + a] = matrix.get(a, b);
    }
  }
  return true;
}
