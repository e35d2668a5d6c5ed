/**
 * The floor under covariances: no direction's variance below a fraction of the data's own in that direction.
 *
 * With S the data's covariance, the variances of Σ relative to S are the eigenvalues of M = L⁻¹ Σ L⁻ᵀ, L Lᵀ = S.
 * Those below the floor are lifted to it. The measure moves along with any scaling or turning of the data, and a
 * narrow direction that all the data share is no collapse. (S's diagonal is raised by 1e-6 of itself: data that
 * lie exactly in a plane have S singular, and there the floor is 1e-12 of the column's variance.)
 *
 * An eigenvalue problem a component and step would cost more than the rest of the M-step. The smallest
 * eigenvalue of M is at least 1 / tr M⁻¹ = 1 / ‖W L‖², W the whitening matrix of Σ: as a rule that settles it.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { computeCholesky, computeProductNorm, computeWhitening, matrixAt } from '../core/cholesky.js';
import type { CovarianceType } from '../core/covariance-type.js';
import type { Moments } from '../core/moments.js';

/** What the data's own covariance is raised by on the diagonal, as a fraction of it. */
const RIDGE = 1e-6;

/**
 * Bounds of a constant column's scale squared. The square of a value of 1e163 overflows, that of 1e-154 underflows, and
 * products with these do neither.
 */
const LARGEST_SCALE = 1e280;
const SMALLEST_SCALE = 1e-280;

/** Lifts what is below the floor, in place. */
export interface CovarianceFloor {
  /**
   * @param covariances - in/out: of all components, by type
   * @returns the index of the first component that had to be lifted, or −1
   */
  liftInto(covariances: Float64Array): number;
}

/**
 * @param fraction - smallest variance in any direction relative to the data's own; 0 for no floor
 */
export function createCovarianceFloor(
  type: CovarianceType,
  moments: Moments,
  fraction: number,
): CovarianceFloor {
  if (fraction === 0) return { liftInto: () => -1 };
  const d = moments.mean.length;
  const variances = Float64Array.from({ length: d }, (_, a) => {
    const variance = moments.covariance[a * d + a];
    // A constant column has no scale of its own; any will do that its value can be told apart at and that is
    // far below what a user would take for regCovar.
    if (variance > 0) return variance;
    const mean = moments.mean[a];
    return mean === 0 ? 1e-16 : Math.min(Math.max((1e-8 * mean) ** 2, SMALLEST_SCALE), LARGEST_SCALE);
  });

  if (type === 'diag' || type === 'spherical') {
    // A constant column adds nothing to the mean variance; where all are, there is no other scale.
    const own = variances.reduce((sum, _, a) => sum + moments.covariance[a * d + a], 0);
    const mean = (own || variances.reduce((sum, variance) => sum + variance, 0)) / d;
    const smallest = type === 'diag' ? variances.map((variance) => fraction * variance) : [fraction * mean];
    return {
      liftInto(covariances) {
        let first = -1;
        for (let i = 0; i < covariances.length; i++) {
          const least = smallest[i % smallest.length];
          if (covariances[i] >= least) continue;
          covariances[i] = least;
          if (first < 0) first = Math.floor(i / smallest.length);
        }
        return first;
      },
    };
  }

  const raised = variances.map((variance) => variance * (1 + RIDGE));
  // Where weights differ by more than doubles can tell, rounding leaves correlations that no data have: the variances will do.
  const lower = factorOf(moments.covariance, raised) ?? factorOf(new Float64Array(d * d), raised);
  if (!lower) throw new Error('variances that neither overflow nor underflow have square roots');
  return {
    liftInto(covariances) {
      let first = -1;
      for (let offset = 0; offset < covariances.length; offset += d * d) {
        if (isClearlyAbove(covariances, offset, lower, d, fraction)) continue;
        if (liftMatrix(covariances, offset, lower, d, fraction) && first < 0) first = offset / (d * d);
      }
      return first;
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

/** Whether 1 / ‖W L‖² >= fraction, which is enough for every eigenvalue. */
function isClearlyAbove(
  covariances: Float64Array,
  offset: number,
  referenceLower: Float64Array,
  d: number,
  fraction: number,
): boolean {
  const lower = computeCholesky(covariances, offset, d);
  return !!lower && computeProductNorm(computeWhitening(lower, d), referenceLower, d) * fraction <= 1;
}

/** Numbers beyond these have squares that overflow or underflow, and ml-matrix's decomposition ends in NaN. */
const LARGEST_RELATIVE = 1e140;
const SMALLEST_RELATIVE = 1e-140;

/**
 * Takes what is next to nothing for 0.
 *
 * @returns false where something overflows: such a covariance can be neither judged nor lifted, and counts as collapsed
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
