/**
 * Σ = L Lᵀ and W = L⁻¹, the whitening matrix: ‖W (x − μ)‖² is the squared Mahalanobis distance.
 * L by ml-matrix; W by forward substitution, column by column.
 */

import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { triangleLength } from './covariance-type.js';

/** A (d × d) block of a flat row-major array as an ml-matrix Matrix, its own copy. */
export function matrixAt(values: Float64Array, offset: number, d: number): Matrix {
  return Matrix.from1DArray(d, d, values.subarray(offset, offset + d * d) as unknown as number[]);
}

/**
 * L of a symmetric positive definite matrix.
 *
 * @param covariances - in: holds a (d × d) row-major matrix at `offset`
 * @returns (d (d + 1) / 2) L, packed lower triangle by rows; undefined if the matrix is not positive definite
 */
export function computeCholesky(
  covariances: Float64Array,
  offset: number,
  d: number,
): Float64Array | undefined {
  for (let i = offset; i < offset + d * d; i++) if (!Number.isFinite(covariances[i])) return undefined;
  const decomposition = new CholeskyDecomposition(matrixAt(covariances, offset, d));
  if (!decomposition.isPositiveDefinite()) return undefined;
  const lower = decomposition.lowerTriangularMatrix;
  const packed = new Float64Array(triangleLength(d));
  for (let i = 0, at = 0; i < d; i++) for (let j = 0; j <= i; j++) packed[at++] = lower.get(i, j);
  // ml-matrix calls a matrix positive definite whose pivot is a subnormal's square root away from 0.
  for (let i = 0, at = 0; i < d; i++, at += i + 1) if (!(packed[at] > 1e-150)) return undefined;
  return packed;
}

/**
 * W = L⁻¹ of a packed lower triangle.
 *
 * @param lower - in: (d (d + 1) / 2) L, packed by rows, positive diagonal
 * @returns (d (d + 1) / 2) W, packed by rows
 */
export function computeWhitening(lower: Float64Array, d: number): Float64Array {
  const whitening = new Float64Array(lower.length);
  for (let i = 0, row = 0; i < d; row += ++i) {
    const pivot = 1 / lower[row + i];
    for (let j = 0; j < i; j++) {
      // Lᵢⱼ Wⱼⱼ + … + Lᵢᵢ Wᵢⱼ = 0
      let sum = 0;
      for (let m = j, at = triangleLength(j) + j; m < i; at += ++m) sum += lower[row + m] * whitening[at];
      whitening[row + j] = -sum * pivot;
    }
    whitening[row + i] = pivot;
  }
  return whitening;
}

/** Σₐ log Wₐₐ = −½ log |Σ|. */
export function computeLogDeterminant(whitening: Float64Array, d: number): number {
  let sum = 0;
  for (let i = 0, at = 0; i < d; i++, at += i + 1) sum += Math.log(whitening[at]);
  return sum;
}
