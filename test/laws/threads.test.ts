/** Any number of threads gives identical bits: neither the shards nor the order of merging depends on the threads. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { FitOptions, FitResult } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engines = [1, 2, 3, 8].map((threads) => createEngine({ threads }));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const [N, D, K] = [80_000, 5, 4];

const random = createRandom(42);
const rows = drawRows(createMixture('full', K, D, random, 3), N, random);
const data = await Dataset.from(rows, { nFeatures: D });
const weightedData = await Dataset.from(rows, { nFeatures: D, sampleWeight: drawWeights(N, random) });

/** Two starts tried on a sample, then 8 passes over all rows. */
const OPTIONS = { nComponents: K, nInit: 2, maxIter: 8, tol: 0, seed: 3 };

/** Every number of a result. */
const numbersOf = ({ model, ...rest }: FitResult) => ({ ...rest, parameters: model.toJSON() });

describe.each(COVARIANCE_TYPES)('%s, 80,000 × 5, k = 4', (covarianceType) => {
  const cases: [string, typeof data, Partial<FitOptions>][] = [
    ['without weights', data, {}],
    ['with sample weights', weightedData, {}],
    [
      "with convergence 'responsibilities'",
      data,
      { convergence: 'responsibilities', tol: 0.01, maxIter: 20 },
    ],
  ];
  it.each(cases)('has the same bits with 1, 2, 3 and 8 threads, %s', async (_, on, options) => {
    const bits: string[] = [];
    for (const engine of engines) {
      const result = await engine.fit(on, { ...OPTIONS, covarianceType, ...options });
      expect(result.nIterations).toBeGreaterThan(1);
      bits.push(bitsOf(numbersOf(result)));
    }
    expect(new Set(bits).size).toBe(1);
    expect(bits[0].length).toBeGreaterThan(8 * K * D);
  });
});

it('has the same scores with 1, 2, 3 and 8 threads', async () => {
  const { model } = await engines[0].fit(data, { ...OPTIONS, maxIter: 1 });
  const bits: string[] = [];
  for (const engine of engines) {
    const criterion = await model.icl(weightedData, { engine });
    bits.push(bitsOf([criterion, (await model.scoreSamples(data, { engine })).subarray(0, 50_000)]));
  }
  expect(new Set(bits).size).toBe(1);
});
