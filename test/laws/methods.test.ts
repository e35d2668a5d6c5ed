/** Every way to fit has the same bits on any number of threads, and takes rows of float32 as the same rows in float64. */

import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { FitResult } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { METHODS } from '../methods.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engines = [1, 2, 7].map((threads) => createEngine({ threads }));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const [N, D, K] = [40_000, 3, 3];
const random = createRandom(18);
const rows = drawRows(createMixture('full', K, D, random, 3), N, random).map(Math.fround);
const sampleWeight = drawWeights(N, random);
const options = { nFeatures: D, sampleWeight } as const;
const data = await Dataset.from(rows, options);
const single = await Dataset.from(rows, { ...options, storage: 'float32' });

const numbersOf = ({ model, ...rest }: FitResult) => bitsOf({ ...rest, parameters: model.toJSON() });

describe.each(METHODS)('$method', ({ options: special }) => {
  it.each(['full', 'tied', 'diag', 'spherical'] as const)('has the same bits, %s', async (covarianceType) => {
    const all = { nComponents: K, covarianceType, nInit: 2, maxIter: 5, tol: 0, seed: 3, ...special };
    const bits = [];
    for (const engine of engines) bits.push(numbersOf(await engine.fit(data, all)));
    bits.push(numbersOf(await engines[1].fit(single, all)));
    expect(new Set(bits).size).toBe(1);
    expect(bits[0].length).toBeGreaterThan(8 * K * D);
  });
});
