/** Fits with a prior: against R's mclust, against formulas, and on data from which every start collapses. */

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createDefaultPrior, createLogPrior } from '../../src/core/prior.js';
import { createRandom } from '../../src/core/random.js';
import type { CovarianceType, FitOptions } from '../../src/index.js';
import { bitsOf, expectClose } from '../close.js';
import { DATA } from '../golden/data.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

interface Reference {
  readonly data: 'faithful' | 'iris';
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly logLikelihood: number;
  readonly logPrior: number;
  readonly weights: number[];
  readonly means: number[][];
  readonly covariances: number[][] | number[][][];
}
const { fits } = JSON.parse(
  readFileSync(new URL('../golden/reference/mclust-prior.json', import.meta.url), 'utf8'),
) as { fits: readonly Reference[] };

describe.each(fits)("mclust's fit of $data, $covarianceType, $nComponents", (reference) => {
  const { data, covarianceType, nComponents, weights, means, covariances } = reference;

  it('has the same objective, and ours is at least as high', async () => {
    const rows = DATA[data];
    const options = { covarianceType, nComponents, prior: {} } as const;
    const at = await engine.fit(rows, { ...options, init: { weights, means, covariances }, maxIter: 0 });
    // The reference has 15 digits.
    expect(at.logLikelihood).toBeCloseTo(reference.logLikelihood, 7);
    expect(at.logPrior).toBeCloseTo(reference.logPrior, 7);
    const ours = await engine.fit(rows, options);
    expect(ours.status).toBe('converged');
    const objective = ours.logLikelihood + (ours.logPrior as number);
    expect(objective).toBeGreaterThan(reference.logLikelihood + reference.logPrior - 1e-6);
    expect(ours.bic).toBeCloseTo(-2 * ours.logLikelihood + ours.nParameters * Math.log(rows.nSamples), 8);
  });
});

const [N, D] = [400, 3];
const random = createRandom(21);
const rows = drawRows(createMixture('full', 3, D, random, 4), N, random);
const drawn = await Dataset.from(rows, { nFeatures: D });

describe.each(COVARIANCE_TYPES)('a %s fit with a prior', (covarianceType) => {
  const strong = { meanShrinkage: 5, degreesOfFreedom: 30 };

  it('has a trace that never falls, to the objective reported', async () => {
    for (const acceleration of ['auto', 'none'] as const) {
      const options = {
        covarianceType,
        nComponents: 4,
        prior: strong,
        acceleration,
        search: 'none',
      } as const;
      const result = await engine.fit(drawn, { ...options, nInit: 3 });
      const end = result.logLikelihood + (result.logPrior as number);
      const trace = [...result.logLikelihoods, end];
      const falls = trace.map((value, i) => (trace[i - 1] ?? value) - value);
      // Sums of 400 terms round.
      expect(Math.max(...falls)).toBeLessThan(1e-9);
      expect(trace.length).toBeGreaterThan(3);
    }
  });

  it('of one component is the mode of the posterior', async () => {
    const { model, nIterations } = await engine.fit(drawn, { covarianceType, nComponents: 1, prior: strong });
    const { mean, covariance } = computeMoments(rows, D);
    const { scale } = createDefaultPrior({ totalWeight: N, mean, covariance }, 1);
    // The prior's mean is the data's, so that only Λ adds to the scatter.
    const rowsBehind = N + 30 + D + 2;
    const matrix = covariance.map((value, i) => (N * value + scale[i]) / rowsBehind);
    const { form } = familyOf(covarianceType);
    expectClose(model.means, mean, 1e-12, 1);
    expectClose(model.covariances, form.fromMatrix(matrix, D), 1e-12);
    expect(nIterations).toBeLessThanOrEqual(3);
  });

  // 400 rows against a thousand million.
  it('draws means to the mean of the prior and covariances to its scale', async () => {
    const far = { meanShrinkage: 1e9, mean: [1, 2, 3], degreesOfFreedom: 1e9, scale: identity(D, 1e9) };
    const { model } = await engine.fit(drawn, { covarianceType, nComponents: 2, prior: far, nInit: 2 });
    for (let j = 0; j < 2; j++) expectClose(model.means.subarray(j * D, (j + 1) * D), [1, 2, 3], 1e-4);
    expectClose(model.component(0).covariance, identity(D, 1).flat(), 1e-4, 1);
  });
});

