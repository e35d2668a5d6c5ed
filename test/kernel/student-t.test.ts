/** Student's t components: their density, u, and the statistics with it. */

import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createRandom } from '../../src/core/random.js';
import {
  createStatisticsLayout,
  LOG_LIKELIHOOD,
  NOISE_COUNT,
  TOTALS_LENGTH,
} from '../../src/core/statistics.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import type { Parameters } from '../../src/types.js';
import { expectClose, largestError } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { accumulateError, changeError, loadKernel, toleranceFor } from './against-twin.js';
import { KERNELS } from './builds.js';
import { typicalDensity, withNoise } from './noise.js';
import { createTwin } from './scalar-twin.js';

/** From less than one, where there is no mean, to nearly Gaussian. */
const DEGREES = [0.3, 1, 2.5, 4, 30, 1e4, 1e9];

/** The degrees of freedom of component j are those at `first` + j, so that components differ. */
function withDegrees(mixture: Parameters, first: number): Parameters {
  const degreesOfFreedom = mixture.weights.map((_, j) => DEGREES[(first + j) % DEGREES.length]);
  return { ...mixture, degreesOfFreedom };
}

/** Every fifth row is thrown out by up to 10⁴. */
function throwOut(rows: Float64Array, d: number): Float64Array {
  return rows.map((value, i) =>
    Math.floor(i / d) % 5 === 4 ? value * 10 ** (Math.floor(i / d) % 4) : value,
  );
}

