/** The search after the starts has the same bits on any number of threads, with few rows and with samples of many. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { FitResult } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

/** Log-likelihood per row by which a sample may prefer a solution that is worse on all rows: a better one gains 2e-5 at least. */
const NOT_TOLD_APART = 2e-5;

const engines = [1, 2].map((threads) => createEngine({ threads }));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const [D, K] = [2, 6];
const random = createRandom(21);
const mixture = createMixture('full', K, D, random, 4);

/** Small data are searched whole; of many rows the starts, the approaches and the last runs see ever more. */
const DATA = await Promise.all(
  [400, 45_000].map(async (n) => {
    const rows = drawRows(mixture, n, random);
    return { n, data: await Dataset.from(rows, { nFeatures: D, sampleWeight: drawWeights(n, random) }) };
  }),
);

const numbersOf = ({ model, ...rest }: FitResult) => ({ ...rest, parameters: model.toJSON() });

describe.each(DATA)('$n rows', ({ n, data }) => {
  it('have the same bits with 1 and with 2 threads', async () => {
    let moves = 0;
    for (const covarianceType of COVARIANCE_TYPES) {
      // Two starts at random rows leave much to the moves.
      const options = { nComponents: K, covarianceType, init: 'random-rows', nInit: 2, seed: 5 } as const;
      const [one, two] = await Promise.all(engines.map((engine) => engine.fit(data, options)));
      expect(bitsOf(numbersOf(two))).toBe(bitsOf(numbersOf(one)));
      expect(two.restarts).toEqual(one.restarts);
      expect(one.restarts.some(({ nSamples }) => nSamples === n)).toBe(true);
      moves += Math.max(...one.restarts.map((restart) => restart.moves));
    }
    expect(moves).toBeGreaterThan(0);
  });

  it('end with a solution that is at least as likely as without moves', async () => {
    for (const seed of [1, 2, 3]) {
      const options = { nComponents: K, nInit: 2, seed } as const;
      const [moved, plain] = await Promise.all([
        engines[1].fit(data, options),
        engines[1].fit(data, { ...options, search: 'none' }),
      ]);
      expect(moved.meanLogLikelihood).toBeGreaterThan(plain.meanLogLikelihood - NOT_TOLD_APART);
      expect(plain.restarts.every((restart) => restart.moves === 0)).toBe(true);
    }
  });
});

it('has the same bits with 1 and with 2 threads where it is thorough', async () => {
  const [{ data }] = DATA;
  const options = { nComponents: K, search: 'thorough', nInit: 2 } as const;
  const [one, two] = await Promise.all(engines.map((engine) => engine.fit(data, options)));
  expect(bitsOf(numbersOf(two))).toBe(bitsOf(numbersOf(one)));
});
