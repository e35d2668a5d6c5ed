/** Noise of one density everywhere: a constant term of every row's log-sum-exp. */

import { describe, expect, it } from 'vitest';
import type { Noise } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import {
  LOG_LIKELIHOOD,
  LOG_MAX_RESPONSIBILITY,
  NOISE_COUNT,
  TOTALS_LENGTH,
} from '../../src/core/statistics.js';
import type { Parameters } from '../../src/types.js';
import { expectClose } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { accumulateError, changeError, loadKernel, toleranceFor } from './against-twin.js';
import { KERNELS } from './builds.js';
import { typicalDensity, withNoise } from './noise.js';
import { createTwin } from './scalar-twin.js';

/** Sums of k + 1 probabilities, each rounded a few times. */
const SUM = 16 * Number.EPSILON;

describe.each(KERNELS)('noise, $build, $type', ({ module, type }) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17])(
    'agrees with the twin for k from 1 to 12, with and without weights, d = %i',
    (d) => {
      for (const k of [1, 2, 3, 5, 8, 12]) {
        // Noise from next to nothing to nearly everything.
        for (const above of [-20, 0, 10]) {
          const random = createRandom(100 * d + k);
          const logDensity = typicalDensity(d) + above;
          const mixture = withNoise(createMixture(type, k, d, random), { weight: 0.1, logDensity });
          const rows = drawRows(mixture, 137, random);
          const weights = drawWeights(137, random);
          for (const sampleWeight of [undefined, weights]) {
            const error = accumulateError(module, mixture, rows, sampleWeight, [1, 128, 137]);
            expect(error).toBeLessThan(toleranceFor(d));
          }
        }
      }
    },
  );

  it('scores rows so that their probabilities and that of the noise sum to 1', () => {
    const random = createRandom(4);
    const logDensity = typicalDensity(3);
    const mixture = withNoise(createMixture(type, 4, 3, random), { weight: 0.2, logDensity });
    const rows = drawRows(mixture, 200, random);
    const weights = drawWeights(200, random);
    const kernel = loadKernel(module, mixture, true);
    kernel.rows.set(rows);
    kernel.sampleWeight.set(weights);
    kernel.score(200, true);
    const twin = createTwin(mixture);
    let count = 0;
    for (let i = 0; i < 200; i++) {
      const expected = twin.add(rows, 3 * i, 1);
      expect(Math.abs(kernel.logDensity[i] - expected.logDensity)).toBeLessThan(
        toleranceFor(3) * expected.magnitude,
      );
      const noise = Math.exp(Math.log(0.2) + logDensity - kernel.logDensity[i]);
      const components = kernel.responsibilities.subarray(4 * i, 4 * (i + 1));
      expectClose([components.reduce((sum, r) => sum + r, noise)], [1], SUM);
      count += weights[i] * expected.noise;
    }
    expectClose([kernel.statistics[NOISE_COUNT]], [count], 1e-12);
  });

  it('takes the rows that are too far for any component', () => {
    for (const distance of [1e4, 1e8, 1e160, 1e300]) {
      const mixture = withNoise(createMixture(type, 3, 2, createRandom(1)), { weight: 0.1, logDensity: -9 });
      const kernel = loadKernel(module, mixture, true);
      for (let i = 0; i < 10; i++) kernel.rows[i] = i % 2 === 0 ? distance : -distance;
      kernel.accumulate(5, false, false);
      expect(kernel.statistics[NOISE_COUNT]).toBe(5);
      expect(kernel.statistics[LOG_MAX_RESPONSIBILITY]).toBe(0);
      expectClose([kernel.statistics[LOG_LIKELIHOOD]], [5 * (Math.log(0.1) - 9)], 1e-15);
      expect(kernel.statistics.subarray(TOTALS_LENGTH).every((value) => value === 0)).toBe(true);
      kernel.score(5, false);
      expect(kernel.responsibilities.subarray(0, 15).every((r) => r === 0)).toBe(true);
    }
  });

  it('counts for the exact skips: beside it a component below 2⁻⁵³ of the sum has nothing', () => {
    const mixture = createMixture(type, 2, 2, createRandom(2), 0);
    const countsBeside = (noise: Noise) => {
      const kernel = loadKernel(module, withNoise(mixture, noise));
      kernel.rows.set([6, 6]);
      kernel.accumulate(1, false, false);
      return [...kernel.statistics.subarray(TOTALS_LENGTH, TOTALS_LENGTH + 2)];
    };
    // Six standard deviations away a density is below e⁻¹⁰ of its peak, and above e⁻¹⁰⁰.
    expect(Math.max(...countsBeside({ weight: 0.5, logDensity: 40 }))).toBe(0);
    expect(Math.max(...countsBeside({ weight: 0.5, logDensity: -200 }))).toBeGreaterThan(0.1);
  });

  it('agrees with the twin at any ratio of its density to those of the components', () => {
    for (const scale of [1e-150, 1e-3, 1, 1e150]) {
      for (const logDensity of [-3000, -600, 0, 600, 3000]) {
        const random = createRandom(9);
        const drawn = createMixture(type, 3, 2, random);
        const mixture = {
          ...withNoise(drawn, { weight: 0.3, logDensity }),
          means: drawn.means.map((mean) => mean * scale),
          covariances: drawn.covariances.map((value) => value * scale ** 2),
        };
        const rows = drawRows(drawn, 50, random).map((value) => value * scale);
        expect(accumulateError(module, mixture, rows, undefined, [50])).toBeLessThan(toleranceFor(2));
      }
    }
  });

  it('agrees with the twin on either side of the density where another sum begins', () => {
    for (const d of [1, 5, 6, 8]) {
      // Far apart, rows can be left out of the scatters of other components.
      for (const spread of [0.5, 12]) {
        for (const below of [-40, -1, 0, 20, 50, 60, 63, 64, 65, 70, 90, 200]) {
          const random = createRandom(d);
          const logDensity = -(d / 2) * Math.log(2 * Math.PI) - below;
          const mixture = withNoise(createMixture(type, 3, d, random, spread), { weight: 0.2, logDensity });
          const rows = drawRows(mixture, 150, random);
          for (let a = 0; a < 5 * d; a++) rows[a] *= 3;
          const weights = drawWeights(150, random);
          expect(accumulateError(module, mixture, rows, weights, [150])).toBeLessThan(toleranceFor(d));
        }
      }
    }
  });

  it('agrees with the twin on an offset of 1e9', () => {
    const random = createRandom(21);
    const drawn = createMixture(type, 3, 4, random);
    const means = drawn.means.map((mean) => mean + 1e9);
    const mixture = withNoise({ ...drawn, means }, { weight: 0.6, logDensity: typicalDensity(4) });
    expect(accumulateError(module, mixture, drawRows(mixture, 130, random))).toBeLessThan(toleranceFor(4));
  });

  it('finds the largest change of a component’s responsibility if only the noise changes', () => {
    const random = createRandom(6);
    const noise = { weight: 0.2, logDensity: typicalDensity(2) };
    const before = withNoise(createMixture(type, 3, 2, random), noise);
    const after = { ...before, noise: { ...noise, logDensity: noise.logDensity + 1 } };
    const rows = drawRows(before, 150, random);
    expect(changeError(module, before, after, rows)).toBeLessThan(1e-13);
  });

  it('changes no bit at weight 0, and takes every row at weight 1', () => {
    const mixture = createMixture(type, 3, 2, createRandom(8));
    const rows = drawRows(mixture, 100, createRandom(9));
    const statisticsOf = (parameters: Parameters) => {
      const kernel = loadKernel(module, parameters);
      kernel.rows.set(rows);
      kernel.accumulate(100, false, false);
      return kernel.statistics.slice();
    };
    const without = statisticsOf(mixture);
    const beside = statisticsOf(withNoise(mixture, { weight: 0, logDensity: 5 }));
    // `tied` has a common scatter behind the others.
    expect(beside.subarray(0, without.length)).toEqual(without);
    const all = statisticsOf(withNoise(mixture, { weight: 1, logDensity: -5 }));
    expect(all[NOISE_COUNT]).toBe(100);
    expectClose([all[LOG_LIKELIHOOD]], [-500], SUM);
    expect(all.subarray(TOTALS_LENGTH).every((value) => value === 0)).toBe(true);
  });
});

