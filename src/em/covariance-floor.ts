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
import { computeCholesky, computeWhitening, matrixAt } from '../core/cholesky.js';
import type { CovarianceType } from '../types.js';
import type { Moments } from './moments.js';

/** What the data's own covariance is raised by on the diagonal, as a fraction of it. */
const RIDGE = 1e-6;

/** Of a constant column's scale squared: the square of a value of 1e163 overflows, and products with this do not. */
const LARGEST_SCALE = 1e280;

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
    return variance > 0 ? variance : Math.min((1e-8 * moments.mean[a]) ** 2, LARGEST_SCALE) || 1e-16;
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

  const reference = moments.covariance.slice();
  for (let a = 0; a < d; a++) reference[a * d + a] = variances[a] * (1 + RIDGE);
  const lower = computeCholesky(reference, 0, d);
  if (!lower) throw new Error('the covariance of the data, raised on its diagonal, is positive definite');
  const matrix = new Matrix(d, d);
  for (let a = 0, at = 0; a < d; a++) for (let b = 0; b <= a; b++) matrix.set(a, b, lower[at++]);
  const inverse = new Matrix(d, d);
  const whitening = computeWhitening(lower, d);
  for (let a = 0, at = 0; a < d; a++) for (let b = 0; b <= a; b++) inverse.set(a, b, whitening[at++]);

  return {
    liftInto(covariances) {
      let first = -1;
      for (let offset = 0; offset < covariances.length; offset += d * d) {
        if (isClearlyAbove(covariances, offset, lower, d, fraction)) continue;
        if (liftMatrix(covariances, offset, d, matrix, inverse, fraction) && first < 0)
          first = offset / (d * d);
      }
      return first;
    },
  };
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
  if (!lower) return false;
  const whitening = computeWhitening(lower, d);
  let trace = 0;
  for (let i = 0, row = 0; i < d; row += ++i) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let m = j, at = (j * (j + 1)) / 2 + j; m <= i; at += ++m)
        sum += whitening[row + m] * referenceLower[at];
      trace += sum * sum;
    }
  }
  return trace * fraction <= 1;
}

function liftMatrix(
  covariances: Float64Array,
  offset: number,
  d: number,
  lower: Matrix,
  inverse: Matrix,
  fraction: number,
): boolean {
  const relative = inverse.mmul(matrixAt(covariances, offset, d)).mmul(inverse.transpose());
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
