/** `regCovar` as scikit-learn defines it, and `equalWeights`, a constrained model; both in closed form. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../src/core/covariance/families.js';
import { createRandom } from '../src/core/random.js';
import type { ParametersInput } from '../src/index.js';
import type { InitName } from '../src/types.js';
import { expectClose } from './close.js';
import { estimateMixture } from './closed-form.js';
import { computeMoments, momentsByType } from './laws/moments.js';
import { createMixture, drawRows, drawWeights } from './mixtures.js';
import { createEngine, Dataset } from './package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const INITS: readonly InitName[] = ['kmeans', 'k-means++', 'random', 'random-rows'];
const [N, D, K] = [150, 3, 3];

/** Rounding of sums of some hundred terms, added in another order. */
const CLOSED_FORM = 1e-12;

/** A log-likelihood is a sum of n logarithms, each exact to a few ε. */
const FALL = 1e-12;

const random = createRandom(12);
const mixture = createMixture('full', K, D, random, 3);
const rows = drawRows(mixture, N, random);
const sampleWeight = drawWeights(N, random);
const data = await Dataset.from(rows, { nFeatures: D });
const weighted = await Dataset.from(rows, { nFeatures: D, sampleWeight });

/** Adds a ridge to the diagonals, as scikit-learn's `_estimate_gaussian_covariances_*` do. */
function withRidge(covariances: Float64Array, type: (typeof COVARIANCE_TYPES)[number], ridge: number) {
  const isMatrix = type === 'full' || type === 'tied';
  return covariances.map((value, i) => value + (!isMatrix || (i % (D * D)) % (D + 1) === 0 ? ridge : 0));
}

describe.each(COVARIANCE_TYPES)('regCovar, %s', (covarianceType) => {
  const RIDGE = 0.25;

  it('is added to the sample covariance for k = 1, whatever the iterations', async () => {
    const { covariance } = computeMoments(rows, D);
    const expected = withRidge(momentsByType(covarianceType, covariance, D), covarianceType, RIDGE);
    for (const maxIter of [0, 1, 100]) {
      const options = { nComponents: 1, covarianceType, regCovar: RIDGE, maxIter };
      const { model, logLikelihoods, logLikelihood } = await engine.fit(data, options);
      expectClose(model.covariances, expected, CLOSED_FORM, 1);
      // The fit ends where it starts: the ridge is not added a second time.
      for (const one of logLikelihoods) expectClose([one], [logLikelihood], FALL);
    }
  });

  it.each([
    ['without weights', data, undefined],
    ['with sample weights', weighted, sampleWeight],
  ] as const)('is added once in an M-step, %s', async (_, on, rowWeight) => {
    const { weights, means, covariances } = createMixture(covarianceType, K, D, createRandom(3), 3);
    const init = { weights, means, covariances };
    const options = { nComponents: K, covarianceType, init, tol: 0, covarianceFloor: 0 };
    const start = await engine.fit(on, { ...options, maxIter: 0 });
    const shares = await start.model.predictProba(on, { engine });
    const expected = estimateMixture(covarianceType, rows, shares, K, rowWeight);
    for (const regCovar of [0, RIDGE]) {
      const { model } = await engine.fit(on, { ...options, maxIter: 1, acceleration: 'none', regCovar });
      expectClose(model.weights, expected.weights, CLOSED_FORM);
      expectClose(model.means, expected.means, CLOSED_FORM, 1);
      const raised = withRidge(expected.covariances, covarianceType, regCovar);
      expectClose(model.covariances, raised, CLOSED_FORM, 1);
    }
  });

  it("makes a constant column fit, even at scikit-learn's 1e-6", async () => {
    for (const constant of [0, 5]) {
      const flat = rows.map((value, i) => (i % D === 1 ? constant : value));
      const source = await Dataset.from(flat, { nFeatures: D });
      for (const [nComponents, regCovar] of [
        [1, 1e-6],
        [2, 1e-6],
        [1, 1e-3],
        [2, 1e-3],
      ]) {
        const options = { nComponents, covarianceType, regCovar, nInit: 2 };
        for (const init of INITS) {
          const { model, status } = await engine.fit(source, { ...options, init });
          // Random responsibilities begin near a saddle point, where plain steps may stay for long.
          expect(init === 'random' ? ['converged', 'max-iter'] : ['converged']).toContain(status);
          if (covarianceType === 'spherical') continue;
          const at = covarianceType === 'diag' ? 1 : D + 1;
          expectClose([model.covariances[at]], [regCovar], 1e-6);
        }
      }
    }
  });
});

it.each([1, 1e-5, 1e-12])(
  'a constant column is no scale of its own: spherical data of scale %d beside it',
  async (scale) => {
    for (const constant of [0, 1e9]) {
      const source = Array.from({ length: 60 }, (_, i) => [
        scale * ((i % 2) * 8 + Math.sin(7 * i)),
        constant,
      ]);
      const { model } = await engine.fit(source, { nComponents: 2, covarianceType: 'spherical' });
      expect(Math.max(...model.covariances)).toBeLessThan(scale ** 2);
    }
  },
);

describe.each(COVARIANCE_TYPES)('equalWeights, %s', (covarianceType) => {
  it.each(INITS)(
    "holds weights at exactly 1/k and never lets the log-likelihood fall, '%s'",
    async (init) => {
      for (const on of [data, weighted]) {
        for (const nComponents of [1, 2, 3]) {
          const options = { nComponents, covarianceType, init, nInit: 3, seed: 8 };
          const held = await engine.fit(on, { ...options, equalWeights: true });
          const free = await engine.fit(on, options);
          expect([...held.model.weights]).toEqual(new Array(nComponents).fill(1 / nComponents));
          expect(held.nParameters).toBe(free.nParameters - (nComponents - 1));
          const path = [...held.logLikelihoods, held.logLikelihood];
          for (let t = 1; t < path.length; t++) {
            expect(path[t]).toBeGreaterThanOrEqual(path[t - 1] - FALL * Math.abs(path[t - 1]));
          }
        }
      }
    },
  );

  it('gives a lower log-likelihood than free weights from the same start', async () => {
    const { means, covariances } = createMixture(covarianceType, K, D, createRandom(5), 3);
    const init: ParametersInput = { weights: new Array(K).fill(1 / K), means, covariances };
    const options = { nComponents: K, covarianceType, init };
    const [held, free] = [
      await engine.fit(data, { ...options, equalWeights: true }),
      await engine.fit(data, options),
    ];
    expect(held.logLikelihood).toBeLessThan(free.logLikelihood);
  });
});
