import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { computeCholesky } from '../../../src/core/cholesky.js';
import { computeFactors } from '../../../src/core/covariance/factors.js';
import { type CovarianceType, formOf } from '../../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import type { Moments } from '../../../src/core/moments.js';
import { createRandom } from '../../../src/core/random.js';
import { expectClose } from '../../close.js';
import { createMixture } from '../../mixtures.js';

const FRACTION = 1e-3;
const D = 4;

/** The floor adds 1e-6 of its diagonal to the data's covariance (src/core/covariance/floor.ts). That part is not equivariant. */
const RIDGE = 1e-5;

/** Rounding of the eigenvalues of well-conditioned matrices. */
const EIGENVALUES = 1e-10;

const random = createRandom(5);
const data = createMixture('full', 1, D, random).covariances;
const momentsOf = (covariance: Float64Array) => ({ totalWeight: 100, mean: new Float64Array(D), covariance });
const matrixOf = (values: Float64Array) => Matrix.from1DArray(D, D, [...values]);

/** A floor, and what it does with covariances whose factors are computed first. */
function createFloor(type: CovarianceType, moments: Moments, fraction: number) {
  const form = formOf(type);
  const floor = createCovarianceFloor(form, moments, fraction);
  return {
    liftInto: (covariances: Float64Array) =>
      floor.liftInto(covariances, computeFactors(form, covariances, D)),
  };
}

/** The variances of Σ relative to those of the data, in rising order. */
function relativeVariances(covariance: Float64Array): number[] {
  const product = inverse(matrixOf(data)).mmul(matrixOf(covariance));
  return new EigenvalueDecomposition(product).realEigenvalues.sort((a, b) => a - b);
}

/** A covariance with these variances relative to those of the data. */
function withRelativeVariances(variances: readonly number[], scale = matrixOf(data)): Float64Array {
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(scale);
  const root = eigenvectorMatrix.mmul(Matrix.diag(realEigenvalues.map(Math.sqrt)));
  const matrix = root.mmul(Matrix.diag([...variances])).mmul(root.transpose());
  return Float64Array.from(matrix.add(matrix.clone().transpose()).mul(0.5).to1DArray());
}

