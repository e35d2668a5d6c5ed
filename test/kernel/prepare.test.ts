import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance-type.js';
import { createRandom } from '../../src/core/random.js';
import { createKernel } from '../../src/kernel/kernel.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import { createMixture } from '../mixtures.js';
import { KERNELS } from './builds.js';

const [{ module }] = KERNELS;

describe.each(COVARIANCE_TYPES)('prepareInto, %s', (covarianceType) => {
  const shape = { covarianceType, nComponents: 3, nFeatures: 2, withResponsibilities: false };
  const { parameters } = createKernel(module, shape);

  it('is −1 if every covariance is positive definite, and writes finite numbers only', () => {
    const mixture = createMixture(covarianceType, 3, 2, createRandom(1));
    mixture.weights.set([0.5, 0.5, 0]);
    parameters.fill(Number.NaN);
    expect(prepareInto(parameters, mixture)).toBe(-1);
    expect(parameters.every(Number.isFinite)).toBe(true);
  });

  it('returns the first component whose covariance is not positive definite', () => {
    for (const bad of [0, -1, Number.NaN]) {
      const mixture = createMixture(covarianceType, 3, 2, createRandom(1));
      const size = mixture.covariances.length / (covarianceType === 'tied' ? 1 : 3);
      const first = covarianceType === 'tied' ? 0 : 1;
      for (let at = first * size; at < mixture.covariances.length; at++) mixture.covariances[at] *= bad;
      expect(prepareInto(parameters, mixture)).toBe(first);
    }
  });
});
