import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, formOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createRandom } from '../../src/core/random.js';
import { createKernel } from '../../src/kernel/kernel.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import { createMixture } from '../mixtures.js';
import { KERNELS } from './builds.js';

const [{ module }] = KERNELS;

describe.each(COVARIANCE_TYPES)('prepareInto, %s', (covarianceType) => {
  const form = formOf(covarianceType);
  const shape = {
    form: form.name,
    components: 'gaussian' as const,
    nComponents: 3,
    nFeatures: 2,
    withResponsibilities: false,
  };
  const { parameters } = createKernel(module, shape);

  it('writes finite numbers only, also for a component of weight 0', () => {
    const mixture = createMixture(covarianceType, 3, 2, createRandom(1));
    mixture.weights.set([0.5, 0.5, 0]);
    parameters.fill(Number.NaN);
    prepareInto(parameters, factorMixture(mixture));
    expect(parameters.every(Number.isFinite)).toBe(true);
    const { parameters: ofT } = createKernel(module, { ...shape, components: 't' });
    ofT.fill(Number.NaN);
    prepareInto(ofT, factorMixture({ ...mixture, degreesOfFreedom: Float64Array.of(1e-3, 4, 1e15) }));
    expect(ofT.every(Number.isFinite)).toBe(true);
  });

  it('refuses a mixture whose factors are singular, naming the first such component', () => {
    for (const bad of [0, -1, Number.NaN]) {
      const mixture = createMixture(covarianceType, 3, 2, createRandom(1));
      const size = form.covarianceSize(2);
      const first = form.isShared ? 0 : 1;
      for (let at = first * size; at < mixture.covariances.length; at++) mixture.covariances[at] *= bad;
      const factored = factorMixture(mixture);
      expect(factored.factors.singular).toBe(first);
      expect(() => prepareInto(parameters, factored)).toThrow(`component ${first}`);
    }
  });
});
