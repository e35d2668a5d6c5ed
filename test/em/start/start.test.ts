import { describe, expect, it } from 'vitest';
import { computeCholesky } from '../../../src/core/cholesky.js';
import { COVARIANCE_TYPES, familyOf } from '../../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import { createRandom } from '../../../src/core/random.js';
import { computeOneComponent } from '../../../src/em/start/one-component.js';
import { findStart } from '../../../src/em/start/start.js';
import type { SharedRows } from '../../../src/rows/shared-rows.js';
import type { InitName } from '../../../src/types.js';
import { bitsOf, expectClose } from '../../close.js';
import { computeMoments, covarianceOf, momentsByType } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

const [N, D, K] = [120, 2, 3];
const INITS: readonly InitName[] = ['kmeans', 'k-means++', 'random', 'random-rows'];
/** Rounding of means of means. */
const CLOSED_FORM = 1e-12;

const random = createRandom(2);
const rows = drawRows(createMixture('full', K, D, random, 1), N, random);
const never = () => undefined;

/** Rows in one chunk. */
function share(values: Float64Array, sampleWeight?: Float64Array): SharedRows {
  const nSamples = values.length / D;
  return { nSamples, nFeatures: D, chunkRows: nSamples, chunks: [values], sampleWeight };
}

const PLAIN = { regCovar: 0, equalWeights: false };

/** Later k-means starts alternate between two variations. */
const cases = COVARIANCE_TYPES.flatMap((type) =>
  INITS.flatMap((init) => (init === 'kmeans' ? [0, 1, 2] : [0]).map((index) => ({ type, init, index }))),
);

describe.each(cases)("findStart, $type, '$init', start $index", ({ type, init, index }) => {
  const start = (seed: number, from = rows, sampleWeight?: Float64Array, k = K) => {
    const counted = sampleWeight ? from.filter((_, i) => sampleWeight[Math.floor(i / D)] > 0) : from;
    const moments = { totalWeight: counted.length / D, ...computeMoments(counted, D) };
    const family = familyOf(type);
    const bounds = { ...PLAIN, family, floor: createCovarianceFloor(family.form, moments, 1e-6) };
    const shape = { covarianceType: type, nComponents: k, nFeatures: D };
    const sample = { rows: share(from, sampleWeight), moments };
    return findStart({ kind: 'random', init, index, seed, sample }, shape, bounds, never);
  };

  it('is a mixture whose covariances are positive definite', () => {
    for (let seed = 0; seed < 20; seed++) {
      const parameters = start(seed);
      expectClose([parameters.weights.reduce((sum, weight) => sum + weight, 0)], [1], CLOSED_FORM);
      expect(parameters.means.every(Number.isFinite)).toBe(true);
      for (let j = 0; j < K; j++) expect(computeCholesky(covarianceOf(parameters, j), 0, D)).toBeDefined();
    }
  });

  it('is the same for the same seed, and mostly another one for other seeds', () => {
    expect(bitsOf(start(5))).toBe(bitsOf(start(5)));
    const starts = Array.from({ length: 20 }, (_, seed) => bitsOf(start(seed).means));
    // k-means ends in the same few clusterings from most seeds.
    expect(new Set(starts).size).toBeGreaterThan(init === 'kmeans' ? 0 : 15);
  });

  it('is positive definite if a component has one row, and if there are as many components as rows', () => {
    const few = rows.slice(0, 5 * D);
    for (let seed = 0; seed < 10; seed++) {
      const parameters = start(seed, few, undefined, 5);
      for (let j = 0; j < 5; j++) expect(computeCholesky(covarianceOf(parameters, j), 0, D)).toBeDefined();
    }
  });

  it('ignores rows of weight 0', () => {
    const weights = Float64Array.from({ length: N }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const moved = rows.map((value, i) => (weights[Math.floor(i / D)] === 0 ? 1000 - 7 * value : value));
    for (let seed = 0; seed < 20; seed++) {
      expect(bitsOf(start(seed, moved, weights))).toBe(bitsOf(start(seed, rows, weights)));
    }
  });
});

it("takes k different rows for 'random-rows'", () => {
  const moments = { totalWeight: N, ...computeMoments(rows, D) };
  const bounds = { ...PLAIN, family: familyOf('full'), floor: { liftInto: () => [] } };
  const shape = { covarianceType: 'full', nComponents: N, nFeatures: D } as const;
  const sample = { rows: share(rows), moments };
  const start = { kind: 'random', init: 'random-rows', index: 0, seed: 0, sample } as const;
  const { means } = findStart(start, shape, bounds, never);
  expect([...means].sort()).toEqual([...rows].sort());
});

it.each(COVARIANCE_TYPES)('starts one %s component from the moments', (type) => {
  const moments = { totalWeight: N, ...computeMoments(rows, D) };
  const shape = { covarianceType: type, nComponents: 1, nFeatures: D };
  const { weights, means, covariances } = computeOneComponent(shape, moments, 0);
  expect([[...weights], means]).toEqual([[1], moments.mean]);
  expect(covariances).toEqual(momentsByType(type, moments.covariance, D));
});
