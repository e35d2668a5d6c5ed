import { determinant, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  computeCholesky,
  computeLogDeterminant,
  computeWhitening,
  matrixAt,
} from '../../src/core/cholesky.js';
import { createRandom } from '../../src/core/random.js';
import { expectClose } from '../close.js';
import { createMixture } from '../mixtures.js';

/** With d <= 40 and condition numbers of about 5 there are at most a few hundred roundings. */
const WELL_CONDITIONED = 1e-12;

/** A packed lower triangle as a matrix. */
function unpack(packed: Float64Array, d: number): Matrix {
  const matrix = Matrix.zeros(d, d);
  for (let i = 0, at = 0; i < d; i++) for (let j = 0; j <= i; j++) matrix.set(i, j, packed[at++]);
  return matrix;
}

describe.each([1, 2, 3, 5, 8, 40])('d = %i', (d) => {
  const { covariances } = createMixture('full', 2, d, createRandom(d));
  const covariance = matrixAt(covariances, d * d, d);
  const lower = computeCholesky(covariances, d * d, d) as Float64Array;
  const whitening = computeWhitening(lower, d);

  it('has L Lᵀ = Σ, of the matrix at the offset', () => {
    const l = unpack(lower, d);
    expectClose(l.mmul(l.transpose()).to1DArray(), covariance.to1DArray(), WELL_CONDITIONED, 1);
  });

  it('has W L = 1 and Wᵀ W = Σ⁻¹', () => {
    const w = unpack(whitening, d);
    expectClose(w.mmul(unpack(lower, d)).to1DArray(), Matrix.eye(d, d).to1DArray(), WELL_CONDITIONED, 1);
    expectClose(w.transpose().mmul(w).to1DArray(), inverse(covariance).to1DArray(), WELL_CONDITIONED, 1);
  });

  it('has −½ log |Σ| as its log-determinant', () => {
    const expected = -0.5 * Math.log(determinant(covariance));
    expectClose([computeLogDeterminant(whitening, d)], [expected], WELL_CONDITIONED, 1);
  });
});

describe('computeCholesky', () => {
  it.each([
    ['a variance of 0', [0, 0, 0, 1]],
    ['a negative variance', [1, 0, 0, -1]],
    ['two equal columns', [1, 1, 1, 1]],
    ['a correlation above 1', [1, 2, 2, 1]],
    ['NaN', [1, Number.NaN, Number.NaN, 1]],
    ['infinity', [1, 0, 0, Number.POSITIVE_INFINITY]],
    ['a pivot that is next to nothing', [1, 0, 0, 1e-320]],
  ])('is undefined for %s', (_, values) => {
    expect(computeCholesky(Float64Array.from(values), 0, 2)).toBeUndefined();
  });

  it('factors covariances of any scale', () => {
    for (const scale of [1e-200, 1e-12, 1, 1e12, 1e200]) {
      const lower = computeCholesky(Float64Array.of(4 * scale, 2 * scale, 2 * scale, 2 * scale), 0, 2);
      const root = Math.sqrt(scale);
      expectClose(lower as Float64Array, [2 * root, root, root], WELL_CONDITIONED);
    }
  });
});