describe.each(KERNELS)('t, $build, $type', ({ module, type }) => {
  const layoutOf = ({ nComponents, nFeatures }: Parameters) =>
    createStatisticsLayout(formOf(type), nComponents, nFeatures, 't');

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17])(
    'agrees with the twin for k from 1 to 12, with and without weights and noise, d = %i',
    (d) => {
      for (const k of [1, 2, 3, 5, 8, 12]) {
        for (let first = 0; first < DEGREES.length; first += k < 4 ? 1 : 4) {
          const random = createRandom(100 * d + k);
          const drawn = withDegrees(createMixture(type, k, d, random), first);
          const rows = throwOut(drawRows(drawn, 137, random), d);
          const weights = drawWeights(137, random);
          const noisy = withNoise(drawn, { weight: 0.1, logDensity: typicalDensity(d) });
          for (const mixture of [drawn, noisy]) {
            for (const sampleWeight of [undefined, weights]) {
              const error = accumulateError(module, mixture, rows, sampleWeight, [1, 128, 137]);
              expect(error).toBeLessThan(toleranceFor(d));
            }
          }
        }
      }
    },
  );

  it('agrees with the twin for every n up to two blocks and a bit, where a component has all rows or a part', () => {
    for (const d of [1, 2, 7, 8, 33]) {
      for (const spread of [0.1, 12]) {
        const random = createRandom(d);
        const mixture = withDegrees(createMixture(type, 2, d, random, spread), 2);
        const rows = drawRows(mixture, d > 32 ? 73 : 265, random);
        expect(accumulateError(module, mixture, rows)).toBeLessThan(toleranceFor(d));
      }
    }
  });

  it('agrees with the twin at any scale, and on an offset of 1e9', () => {
    for (const [scale, offset] of [
      [1e-150, 0],
      [1e-9, 0],
      [1e140, 0],
      [1, 1e9],
    ]) {
      const random = createRandom(3);
      const drawn = withDegrees(createMixture(type, 3, 4, random), 1);
      const mixture = {
        ...drawn,
        means: drawn.means.map((mean) => mean * scale + offset),
        covariances: drawn.covariances.map((value) => value * scale ** 2),
      };
      const rows = drawRows(drawn, 130, random).map((value) => value * scale + offset);
      expect(accumulateError(module, mixture, rows, undefined, [7, 130])).toBeLessThan(toleranceFor(4));
    }
  });

  it('scores rows as the twin does', () => {
    const random = createRandom(4);
    const drawn = withDegrees(createMixture(type, 4, 3, random), 0);
    const mixture = withNoise(drawn, { weight: 0.2, logDensity: typicalDensity(3) });
    const rows = throwOut(drawRows(mixture, 200, random), 3);
    const kernel = loadKernel(module, mixture, true);
    kernel.rows.set(rows);
    kernel.score(200, false);
    const twin = createTwin(mixture);
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const { responsibilities, noise, logDensity, magnitude } = twin.add(rows, 3 * i, 1);
      worst = Math.max(worst, Math.abs(kernel.logDensity[i] - logDensity) / magnitude);
      const scored = kernel.responsibilities.subarray(4 * i, 4 * (i + 1));
      // A responsibility has the row's error and that of its own log-probability, which is of the same size.
      worst = Math.max(worst, largestError(scored, responsibilities, 1) / (2 * magnitude));
      const sum = scored.reduce((total, r) => total + r, noise);
      worst = Math.max(worst, Math.abs(sum - 1) / magnitude);
    }
    expect(worst).toBeLessThan(toleranceFor(3));
    expectClose(
      kernel.statistics.subarray(0, TOTALS_LENGTH),
      twin.statistics.subarray(0, TOTALS_LENGTH),
      1e-12,
    );
  });

  it('never gives NaN to a row at any distance, and such a row hardly counts for S and Q', () => {
    for (const distance of [1e8, 1e100, 1e160, 1e200, 1e300]) {
      for (const d of [1, 2, 3, 9]) {
        const mixture = withDegrees(createMixture(type, 3, d, createRandom(d)), 1);
        const kernel = loadKernel(module, mixture);
        for (let i = 0; i < 20 * d; i++) kernel.rows[i] = i % 2 === 0 ? distance : -distance;
        kernel.accumulate(20, false, false);
        const { counts, sums, scaledCounts } = layoutOf(mixture);
        expect(kernel.statistics.every(Number.isFinite)).toBe(true);
        expectClose([kernel.statistics.subarray(counts, sums).reduce((sum, n) => sum + n)], [20], 1e-14);
        // u is at most (ν + d) / q, and of these components the one with ν = 1 takes the row.
        const scaled = kernel.statistics.subarray(scaledCounts, scaledCounts + 3);
        expect(Math.max(...scaled)).toBeLessThan(1e-12);
        expect(kernel.statistics[LOG_LIKELIHOOD]).toBeLessThan(-300);
      }
    }
  });

  it('leaves a far row to noise if that is more likely', () => {
    const mixture = withDegrees(createMixture(type, 2, 2, createRandom(2)), 4);
    const kernel = loadKernel(module, withNoise(mixture, { weight: 0.1, logDensity: -20 }));
    kernel.rows.set([1e4, 0, 0, 1e4]);
    kernel.accumulate(2, false, false);
    // With ν = 30 the density falls as the distance to the power of −32.
    expect(kernel.statistics[NOISE_COUNT]).toBe(2);
  });

  it('tends to Gaussian components as the degrees of freedom grow', () => {
    const random = createRandom(12);
    const gaussian = createMixture(type, 3, 3, random);
    const rows = drawRows(gaussian, 100, random);
    const [near, exact] = [{ ...gaussian, degreesOfFreedom: new Float64Array(3).fill(1e13) }, gaussian].map(
      (mixture) => {
        const kernel = loadKernel(module, mixture);
        kernel.rows.set(rows);
        kernel.accumulate(100, false, false);
        return kernel.statistics;
      },
    );
    const { counts, sums, scatters, scaledCounts, scaleLogs } = layoutOf(gaussian);
    // The densities differ by some q² / 4ν, so in the 12th digit.
    expectClose(near.subarray(0, scatters), exact.subarray(0, scatters), 1e-10, 1);
    if (type !== 'tied') {
      expectClose(near.subarray(scatters, scaledCounts), exact.subarray(scatters), 1e-10);
    }
    expectClose(near.subarray(scaledCounts, scaleLogs), near.subarray(counts, sums), 1e-10);
    // u is 1, so ln u − u is −1.
    const minusCounts = near.subarray(counts, sums).map((count) => -count);
    expectClose(near.subarray(scaleLogs), minusCounts, 1e-10);
  });

  it('finds the largest change of a responsibility', () => {
    const random = createRandom(6);
    const before = withDegrees(createMixture(type, 3, 2, random), 1);
    const after = { ...before, degreesOfFreedom: before.degreesOfFreedom?.map((degrees) => 2 * degrees) };
    const rows = drawRows(before, 150, random);
    expect(changeError(module, before, after, rows)).toBeLessThan(1e-13);
  });

  it('has the density of Cauchy for one degree of freedom in one dimension', () => {
    const mixture = createMixture(type, 1, 1, createRandom(1));
    const kernel = loadKernel(module, { ...mixture, degreesOfFreedom: Float64Array.of(1) }, true);
    const scale = Math.sqrt(mixture.covariances[0]);
    const distances = [0, 1e-9, 0.1, 1, 50, 1e6, 1e120];
    kernel.rows.set(distances.map((z) => mixture.means[0] + z * scale));
    kernel.score(distances.length, false);
    const expected = distances.map((z) => -Math.log(Math.PI * scale) - Math.log1p(z * z));
    expectClose(kernel.logDensity.subarray(0, distances.length), expected, 1e-14, 1);
  });

  it('gives no responsibility to a component of weight 0', () => {
    const mixture = withDegrees(createMixture(type, 2, 2, createRandom(17)), 1);
    mixture.weights.set([1, 0]);
    const kernel = loadKernel(module, mixture);
    kernel.rows.set(drawRows(mixture, 30, createRandom(3)));
    kernel.accumulate(30, false, false);
    const { counts, scaledCounts } = layoutOf(mixture);
    expect([...kernel.statistics.subarray(counts, counts + 2)]).toEqual([30, 0]);
    expect([kernel.statistics[scaledCounts + 1], kernel.statistics[scaledCounts + 3]]).toEqual([0, 0]);
  });

  it('has a kernel of its own', () => {
    const mixture = createMixture(type, 2, 2, createRandom(1));
    const { parameters } = loadKernel(module, mixture);
    expect(() => prepareInto(parameters, factorMixture(withDegrees(mixture, 0)))).toThrow('not laid out');
  });
});