function identity(d: number, value: number): number[][] {
  return Array.from({ length: d }, (_, a) => Array.from({ length: d }, (_, b) => (a === b ? value : 0)));
}

describe('the log density of a prior', () => {
  it('is that of its normal and inverse Wishart distributions in one dimension', () => {
    const prior = {
      meanShrinkage: 0.5,
      mean: Float64Array.of(1),
      degreesOfFreedom: 4,
      scale: Float64Array.of(3),
    };
    const [mean, variance] = [2, 1.5];
    const mixture = factorMixture({
      ...{ covarianceType: 'full', nComponents: 1, nFeatures: 1, weights: Float64Array.of(1) },
      means: Float64Array.of(mean),
      covariances: Float64Array.of(variance),
    });
    // N(2; 1, 1.5 / 0.5) and inverse gamma with shape 2 and scale 1.5: 1.5² / Γ(2) · 1.5^-3 e^-1.
    const normal = -0.5 * Math.log(2 * Math.PI * 3) - 1 / 6;
    const inverseGamma = 2 * Math.log(1.5) - 3 * Math.log(1.5) - 1;
    const logPrior = createLogPrior(familyOf('full').form, prior, 1)(mixture);
    expect(logPrior).toBeCloseTo(normal + inverseGamma, 12);
  });
});

describe('data from which every start collapses', () => {
  /** Rain falls on few days: 60 % of the values are exactly 0. */
  const spiky = Float64Array.from({ length: 600 }, (_, i) =>
    i % 2 === 1 ? 10 + random.normal() : random.uniform() < 0.6 ? 0 : Math.abs(random.normal()),
  );
  const options: FitOptions = { nFeatures: 2, nComponents: 3, covarianceType: 'full', seed: 3 };

  it('get a model with the default prior, and the status says so', async () => {
    await expect(engine.fit(spiky, { ...options, prior: 'none' })).rejects.toMatchObject({
      code: 'DEGENERATE',
    });
    const result = await engine.fit(spiky, options);
    expect(result).toMatchObject({ status: 'regularized', converged: true });
    expect(result.logPrior).toBeTypeOf('number');
    const always = await engine.fit(spiky, { ...options, prior: {} });
    expect(always.status).toBe('converged');
    expect(bitsOf(always.model.toJSON().means)).toBe(bitsOf(result.model.toJSON().means));
    const [sole] = await Promise.all(
      [1, 4]
        .map((threads) => createEngine({ threads }))
        .map(async (other) => {
          const again = await other.fit(spiky, options);
          await other.close();
          return bitsOf(again.model.toJSON());
        }),
    );
    expect(sole).toBe(bitsOf(result.model.toJSON()));
  });

  it('get models in a sweep, too', async () => {
    const { fits: cells, best } = await engine.selectModel(spiky, {
      nFeatures: 2,
      nComponents: [1, 2, 3],
      seed: 3,
    });
    expect(cells.every(({ model }) => model !== undefined)).toBe(true);
    expect(cells.some(({ status, logPrior }) => status === 'regularized' && logPrior !== undefined)).toBe(
      true,
    );
    expect(best.model.nComponents).toBeGreaterThan(0);
  });

  it('get one with fewer rows than columns', async () => {
    const few = Float64Array.from({ length: 24 }, () => random.normal());
    const result = await engine.fit(few, { nFeatures: 6, nComponents: 2 });
    expect(result.status).toBe('regularized');
    await expect(engine.fit(few, { nFeatures: 6, nComponents: 2, prior: 'none' })).rejects.toMatchObject({
      code: 'DEGENERATE',
    });
  });

  it('name a constant column, for which there is no prior', async () => {
    const constant = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 7 : random.normal()));
    await expect(engine.fit(constant, { nFeatures: 2, nComponents: 2 })).rejects.toMatchObject({
      code: 'DEGENERATE',
      column: 'x0',
    });
    await expect(engine.fit(constant, { nFeatures: 2, nComponents: 2, prior: {} })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      option: 'prior',
    });
  });
});