describe("the floor of 'full' covariances", () => {
  const floor = createFloor('full', momentsOf(data), FRACTION);

  it('leaves covariances above it untouched', () => {
    const above = [...withRelativeVariances([0.9, 0.5, 0.1, 0.0011]), ...data];
    const covariances = Float64Array.from(above);
    expect(floor.liftInto(covariances)).toEqual([]);
    expect([...covariances]).toEqual(above);
  });

  it('lifts directions below the floor to it and leaves the other directions', () => {
    const covariance = withRelativeVariances([0.9, 0.5, 1e-4, 1e-7]);
    expect(floor.liftInto(covariance)).toEqual([0]);
    expectClose(relativeVariances(covariance), [FRACTION, FRACTION, 0.5, 0.9], RIDGE);
    expect(covariance).toEqual(Float64Array.from(matrixOf(covariance).transpose().to1DArray()));
  });

  it('lifts a direction that is just below it', () => {
    const covariance = withRelativeVariances([1, 1, 1, 0.9 * FRACTION]);
    expect(floor.liftInto(covariance)).toEqual([0]);
    expectClose(relativeVariances(covariance), [FRACTION, 1, 1, 1], RIDGE);
  });

  it('lifts singular covariances, and returns those that were below', () => {
    const covariances = Float64Array.from([
      ...data,
      ...withRelativeVariances([1, 1, 1, 0]),
      ...new Float64Array(D * D),
    ]);
    expect(floor.liftInto(covariances)).toEqual([1, 2]);
    expect(relativeVariances(covariances.slice(D * D, 2 * D * D))[0]).toBeGreaterThan(FRACTION * (1 - RIDGE));
    expectClose(relativeVariances(covariances.slice(2 * D * D)), new Array(D).fill(FRACTION), RIDGE);
  });

  it('is equivariant under linear maps of the data', () => {
    const map = Matrix.from1DArray(
      D,
      D,
      Array.from({ length: D * D }, () => random.normal()),
    );
    const mapped = (values: Float64Array) =>
      Float64Array.from(map.mmul(matrixOf(values)).mmul(map.transpose()).to1DArray());
    const symmetric = (values: Float64Array) =>
      values.map((value, i) => (value + values[(i % D) * D + Math.floor(i / D)]) / 2);
    const mappedFloor = createFloor('full', momentsOf(symmetric(mapped(data))), FRACTION);
    const before = withRelativeVariances([1, 0.2, 1e-5, 1e-8]);
    const after = symmetric(mapped(before));
    expect(floor.liftInto(before)).toEqual([0]);
    expect(mappedFloor.liftInto(after)).toEqual([0]);
    expectClose(after, mapped(before), RIDGE, Math.max(...mapped(before)));
  });

  it('is equivariant under a change of units, to the last digits', () => {
    const units = [1e-6, 1, 1e3, 1e8];
    const unitsOf = (i: number) => units[i % D] * units[Math.floor(i / D)];
    const scaled = (values: Float64Array) => values.map((value, i) => value * unitsOf(i));
    const unscaled = (values: Float64Array) => values.map((value, i) => value / unitsOf(i));
    const scaledFloor = createFloor('full', momentsOf(scaled(data)), FRACTION);
    const before = withRelativeVariances([1, 0.2, 1e-5, 1e-8]);
    const after = scaled(before);
    floor.liftInto(before);
    scaledFloor.liftInto(after);
    expectClose(unscaled(after), before, EIGENVALUES, 1);
  });

  it('exists for data in a plane, and for a constant column', () => {
    const flat = data.map((value, i) => (i % D === 3 || i >= 3 * D ? 0 : value));
    const covariances = new Float64Array(D * D);
    expect(createFloor('full', momentsOf(flat), FRACTION).liftInto(covariances)).toEqual([0]);
    // The columns' scales differ by many orders. Rounding would swamp small eigenvalues, but not the Cholesky factor.
    expect(computeCholesky(covariances, 0, D)).toBeDefined();
  });
});

describe("the floor of 'tied' covariances", () => {
  it('is that of a full one', () => {
    const [tied, full] = [1, 1].map(() => withRelativeVariances([1, 1, 1, 1e-9]));
    expect(createFloor('tied', momentsOf(data), FRACTION).liftInto(tied)).toEqual([0]);
    createFloor('full', momentsOf(data), FRACTION).liftInto(full);
    expect(tied).toEqual(full);
  });
});

describe("the floor of 'diag' and 'spherical' covariances", () => {
  const diagonal = new Float64Array(D * D);
  [1, 4, 9, 16].forEach((variance, a) => {
    diagonal[a * D + a] = variance;
  });

  it('is a fraction of every column’s variance', () => {
    const covariances = Float64Array.of(1, 1, 1, 1, 1e-4, 1, 1e-4, 1);
    expect(createFloor('diag', momentsOf(diagonal), FRACTION).liftInto(covariances)).toEqual([1]);
    expect([...covariances]).toEqual([1, 1, 1, 1, FRACTION, 1, 9 * FRACTION, 1]);
  });

  it('is a fraction of the mean of the columns’ variances', () => {
    const covariances = Float64Array.of(1, 7.4e-3, 7.6e-3);
    expect(createFloor('spherical', momentsOf(diagonal), FRACTION).liftInto(covariances)).toEqual([1]);
    expect([...covariances]).toEqual([1, 7.5e-3, 7.6e-3]);
  });
});

it.each(['full', 'tied', 'diag', 'spherical'] as const)('is no floor at 0, %s', (type) => {
  const covariances = new Float64Array(D * D);
  expect(createFloor(type, momentsOf(data), 0).liftInto(covariances)).toEqual([]);
  expect(covariances.every((value) => value === 0)).toBe(true);
});
