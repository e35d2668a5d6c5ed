/** Rows at the limits of arithmetic: too far for any density, on a huge offset, or with weight 0. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { LOG_LIKELIHOOD, TOTALS_LENGTH } from '../../src/core/statistics.js';
import { expectClose } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { accumulateError, loadKernel, toleranceFor } from './against-twin.js';
import { KERNELS } from './builds.js';

/** At q = 1e16 the responsibility has no exact digit, but the log-density has the rounding errors of q only. */
const FAR = 1e-13;

describe.each(KERNELS)('$build, $type', ({ module, type }) => {
  it('assigns a row that is too far for any density to the nearest component', () => {
    for (const d of [1, 2, 3, 8, 17]) {
      const mixture = createMixture(type, 3, d, createRandom(d), 0);
      // With equal covariances and means on a line, the nearest component is at the nearest end.
      const size = mixture.covariances.length / 3;
      if (type !== 'tied') for (const j of [1, 2]) mixture.covariances.copyWithin(j * size, 0, size);
      for (let j = 0; j < 3; j++) mixture.means[j * d] = 1e4 * j;
      const kernel = loadKernel(module, mixture, true);
      kernel.rows.fill(0);
      kernel.rows[0] = 1e8;
      kernel.rows[d] = -1e8;
      kernel.score(2, false);
      expect([...kernel.responsibilities.subarray(0, 6)]).toEqual([0, 0, 1, 1, 0, 0]);
      expect(Math.max(...kernel.logDensity.subarray(0, 2))).toBeLessThan(-1e14);
      kernel.accumulate(2, false, false);
      expectClose(kernel.statistics.subarray(TOTALS_LENGTH, TOTALS_LENGTH + 3), [1, 0, 1], 0);
    }
  });

  it.each([1e8, 1e100, 1e160, 1e200, 1e300])('never gives NaN to a row that is %d away', (distance) => {
    for (const d of [1, 2, 3, 9]) {
      const mixture = createMixture(type, 4, d, createRandom(d));
      const kernel = loadKernel(module, mixture, true);
      for (let i = 0; i < 20 * d; i++) kernel.rows[i] = i % 3 === 0 ? distance : i % 3 === 1 ? -distance : 0;
      kernel.score(20, false);
      for (let i = 0; i < 20; i++) {
        const responsibilities = kernel.responsibilities.subarray(4 * i, 4 * (i + 1));
        expectClose([responsibilities.reduce((sum, r) => sum + r, 0)], [1], 4 * Number.EPSILON);
        expect(kernel.logDensity[i]).toBeLessThan(0);
        expect(kernel.logDensity[i]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
      }
    }
  });

  it('has the density of a row 1e8 standard deviations away', () => {
    const mixture = createMixture(type, 1, 1, createRandom(1), 0);
    const kernel = loadKernel(module, mixture);
    kernel.rows[0] = mixture.means[0] + 1e8;
    kernel.accumulate(1, false, false);
    const variance = mixture.covariances[0];
    const expected = -0.5 * (1e16 / variance + Math.log(2 * Math.PI * variance));
    expectClose([kernel.statistics[LOG_LIKELIHOOD]], [expected], FAR);
  });

  it('agrees with the twin on an offset of 1e9', () => {
    for (const d of [1, 2, 3, 8, 17]) {
      const random = createRandom(d);
      const mixture = createMixture(type, 3, d, random);
      mixture.means.forEach((mean, i) => {
        mixture.means[i] = mean + 1e9;
      });
      const rows = drawRows(mixture, 150, random);
      expect(accumulateError(module, mixture, rows, drawWeights(150, random), [1, 64, 150])).toBeLessThan(
        toleranceFor(d),
      );
    }
  });

  it('leaves out a row of weight 0 at any distance', () => {
    const random = createRandom(13);
    const mixture = createMixture(type, 3, 3, random);
    const kernel = loadKernel(module, mixture);
    kernel.rows.set(drawRows(mixture, 100, random));
    kernel.sampleWeight.fill(1, 0, 100);
    kernel.sampleWeight[40] = 0;
    const statisticsWith = (value: number) => {
      kernel.rows.fill(value, 120, 123);
      kernel.statistics.fill(0);
      kernel.accumulate(100, true, false);
      return kernel.statistics.slice();
    };
    expect(statisticsWith(1e6)).toEqual(statisticsWith(0));
  });

  it('gives no responsibility to a component of weight 0', () => {
    const mixture = createMixture(type, 2, 2, createRandom(17));
    mixture.weights.set([1, 0]);
    const kernel = loadKernel(module, mixture);
    kernel.rows.set(drawRows(mixture, 30, createRandom(3)));
    kernel.accumulate(30, false, false);
    expect([...kernel.statistics.subarray(TOTALS_LENGTH, TOTALS_LENGTH + 2)]).toEqual([30, 0]);
    expect(kernel.statistics[LOG_LIKELIHOOD]).toBeGreaterThan(-1e5);
  });
});

// `tied` measures distances from a common mean, which has more digits.
describe.each(KERNELS.filter(({ type }) => type !== 'tied'))('$build, $type', ({ module, type }) => {
  it('gives the same bits on an offset that keeps every digit of the rows', () => {
    const random = createRandom(11);
    const mixture = createMixture(type, 3, 5, random);
    // Multiples of 2⁻¹⁰ have 40 bits on an offset of 2³⁰.
    const short = (value: number) => Math.round(value * 1024) / 1024;
    const rows = drawRows(mixture, 100, random).map(short);
    const near = { ...mixture, means: mixture.means.map(short) };
    const away = { ...mixture, means: near.means.map((mean) => mean + 2 ** 30) };
    const statisticsOf = (parameters: typeof near, values: Float64Array) => {
      const kernel = loadKernel(module, parameters);
      kernel.rows.set(values);
      kernel.accumulate(100, false, false);
      return kernel.statistics.slice();
    };
    const shifted = rows.map((value) => value + 2 ** 30);
    expect(statisticsOf(away, shifted)).toEqual(statisticsOf(near, rows));
  });
});
