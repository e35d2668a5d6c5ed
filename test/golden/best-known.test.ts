/** A fit with default options reaches the best known maxima from any seed. */

import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../close.js';
import { createEngine, GaussianMixture } from '../package.js';
import { BEST_KNOWN, CLOSE, judge } from './best-known.js';
import { DATA } from './data.js';

/**
 * Near a maximum the log-likelihood is flat: when 1e-6 a row is left to gain, parameters are off by about the square root
 * of that, 1e-3, and by more along a ridge.
 */
const PARAMETERS = 1e-2;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const SEEDS = [0, 1, 2, 3, 4];

describe.each(BEST_KNOWN)('$data, k = $k, $type', ({ data, k, type, ...known }) => {
  it.each(SEEDS)('is reached from seed %i', async (seed) => {
    const result = await engine.fit(DATA[data], { nComponents: k, covarianceType: type, seed });
    const { model, converged, nParameters, bic, icl } = result;
    expect(converged).toBe(true);
    expect(nParameters).toBe(known.nParameters);
    expect(judge(DATA[data], result, known.logLikelihood)).toBeUndefined();
    if (known.bic) expect(Math.abs(bic - known.bic)).toBeLessThan(2 * CLOSE);
    if (known.icl) expect(Math.abs(icl - known.icl)).toBeLessThan(2 * CLOSE);
    if (known.weights) expectClose(model.weights, known.weights, PARAMETERS);
    if (known.means) expectClose(model.means, known.means, PARAMETERS);
    if (known.sizes) {
      const sizes = new Array(k).fill(0);
      for (const label of await model.predict(DATA[data], { engine })) sizes[label]++;
      expect(sizes).toEqual(known.sizes);
    }
  });
});

describe('the judgement of a fit', async () => {
  const data = DATA.faithful;
  const result = await engine.fit(data, { nComponents: 2 });
  const { model, logLikelihood } = result;

  it('accepts the best known maximum', () => {
    expect(judge(data, result, logLikelihood - CLOSE / 2)).toBeUndefined();
  });

  it('refuses a lower log-likelihood', () => {
    expect(judge(data, result, logLikelihood + 1)).toMatch('worse than the best known');
    expect(judge(data, { ...result, logLikelihood: Number.NaN }, logLikelihood)).toMatch('worse');
  });

  it('calls the reference out of date if a higher maximum is verified', () => {
    expect(judge(data, result, logLikelihood - 1)).toMatch('the reference is out of date');
  });

  it('names the fault of a higher log-likelihood that is no admissible maximum', async () => {
    const known = logLikelihood - 1;
    expect(judge(data, { ...result, logLikelihood: logLikelihood + 1 }, known)).toMatch(
      'its parameters have the log-likelihood',
    );
    expect(judge(data, { ...result, status: 'max-iter' }, known)).toMatch("its status is 'max-iter'");

    const { means, covariances } = model;
    const moved = GaussianMixture.fromParameters({
      covarianceType: 'full',
      weights: model.weights,
      means: means.map((mean) => 1.01 * mean),
      covariances,
    });
    const below = await moved.score(data, { engine });
    const likelihood = below * data.nSamples;
    expect(judge(data, { ...result, model: moved, logLikelihood: likelihood }, likelihood - 1)).toMatch(
      'one more EM step changes it by',
    );
  });

  it('names a collapsed component', async () => {
    // Twelve rows have an eruption of 4.5 minutes: a component on that line has a likelihood without bound.
    const options = { nComponents: 2, covarianceFloor: 1e-9, maxIter: 0 };
    const init = {
      weights: [0.9, 0.1],
      means: [...data.row(0), ...data.row(1)],
      covariances: [1, 0, 0, 100, 1e-8, 0, 0, 1e-8],
    };
    const collapsed = await engine.fit(data, { ...options, init });
    const known = collapsed.logLikelihood - 1;
    expect(judge(data, { ...collapsed, status: 'converged' }, known)).toMatch(/component \d (has|collapsed)/);
  });
});
