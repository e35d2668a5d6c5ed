/** The parts of a result agree: criteria, scores, the model file. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { bitsOf, expectClose } from '../close.js';
import { createEngine, Dataset, GaussianMixture } from '../package.js';
import { createSample, RUNS, type Sizes, sizes } from './arbitraries.js';
import { CLOSED_FORM } from './properties.js';

/** The same pass with the same parameters, but with the components in another order. */
const SAME_PASS = 1e-9;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const run = async (size: Sizes, type: (typeof COVARIANCE_TYPES)[number]) => {
  const { d, k, seed } = size;
  const { n, rows, init } = createSample(type, size);
  const sampleWeight = seed % 2 ? Float64Array.from({ length: n }, (_, i) => 0.5 + (i % 3)) : undefined;
  const data = await Dataset.from(rows, { nFeatures: d, sampleWeight });
  const totalWeight = sampleWeight ? sampleWeight.reduce((sum, weight) => sum + weight, 0) : n;
  const result = await engine.fit(data, { nComponents: k, covarianceType: type, init, maxIter: 5 });
  return { data, n, totalWeight, sampleWeight, result };
};

describe.each(COVARIANCE_TYPES)('a result, %s', (type) => {
  it('has the criteria of its formulae, and the model has the same', () =>
    fc.assert(
      fc.asyncProperty(sizes(), async (size) => {
        const { data, n, totalWeight, sampleWeight, result } = await run(size, type);
        const { model, logLikelihood, meanLogLikelihood, nParameters, bic, aic, icl } = result;
        const { k } = size;
        const responsibilities = await model.predictProba(data, { engine });
        let entropy = 0;
        for (let i = 0; i < n; i++) {
          const largest = Math.max(...responsibilities.subarray(i * k, (i + 1) * k));
          entropy += (sampleWeight?.[i] ?? 1) * Math.log(largest);
        }
        const expectedBic = -2 * logLikelihood + nParameters * Math.log(totalWeight);
        expectClose([bic, aic], [expectedBic, -2 * logLikelihood + 2 * nParameters], CLOSED_FORM, 1);
        expectClose([icl], [expectedBic - 2 * entropy], SAME_PASS, 1);
        expectClose([meanLogLikelihood * totalWeight], [logLikelihood], CLOSED_FORM, 1);

        const ofModel = [
          model.bic(data, { engine }),
          model.aic(data, { engine }),
          model.icl(data, { engine }),
        ];
        expectClose(await Promise.all(ofModel), [bic, aic, icl], SAME_PASS, 1);
        expectClose([await model.score(data, { engine })], [meanLogLikelihood], SAME_PASS, 1);
      }),
      RUNS,
    ));

  it('has responsibilities that sum to 1', () =>
    fc.assert(
      fc.asyncProperty(sizes(), async (size) => {
        const { data, n, result } = await run(size, type);
        const responsibilities = await result.model.predictProba(data, { engine });
        const { k } = size;
        const sums = new Float64Array(n);
        responsibilities.forEach((r, i) => {
          expect(r >= 0 && r <= 1).toBe(true);
          sums[Math.floor(i / k)] += r;
        });
        expectClose(sums, new Float64Array(n).fill(1), 4 * Number.EPSILON);
      }),
      RUNS,
    ));

  it('has a model that a JSON round trip does not change', () =>
    fc.assert(
      fc.asyncProperty(sizes(), async (size) => {
        const { model } = (await run(size, type)).result;
        const text = JSON.stringify(model);
        const read = GaussianMixture.fromJSON(JSON.parse(text));
        const parameters = ({ weights, means, covariances }: typeof model) => [weights, means, covariances];
        expect(bitsOf(parameters(read))).toBe(bitsOf(parameters(model)));
        expect(JSON.stringify(read)).toBe(text);
      }),
      RUNS,
    ));
});
