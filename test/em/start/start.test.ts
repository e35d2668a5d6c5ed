import { describe, expect, it } from 'vitest';
import { computeCholesky } from '../../../src/core/cholesky.js';
import { COVARIANCE_TYPES } from '../../../src/core/covariance-type.js';
import { createRandom } from '../../../src/core/random.js';
import { createCovarianceFloor } from '../../../src/em/covariance-floor.js';
import { computeStart, parametersOfMoments } from '../../../src/em/start/start.js';
import type { InitName } from '../../../src/types.js';
import { bitsOf, expectClose } from '../../close.js';
import { computeMoments, covarianceOf, momentsByType } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

const [N, D, K] = [120, 2, 3];
const INITS: readonly InitName[] = ['kmeans', 'k-means++', 'random', 'random-rows'];
/** Means of means: a few roundings. */
const CLOSED_FORM = 1e-12;

const random = createRandom(2);
const rows = drawRows(createMixture('full', K, D, random, 1), N, random);
const never = () => undefined;
const PLAIN = { regCovar: 0, equalWeights: false };

/** Later k-means starts are varied in two ways, by turns. */
const cases = COVARIANCE_TYPES.flatMap((type) =>
  INITS.flatMap((init) => (init === 'kmeans' ? [0, 1, 2] : [0]).map((index) => ({ type, init, index }))),
);

describe.each(cases)("computeStart, $type, '$init', start $index", ({ type, init, index }) => {
  const start = (seed: number, from = rows, sampleWeight?: Float64Array, k = K) => {
    const counted = sampleWeight ? from.filter((_, i) => sampleWeight[Math.floor(i / D)] > 0) : from;
    const moments = { totalWeight: counted.length / D, ...computeMoments(counted, D) };
    const options = { ...PLAIN, floor: createCovarianceFloor(type, moments, 1e-6), moments };
    const frame = { covarianceType: type, nComponents: k, nFeatures: D };
    const sample = { rows: from, sampleWeight, moments };
    return computeStart(init, index, frame, sample, createRandom(seed), options, never);
  };

  it('is a mixture whose covariances are positive definite', () => {
    for (let seed = 0; seed < 20; seed++) {
      const parameters = start(seed);
      expectClose([parameters.weights.reduce((sum, weight) => sum + weight, 0)], [1], CLOSED_FORM);
      expect(parameters.means.every(Number.isFinite)).toBe(true);
      for (let j = 0; j < K; j++) expect(computeCholesky(covarianceOf(parameters, j), 0, D)).toBeDefined();
    }
  });

  it('is the same for the same seed, and starts anew for another', () => {
    expect(bitsOf(start(5))).toBe(bitsOf(start(5)));
    const starts = Array.from({ length: 20 }, (_, seed) => bitsOf(start(seed).means));
    // k-means from other seeds ends in the same few clusterings.
    expect(new Set(starts).size).toBeGreaterThan(init === 'kmeans' ? 0 : 15);
  });

  it('is positive definite for a component of one row, and for as many components as rows', () => {
    const few = rows.slice(0, 5 * D);
    for (let seed = 0; seed < 10; seed++) {
      const parameters = start(seed, few, undefined, 5);
      for (let j = 0; j < 5; j++) expect(computeCholesky(covarianceOf(parameters, j), 0, D)).toBeDefined();
    }
  });

  it('does not look at rows of weight 0', () => {
    const weights = Float64Array.from({ length: N }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const moved = rows.map((value, i) => (weights[Math.floor(i / D)] === 0 ? 1000 - 7 * value : value));
    for (let seed = 0; seed < 20; seed++) {
      expect(bitsOf(start(seed, moved, weights))).toBe(bitsOf(start(seed, rows, weights)));
    }
  });
});

it("takes k different rows for 'random-rows'", () => {
  const moments = { totalWeight: N, ...computeMoments(rows, D) };
  const options = { ...PLAIN, floor: { liftInto: () => -1 }, moments };
  const frame = { covarianceType: COVARIANCE_TYPES[0], nComponents: N, nFeatures: D };
  const sample = { rows, sampleWeight: undefined, moments };
  const { means } = computeStart('random-rows', 0, frame, sample, createRandom(0), options, never);
  expect([...means].sort()).toEqual([...rows].sort());
});

it.each(['full', 'tied', 'diag', 'spherical'] as const)(
  'starts one %s component from the moments',
  (type) => {
    const moments = { totalWeight: N, ...computeMoments(rows, D) };
    const { weights, means, covariances } = parametersOfMoments(type, moments);
    expect([[...weights], means]).toEqual([[1], moments.mean]);
    expect(covariances).toEqual(momentsByType(type, moments.covariance, D));
  },
);
