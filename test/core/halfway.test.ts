import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { computeHalfway, pairComponents } from '../../src/core/halfway.js';
import { permute } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import { expectClose } from '../close.js';
import { createMixture } from '../mixtures.js';

const [K, D] = [5, 3];
const ORDER = [3, 0, 4, 1, 2];
const scales = Float64Array.of(1, 10, 0.1);

describe.each(COVARIANCE_TYPES)("half-way, '%s'", (type) => {
  const mixture = { ...createMixture(type, K, D, createRandom(4)), nFeatures: D };

  it('between a mixture and itself, its components in another order, is the mixture', () => {
    const other = permute(mixture, ORDER);
    expect(pairComponents(other, mixture, scales)).toEqual(ORDER);
    const { weights, means, covariances } = computeHalfway(other, mixture, scales);
    // The average of two equal numbers is exact.
    expect([weights, means, covariances]).toEqual([other.weights, other.means, other.covariances]);
  });

  it('is as far from one as from the other', () => {
    const moved = {
      ...mixture,
      means: mixture.means.map((mean, i) => mean + 1e-3 * (i % 3)),
      covariances: mixture.covariances.map((value) => 1.01 * value),
    };
    const { means, covariances } = computeHalfway(mixture, moved, scales);
    expectClose(
      means,
      mixture.means.map((mean, i) => mean + 5e-4 * (i % 3)),
      1e-15,
      1,
    );
    expectClose(
      covariances,
      mixture.covariances.map((value) => 1.005 * value),
      1e-15,
      1,
    );
  });
});

it('components of one mean are told apart by their widths', () => {
  const frame = { covarianceType: 'spherical', nComponents: 2, nFeatures: 2 } as const;
  const nested = { ...frame, weights: Float64Array.of(0.5, 0.5), means: new Float64Array(4) };
  const one = { ...nested, covariances: Float64Array.of(1, 9) };
  const other = { ...nested, covariances: Float64Array.of(8, 1.2) };
  expect(pairComponents(one, other, Float64Array.of(1, 1))).toEqual([1, 0]);
});
