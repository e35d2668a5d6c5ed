/** Each combination of type, start, rule and rows gives the same bits with one, two and five threads: 1,296 fits. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { FitResult } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { SEED } from '../fuzz/seed.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset, GmmError } from '../package.js';

const engines = [1, 2, 5].map((threads) => createEngine({ threads }));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const ROUNDS = [0, 1, 2];
const INITS = ['kmeans', 'k-means++', 'random', 'random-rows'] as const;
const RULES = ['aitken', 'change', 'responsibilities'] as const;
const ROWS = ['plain', 'weighted', 'float32'] as const;

/** Every number of a result, or the message of its error. */
async function outcomeOf(fit: Promise<FitResult>): Promise<string> {
  try {
    const { model, ...rest } = await fit;
    return bitsOf({ ...rest, parameters: model.toJSON() });
  } catch (error) {
    if (error instanceof GmmError) return error.message;
    throw error;
  }
}

describe.each(ROUNDS)(`seed ${SEED}, round %i`, (round) => {
  it.each(COVARIANCE_TYPES)('%s: the same bits with 1, 2 and 5 threads', async (covarianceType) => {
    const random = createRandom(SEED + round);
    const [n, d, k] = [5000 + random.below(5000), 1 + random.below(5), 1 + random.below(4)];
    const rows = drawRows(createMixture('full', k, d, random, 2), n, random);
    const sampleWeight = drawWeights(n, random);
    for (const kind of ROWS) {
      const data = await Dataset.from(rows, {
        nFeatures: d,
        sampleWeight: kind === 'weighted' ? sampleWeight : undefined,
        storage: kind === 'float32' ? 'float32' : 'float64',
      });
      for (const init of INITS) {
        for (const convergence of RULES) {
          const options = {
            nComponents: k,
            covarianceType,
            init,
            convergence,
            nInit: 2,
            maxIter: 40,
            seed: round,
          };
          const outcomes = await Promise.all(engines.map((engine) => outcomeOf(engine.fit(data, options))));
          expect(new Set(outcomes).size, JSON.stringify({ n, d, kind, ...options })).toBe(1);
        }
      }
    }
  });
});