describe('two clusters and a single wild row', () => {
  const clusters = Float64Array.from({ length: 400 }, (_, i) => random.normal() + (i % 4 < 2 ? 0 : 8));

  /** Rows of the two clusters that are in a component with more rows of the other. */
  async function countMixed(value: number, options: FitOptions): Promise<number> {
    const wild = Float64Array.of(...clusters, value, value);
    const { model } = await engine.fit(wild, { nFeatures: 2, ...options });
    const labels = await model.predict(wild, { engine });
    const counts = new Map<number, [number, number]>();
    for (const [i, label] of labels.subarray(0, 200).entries()) {
      const count = counts.get(label) ?? [0, 0];
      count[i % 2]++;
      counts.set(label, count);
    }
    return [...counts.values()].reduce((sum, count) => sum + Math.min(...count), 0);
  }

  // A few rows between the clusters may be on the wrong side.
  describe.each([300, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8])('at %d', (value) => {
    it.each(COVARIANCE_TYPES)(
      'are told apart by three components, by noise and by t components, %s',
      async (covarianceType) => {
        expect(await countMixed(value, { covarianceType, nComponents: 3 })).toBeLessThan(4);
        expect(await countMixed(value, { covarianceType, nComponents: 2, noise: true })).toBeLessThan(4);
        expect(await countMixed(value, { covarianceType, nComponents: 2, components: 't' })).toBeLessThan(4);
      },
    );
  });

  it.each([300, 1e3, 1e4, 1e5])('at %d are told apart by two components, too', async (value) => {
    expect(await countMixed(value, { nComponents: 2 })).toBeLessThan(4);
  });
});

describe('a component on fewer than d + 2 rows', () => {
  // Ten rows in three components: one has three or fewer.
  const few = Float64Array.from({ length: 20 }, () => random.normal());
  const options = { nFeatures: 2, nComponents: 3, seed: 2 };

  it('is no answer of maximum likelihood, unless that is asked for', async () => {
    expect((await engine.fit(few, options)).status).toBe('regularized');
    const asked = await engine
      .fit(few, { ...options, prior: 'none' })
      .catch(({ code }) => ({ status: code }));
    expect(['converged', 'DEGENERATE']).toContain(asked.status);
  });

  it('is left where there is a ridge, and where it is the only component', async () => {
    expect((await engine.fit(few, { ...options, regCovar: 0.01 })).status).toBe('converged');
    const three = few.subarray(0, 6);
    expect((await engine.fit(three, { nFeatures: 2, nComponents: 1 })).status).toBe('converged');
  });
});

describe('a prior that is none', () => {
  it.each([
    ['more', /"?prior"? must be 'auto', 'none' or an object/],
    [{ strength: 1 }, /unknown field "strength"/],
    [{ meanShrinkage: -1 }, /"prior.meanShrinkage" must be a finite number >= 0, got -1/],
    [{ degreesOfFreedom: 2 }, /"prior.degreesOfFreedom" must be more than 2 for 3 columns, got 2/],
    [{ mean: [1, 2] }, /"prior.mean" must be 3 numbers, one for each column, got "2 numbers"/],
    [{ mean: ['a', 2, 3] }, /"prior.mean" must be an array of finite numbers/],
    [
      {
        scale: [
          [1, 2],
          [2, 1],
        ],
      },
      /"prior.scale" must be a matrix of 3 × 3 numbers/,
    ],
    [
      {
        scale: [
          [1, 2, 0],
          [2, 1, 0],
          [0, 0, 1],
        ],
      },
      /"prior.scale" must be symmetric and positive definite/,
    ],
  ])('%j', async (prior, message) => {
    const refused = engine.fit(drawn, { nComponents: 2, prior: prior as FitOptions['prior'] });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });
});
