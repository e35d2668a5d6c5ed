import { describe, expect, it } from 'vitest';
import { covarianceOfInto, nest, sortComponents } from '../../src/core/parameters.js';
import { resolveParameters } from '../../src/model/read-parameters.js';
import type { CovarianceType, Parameters, ParametersInput } from '../../src/types.js';

const GOOD = {
  weights: [0.25, 0.75],
  means: [
    [0, 1],
    [2, 3],
  ],
  covariances: [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [2, 1],
      [1, 2],
    ],
  ],
};

const resolve = (change: object, type: CovarianceType = 'full') =>
  resolveParameters({ ...GOOD, ...change } as ParametersInput, type, 2, 2, 'INVALID_MODEL');

describe('resolveParameters', () => {
  it('takes nested and flat arrays alike', () => {
    const flat = {
      weights: Float64Array.of(0.25, 0.75),
      means: Float32Array.of(0, 1, 2, 3),
      covariances: [1, 0, 0, 1, 2, 1, 1, 2],
    };
    expect(resolve(flat)).toEqual(resolve({}));
    expect(resolve({}).covariances).toEqual(Float64Array.from(flat.covariances));
  });

  it('copies what it is given', () => {
    const weights = Float64Array.of(0.25, 0.75);
    const { weights: copy } = resolve({ weights });
    weights[0] = 0;
    expect(copy[0]).toBe(0.25);
  });

  it('removes the asymmetry that rounding leaves', () => {
    const [upper, lower] = [0.3, 0.1 + 0.2];
    const { covariances } = resolve({
      covariances: [
        [
          [1, upper],
          [lower, 1],
        ],
        [
          [1, 0],
          [1e-17, 1],
        ],
      ],
    });
    expect(covariances[1]).toBe(covariances[2]);
    expect(covariances[5]).toBe(covariances[6]);
  });

  it.each([
    ['weights', [0.5, 0.4], '"weights" must sum to 1, got 0.9'],
    ['weights', [1.5, -0.5], '"weights[1]" must be >= 0, got -0.5'],
    ['weights', [1], '"weights" must be an array of length 2 (weights is 2), got 1'],
    ['weights', undefined, '"weights" must be an array of 2 numbers, got undefined'],
    ['weights', ['a', 1], '"weights[0]" must be a finite number, got "a"'],
    ['means', [[0, 1], [2]], '"means[1]" must be an array of length 2 (means is 2 × 2), got 1'],
    [
      'means',
      [
        [0, 1],
        [2, Number.NaN],
      ],
      '"means[1][1]" must be a finite number, got NaN',
    ],
    ['means', [[0, 1], 5], '"means[1]" must be an array of length 2 (means is 2 × 2), got 5'],
    ['covariances', 'full', '"covariances" must be an array of 2 × 2 × 2 numbers, got "full"'],
    [
      'covariances',
      [
        [
          [1, 0.5],
          [0.4, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      '"covariances[0]" must be symmetric, got 0.4 at [1][0] and 0.5 at [0][1]',
    ],
    [
      'covariances',
      [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 1],
          [1, 1],
        ],
      ],
      '"covariances[1]" must be positive definite, and is not; a variance may be 0 or two columns equal',
    ],
  ])('names what is wrong with %s (%j)', (field, value, message) => {
    expect(() => resolve({ [field]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_MODEL', message }),
    );
  });

  it.each([
    [
      'tied',
      [
        [1, 2],
        [2, 1],
      ],
      '"covariances" must be positive definite, and is not; a variance may be 0 or two columns equal',
    ],
    [
      'diag',
      [
        [1, 1],
        [0, 1],
      ],
      '"covariances[1][0]" must be > 0, got 0',
    ],
    ['spherical', [1, -2], '"covariances[1]" must be > 0, got -2'],
  ] as const)('names what is wrong with %s covariances', (type, covariances, message) => {
    expect(() => resolve({ covariances }, type)).toThrow(
      expect.objectContaining({ code: 'INVALID_MODEL', message }),
    );
  });

  it('throws with the code of its argument', () => {
    const throwing = () => resolveParameters({ ...GOOD, weights: [1, 1] }, 'full', 2, 2, 'INVALID_OPTION');
    expect(throwing).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('sortComponents', () => {
  const mixture = (type: CovarianceType, covariances: number[]): Parameters => ({
    covarianceType: type,
    nComponents: 4,
    nFeatures: 2,
    weights: Float64Array.of(0.2, 0.3, 0.3, 0.2),
    means: Float64Array.of(5, 5, 1, 2, 1, 1, 4, 9),
    covariances: Float64Array.from(covariances),
  });

  it('orders by falling weight, then by mean, first column first, and takes the covariances along', () => {
    const sorted = sortComponents(mixture('spherical', [1, 2, 3, 4]));
    expect([...sorted.weights]).toEqual([0.3, 0.3, 0.2, 0.2]);
    expect([...sorted.means]).toEqual([1, 1, 1, 2, 4, 9, 5, 5]);
    expect([...sorted.covariances]).toEqual([3, 2, 4, 1]);
    expect([...sortComponents(mixture('diag', [1, 10, 2, 20, 3, 30, 4, 40])).covariances]).toEqual([
      3, 30, 2, 20, 4, 40, 1, 10,
    ]);
  });

  it('takes the degrees of freedom along', () => {
    const parameters = {
      ...mixture('spherical', [1, 2, 3, 4]),
      degreesOfFreedom: Float64Array.of(1, 2, 3, 4),
    };
    expect([...(sortComponents(parameters).degreesOfFreedom ?? [])]).toEqual([3, 2, 4, 1]);
    expect(sortComponents(mixture('spherical', [1, 2, 3, 4]))).not.toHaveProperty('degreesOfFreedom');
  });

  it('leaves the shared covariance of tied components', () => {
    expect([...sortComponents(mixture('tied', [2, 1, 1, 2])).covariances]).toEqual([2, 1, 1, 2]);
  });
});

describe('covarianceOfInto', () => {
  it('is a matrix whatever the type', () => {
    const out = new Float64Array(4);
    const of = (covarianceType: CovarianceType, covariances: number[]) => {
      const [weights, means] = [Float64Array.of(0.5, 0.5), new Float64Array(4)];
      const numbers = { weights, means, covariances: Float64Array.from(covariances) };
      covarianceOfInto(out, { covarianceType, nComponents: 2, nFeatures: 2, ...numbers }, 1);
      return [...out];
    };
    expect(of('full', [1, 2, 3, 4, 5, 6, 6, 8])).toEqual([5, 6, 6, 8]);
    expect(of('tied', [5, 6, 6, 8])).toEqual([5, 6, 6, 8]);
    expect(of('diag', [1, 2, 3, 4])).toEqual([3, 0, 0, 4]);
    expect(of('spherical', [1, 2])).toEqual([2, 0, 0, 2]);
  });
});

describe('nest', () => {
  it('nests a flat array to any shape', () => {
    expect(nest(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2])).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(nest(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(nest(Float64Array.of(1, 2), [2])).toEqual([1, 2]);
  });
});
