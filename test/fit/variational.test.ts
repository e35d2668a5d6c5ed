/** `method: 'variational'`: the search, the result, the prior, and what it refuses. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { FitOptions, FitResult, ProgressEvent } from '../../src/index.js';
import { bitsOf, expectClose } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset, fitPredict, selectModel } from '../package.js';

const engine = createEngine({ threads: 2 });
const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-variational-'));
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

/** A score by another kernel than that of the fit. */
const OTHER_KERNEL = 1e-9;

const random = createRandom(77);
/** Three clusters far apart, 200 rows each. */
const CENTRES = [
  [0, 0],
  [20, 5],
  [-10, 30],
];
const clusters = Array.from({ length: 600 }, (_, i) =>
  CENTRES[i % 3].map((centre) => centre + random.normal()),
);
const VARIATIONAL = { nComponents: 8, method: 'variational', seed: 1 } as const;

const numbersOf = ({ model, ...rest }: FitResult) => bitsOf({ ...rest, parameters: model.toJSON() });

describe.each(COVARIANCE_TYPES)('%s', (covarianceType) => {
  it('leaves three of eight components with rows, and drops the others', async () => {
    const whole = await engine.fit(clusters, { ...VARIATIONAL, covarianceType });
    expect(whole.status).toBe('converged');
    expect(whole.model.nComponents).toBe(8);
    expect(whole.lowerBounds?.at(-1)).toBe(whole.lowerBound);
    expect(whole.logLikelihoods).toEqual([]);

    const { model, ...result } = await engine.fit(clusters, {
      ...VARIATIONAL,
      covarianceType,
      dropEmpty: true,
    });
    expect(result.lowerBound).toBe(whole.lowerBound);
    expect(model.nComponents).toBe(3);
    expectClose([model.weights.reduce((sum, weight) => sum + weight, 0)], [1], 1e-12);
    const found = Array.from({ length: 3 }, (_, j) => model.means.subarray(2 * j, 2 * j + 2));
    for (const centre of CENTRES) {
      const distances = found.map(([x, y]) => Math.hypot(x - centre[0], y - centre[1]));
      expect(Math.min(...distances)).toBeLessThan(0.5);
    }
    // Criteria are those of the model that is returned.
    expectClose([result.meanLogLikelihood], [await model.score(clusters)], OTHER_KERNEL);
    expectClose([result.bic], [await model.bic(clusters)], OTHER_KERNEL);
    expect(result.nParameters).toBe(model.nParameters);
  });

  it('has the same bits for any number of threads, with weights and in float32', async () => {
    const rows = drawRows(createMixture('full', 4, 3, random, 3), 60_000, random);
    const weighted = { nFeatures: 3, sampleWeight: drawWeights(60_000, random) };
    const single = { nFeatures: 3, storage: 'float32' } as const;
    const options = { nComponents: 5, method: 'variational', covarianceType, nInit: 5, maxIter: 20 } as const;
    const one = createEngine({ threads: 1 });
    try {
      for (const how of [weighted, single]) {
        const data = await Dataset.from(rows, how);
        const result = await engine.fit(data, options);
        expect(numbersOf(await one.fit(data, options))).toBe(numbersOf(result));
        expect(result.lowerBounds).toHaveLength(result.nIterations + 1);
        expect(result.nIterations).toBeLessThanOrEqual(20);
      }
    } finally {
      await one.close();
    }
  });
});

