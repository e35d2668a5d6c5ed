/** Sample weights, stage by stage, each against plain sums: start, EM, likelihood, criteria, scores. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../src/core/covariance/families.js';
import { createRandom } from '../src/core/random.js';
import type { InitName } from '../src/types.js';
import { expectClose } from './close.js';
import { estimateMixture } from './closed-form.js';
import { createMixture, drawRows, drawWeights } from './mixtures.js';
import { createEngine, Dataset } from './package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const INITS: readonly InitName[] = ['kmeans', 'k-means++', 'random', 'random-rows'];
const [N, D, K] = [160, 2, 3];

/** Sums of some hundred terms, in another order. */
const CLOSED_FORM = 1e-12;

/** A score by another kernel than that of EM, its exponentials included. */
const OTHER_KERNEL = 1e-10;

const random = createRandom(31);
const rows = drawRows(createMixture('full', K, D, random, 2), N, random);
const sampleWeight = drawWeights(N, random);
const totalWeight = sampleWeight.reduce((sum, weight) => sum + weight, 0);
const weighted = await Dataset.from(rows, { nFeatures: D, sampleWeight });
const plain = await Dataset.from(rows, { nFeatures: D });

/** (d) Σ w x / Σ w */
const mean = new Float64Array(D);
rows.forEach((value, i) => {
  mean[i % D] += (sampleWeight[Math.floor(i / D)] * value) / totalWeight;
});

/** Two heaps far apart in both columns, rows turn by turn: every way to share rows out by nearness finds them. */
const heaps = Array.from({ length: 40 }, (_, i) => [
  100 * (i % 2) + random.normal(),
  -50 * (i % 2) + random.normal(),
]);

describe.each(COVARIANCE_TYPES)('sample weights, %s', (covarianceType) => {
  it.each(['kmeans', 'k-means++', 'random'] as const)(
    "share out a start that keeps the weighted mean, '%s'",
    async (init) => {
      for (let seed = 0; seed < 5; seed++) {
        const options = { nComponents: K, covarianceType, init, nInit: 1, maxIter: 0, seed };
        const { model } = await engine.fit(weighted, options);
        const centre = new Float64Array(D);
        for (let i = 0; i < K * D; i++) centre[i % D] += model.weights[Math.floor(i / D)] * model.means[i];
        expectClose(centre, mean, CLOSED_FORM, 1);
      }
    },
  );

  it.each(['kmeans', 'k-means++'] as const)("give a start's weights, '%s'", async (init) => {
    const heapWeight = heaps.map((_, i) => (i % 2 === 0 ? 3 : i % 4 === 1 ? 1 : 0));
    const data = await Dataset.from(heaps, { sampleWeight: heapWeight });
    const { model } = await engine.fit(data, { nComponents: 2, covarianceType, init, nInit: 1, maxIter: 0 });
    expectClose(model.weights, [60 / 70, 10 / 70], CLOSED_FORM);
    expect(model.means[0]).toBeLessThan(model.means[D]);
  });

  it("start 'random-rows' at rows that count, with the weighted covariance", async () => {
    const ones = new Float64Array(N).fill(1);
    const { means, covariances } = estimateMixture(covarianceType, rows, ones, 1, sampleWeight);
    expectClose(means, mean, CLOSED_FORM, 1);
    const counting = new Set(
      Array.from(sampleWeight, (weight, i) => (weight > 0 ? rows[i * D] : Number.NaN)),
    );
    for (let seed = 0; seed < 20; seed++) {
      const options = {
        nComponents: K,
        covarianceType,
        init: 'random-rows',
        nInit: 1,
        maxIter: 0,
        seed,
      } as const;
      const { model } = await engine.fit(weighted, options);
      for (let j = 0; j < K; j++) expect(counting.has(model.means[j * D])).toBe(true);
      const copies = model.covariances.length / covariances.length;
      const expected = new Array(copies).fill([...covariances]).flat();
      expectClose(model.covariances, expected, CLOSED_FORM, 1);
    }
  });

  it.each(INITS)("go into an M-step, the likelihood and the criteria, '%s'", async (init) => {
    const options = { nComponents: K, covarianceType, init, nInit: 1, seed: 2, tol: 0, covarianceFloor: 0 };
    const start = await engine.fit(weighted, { ...options, maxIter: 0 });
    const shares = await start.model.predictProba(weighted, { engine });
    const expected = estimateMixture(covarianceType, rows, shares, K, sampleWeight);
    const result = await engine.fit(weighted, { ...options, maxIter: 1, acceleration: 'none' });
    expectClose(result.model.weights, expected.weights, OTHER_KERNEL);
    expectClose(result.model.means, expected.means, OTHER_KERNEL, 1);
    expectClose(result.model.covariances, expected.covariances, OTHER_KERNEL, 1);

    const scores = await result.model.scoreSamples(plain, { engine });
    const logLikelihood = scores.reduce((sum, score, i) => sum + sampleWeight[i] * score, 0);
    expectClose([result.logLikelihood], [logLikelihood], OTHER_KERNEL);
    expectClose([result.meanLogLikelihood], [logLikelihood / totalWeight], OTHER_KERNEL);
    const bic = -2 * logLikelihood + result.nParameters * Math.log(totalWeight);
    expectClose([result.bic, await result.model.bic(weighted, { engine })], [bic, bic], OTHER_KERNEL);
  });

  it('give the weighted mean as the score of a Dataset, and leave single rows alone', async () => {
    const { model } = await engine.fit(plain, { nComponents: K, covarianceType, nInit: 1, maxIter: 5 });
    const scores = await model.scoreSamples(weighted, { engine });
    expect([...scores]).toEqual([...(await model.scoreSamples(plain, { engine }))]);
    const weightedMean = scores.reduce((sum, score, i) => sum + (sampleWeight[i] * score) / totalWeight, 0);
    const plainMean = scores.reduce((sum, score) => sum + score / N, 0);
    expectClose([await model.score(weighted, { engine })], [weightedMean], OTHER_KERNEL);
    expectClose([await model.score(plain, { engine })], [plainMean], OTHER_KERNEL);
    expect(weightedMean).not.toBe(plainMean);
  });
});