describe.each(KERNELS.filter(({ type }) => type === 'full'))('noise, $build, $type', ({ module, type }) => {
  it('leaves a row out of the scatter of a component below 2⁻⁵³ of its sum', () => {
    const countOf = (d: number) => {
      // The row is at the first mean, where the second density is e⁻⁴⁵ of the first: more than 2⁻⁵³ of the noise at e⁻³⁰.
      const means = new Float64Array(2 * d);
      means[d] = Math.sqrt(90);
      const covariances = Float64Array.from({ length: 2 * d * d }, (_, i) =>
        (i % (d * d)) % (d + 1) === 0 ? 1 : 0,
      );
      const weights = Float64Array.of(0.5, 0.5);
      const mixture = { ...createMixture(type, 2, d, createRandom(1)), weights, means, covariances };
      const logDensity = -(d / 2) * Math.log(2 * Math.PI) - 30;
      const kernel = loadKernel(module, withNoise(mixture, { weight: 0.5, logDensity }));
      kernel.rows.fill(0, 0, d);
      kernel.accumulate(1, false, false);
      return kernel.statistics[TOTALS_LENGTH + 1];
    };
    // With fewer than 6 features no rows are gathered.
    expect(countOf(6)).toBe(0);
    expectClose([countOf(5)], [Math.exp(-45)], 1e-12);
  });
});
