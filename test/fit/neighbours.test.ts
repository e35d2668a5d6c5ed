/** On few rows a cell of a sweep is started from the solutions of its neighbours, too. */

import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { neighboursOf } from '../../src/fit/neighbours.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const random = createRandom(5);
const mixture = createMixture('full', 8, 2, random, 2.5);

/** One bad start a cell, so that cells have something to learn. */
const options = { covarianceTypes: ['full'], nInit: 1, init: 'random-rows', seed: 4 } as const;
const nComponents = [3, 4, 5, 6, 7, 8, 9];

describe('the cells of a sweep', () => {
  it('have neighbours of one component more or fewer, of the same family, with noise or without', () => {
    const shape = { covarianceType: 'full', nComponents: 3, nFeatures: 2 } as const;
    const noise = { logDensity: -4 };
    const sweep = [
      { ...shape, nComponents: 2 },
      shape,
      { ...shape, nComponents: 4 },
      { ...shape, nComponents: 5 },
      { ...shape, nComponents: 4, covarianceType: 'diag' },
      { ...shape, nComponents: 4, noise },
    ] as const;
    expect(neighboursOf(shape, sweep)).toEqual([sweep[0], sweep[2]]);
  });

  it('learn from their neighbours on few rows: none is worse than alone, some are better', async () => {
    const data = await Dataset.from(drawRows(mixture, 900, random), { nFeatures: 2 });
    const { fits } = await engine.selectModel(data, { ...options, nComponents });
    let better = 0;
    for (const { nComponents: k, logLikelihood = Number.NEGATIVE_INFINITY } of fits) {
      const alone = await engine.fit(data, { nComponents: k, nInit: 1, init: 'random-rows', seed: 4 });
      expect(logLikelihood).toBeGreaterThan(alone.logLikelihood - 1e-6);
      if (logLikelihood > alone.logLikelihood + 1) better++;
    }
    expect(better).toBeGreaterThan(1);
    const [sole, four] = await Promise.all(
      [1, 4].map(async (threads) => {
        const other = createEngine({ threads });
        const { fits: again } = await other.selectModel(data, { ...options, nComponents });
        await other.close();
        return again.map(({ model }) => bitsOf(model?.toJSON()));
      }),
    );
    expect(sole).toEqual(four);
    expect(sole).toEqual(fits.map(({ model }) => bitsOf(model?.toJSON())));
  });

  it('stand alone without a search, and on many rows unless they are worse than a smaller model', async () => {
    for (const [n, search] of [
      [900, 'none'],
      [2100, 'default'],
    ] as const) {
      const data = await Dataset.from(drawRows(mixture, n, random), { nFeatures: 2 });
      const { fits } = await engine.selectModel(data, { ...options, search, nComponents: [5, 6] });
      for (const { nComponents: k, logLikelihood } of fits) {
        const alone = await engine.fit(data, {
          nComponents: k,
          nInit: 1,
          init: 'random-rows',
          seed: 4,
          search,
        });
        if (k === 5) expect(logLikelihood).toBe(alone.logLikelihood);
      }
    }
  });
});