describe('a variational fit', () => {
  it('keeps the start with the highest bound, and tells how all went', async () => {
    const rows = drawRows(createMixture('full', 6, 2, random, 2), 2000, random);
    const data = await Dataset.from(rows, { nFeatures: 2 });
    const options = { nComponents: 6, method: 'variational', seed: 4 } as const;
    const ten = await engine.fit(data, options);
    const alone = await engine.fit(data, { ...options, nInit: 1 });
    expect(ten.restarts).toHaveLength(10);
    expect(ten.restarts.some(({ agrees }) => agrees)).toBe(true);
    expect(ten.lowerBound).toBeGreaterThanOrEqual((alone.lowerBound ?? 0) - 1e-6 * 2000);
    const falls = ten.lowerBounds?.filter((bound, i, all) => i > 0 && bound < all[i - 1] - 1e-8);
    expect(falls).toEqual([]);
  });

  it('continues from its checkpoint to the same bits, and recalls its end', async () => {
    const rows = drawRows(createMixture('full', 4, 3, random, 1.5), 50_000, random);
    const data = await Dataset.from(rows, { nFeatures: 3 });
    const options: FitOptions = {
      ...{ nComponents: 6, method: 'variational', nInit: 3, tol: 0, maxIter: 150 },
    };
    const expected = await engine.fit(data, options);
    const checkpoint = join(folder, 'interrupted');
    const controller = new AbortController();
    let finals = 0;
    const onProgress = (event: ProgressEvent) => {
      if (event.type === 'iteration' && event.phase === 'final' && ++finals === 3)
        controller.abort(new Error('enough'));
    };
    const { signal } = controller;
    await expect(engine.fit(data, { ...options, checkpoint, signal, onProgress })).rejects.toThrow('enough');
    expect(numbersOf(await engine.fit(data, { ...options, checkpoint }))).toBe(numbersOf(expected));
    let iterations = 0;
    const count = ({ type }: ProgressEvent) => {
      if (type === 'iteration') iterations++;
    };
    const again = await engine.fit(data, { ...options, checkpoint, onProgress: count });
    expect(numbersOf(again)).toBe(numbersOf(expected));
    expect(iterations).toBe(0);
  });

  it('goes on from a model, from means and from labels', async () => {
    const before = await engine.fit(clusters, { nComponents: 3 });
    const labels = clusters.map((_, i) => i % 3);
    for (const init of [before.model, { means: CENTRES }, { labels }]) {
      const { model, status } = await engine.fit(clusters, { ...VARIATIONAL, nComponents: 3, init });
      expect(status).toBe('converged');
      const third = 1 / 3;
      expectClose(model.weights, [third, third, third], 0.02);
    }
  });

  it('labels rows with the components that are left', async () => {
    const { labels, model } = await fitPredict(clusters, { ...VARIATIONAL, dropEmpty: true });
    expect(model.nComponents).toBe(3);
    expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
  });

  it('takes a prior in place of a singular covariance, and keeps a constant column as it is', async () => {
    const rows = clusters.map(([x, y]) => [x, y, 7]);
    const options = { ...VARIATIONAL, covarianceType: 'diag', dropEmpty: true } as const;
    await expect(engine.fit(rows, options)).rejects.toThrow(
      'column "x2" is constant; leave out columns or set covariancePrior',
    );
    const { model } = await engine.fit(rows, { ...options, covariancePrior: [1, 1, 0.1] });
    expect(model.nComponents).toBe(3);
    expectClose([model.means[2], model.means[5], model.means[8]], [7, 7, 7], 1e-12);
    await expect(engine.fit(clusters.slice(0, 2), { nComponents: 1, method: 'variational' })).rejects.toThrow(
      "no more rows than columns (2 and 2); leave out columns, use 'diag' covariances or set covariancePrior",
    );
  });
});

describe('options of a variational fit', () => {
  const given: [string, Partial<FitOptions>, string][] = [
    ['concentration', { concentration: 0 }, '"concentration" must be a finite number > 0, got 0'],
    ['meanPrecision', { meanPrecision: -1 }, '"meanPrecision" must be a finite number >= 0, got -1'],
    ['weightPrior', { weightPrior: 'beta' as 'dirichlet' }, '"weightPrior" must be \'dirichlet-process\' or'],
    ['meanPrior', { meanPrior: [1] }, '"meanPrior" must be 2 numbers, one for each column'],
    ['meanPrior', { meanPrior: [1, Number.NaN] }, '"meanPrior" must be finite numbers, got NaN'],
    ['degreesOfFreedomPrior', { degreesOfFreedomPrior: 1 }, 'must be > 1 for 2 columns, got 1'],
    ['covariancePrior', { covariancePrior: 2 }, 'must be a 2 × 2 matrix'],
    [
      'covariancePrior',
      {
        covariancePrior: [
          [1, 2],
          [0, 1],
        ],
      },
      'must be symmetric',
    ],
    [
      'covariancePrior',
      {
        covariancePrior: [
          [1, 2],
          [2, 1],
        ],
      },
      'must be a positive definite matrix',
    ],
    ['covariancePrior', { covariancePrior: [1, -1], covarianceType: 'diag' }, 'must be numbers > 0'],
    ['equalWeights', { equalWeights: true }, '"equalWeights" cannot be true with method: "variational"'],
    ['regCovar', { regCovar: 1e-6 }, 'set covariancePrior'],
    ['covarianceFloor', { covarianceFloor: 1e-6 }, 'set covariancePrior'],
    ['prior', { prior: { meanShrinkage: 0.1 } }, 'set meanPrior and covariancePrior'],
    ['search', { search: 'thorough' }, 'raise nInit'],
    ['convergence', { convergence: 'responsibilities' }, "use 'aitken' or 'change'"],
    ['dropEmpty', { dropEmpty: true, method: 'em' }, '"dropEmpty" needs method: "variational"'],
    ['method', { method: 'mcmc' as 'em' }, '"method" must be \'em\' or \'variational\', got "mcmc"'],
  ];
  it.each(given)('refuses a wrong %s', async (option, options, message) => {
    const failed = engine.fit(clusters, { ...VARIATIONAL, ...options });
    await expect(failed).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
    await expect(failed).rejects.toThrow(message);
  });

  it('are not those of a sweep', async () => {
    const options = { method: 'variational' } as object;
    await expect(selectModel(clusters, options)).rejects.toThrow('"method" is an option of "fit"');
  });
});
