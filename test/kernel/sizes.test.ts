/** `accumulate` agrees with the scalar twin at every remainder of rows in tiles, pairs and blocks, of features and of components. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { expectClose } from '../close.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { accumulateError, loadKernel, toleranceFor } from './against-twin.js';
import { KERNELS } from './builds.js';

/** Rows of a block (src/kernel/layout.ts): 128, 64 from d = 17 on, 32 from d = 33 on. */
const blockRowsOf = (d: number) => (d <= 16 ? 128 : d <= 32 ? 64 : 32);

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe.each(KERNELS)('accumulate, $build, $type', ({ module, type }) => {
  it.each([...range(1, 9), 16, 17, 32, 33])(
    'agrees with the twin for every n up to two blocks and a bit, d = %i',
    (d) => {
      // Far apart, each component has a fraction of the rows; on top of each other, each has all rows.
      for (const spread of [2, 0.1]) {
        const random = createRandom(d);
        const mixture = createMixture(type, 2, d, random, spread);
        const rows = drawRows(mixture, 2 * blockRowsOf(d) + 9, random);
        expect(accumulateError(module, mixture, rows)).toBeLessThan(toleranceFor(d));
      }
    },
  );

  it.each([64, 128])('agrees with the twin around the borders of tiles and blocks, d = %i', (d) => {
    const random = createRandom(d);
    const mixture = createMixture(type, 2, d, random);
    const ns = [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 73];
    expect(accumulateError(module, mixture, drawRows(mixture, 73, random), undefined, ns)).toBeLessThan(
      toleranceFor(d),
    );
  });

  it.each([...range(1, 9), 256])('agrees with the twin for k = %i', (k) => {
    for (const d of [1, 2, 3, 8]) {
      const random = createRandom(1000 * k + d);
      const mixture = createMixture(type, k, d, random);
      const ns = [1, 127, 200];
      expect(accumulateError(module, mixture, drawRows(mixture, 200, random), undefined, ns)).toBeLessThan(
        toleranceFor(d),
      );
    }
  });

  it.each([1, 2, 5, 8, 17, 33])('agrees with the twin with sample weights, some of them 0, d = %i', (d) => {
    const random = createRandom(2000 + d);
    const mixture = createMixture(type, 3, d, random);
    const n = 2 * blockRowsOf(d) + 3;
    const weights = drawWeights(n, random);
    expect(accumulateError(module, mixture, drawRows(mixture, n, random), weights)).toBeLessThan(
      toleranceFor(d),
    );
  });

  it('takes a whole stretch of rows', () => {
    for (const d of [2, 40]) {
      const random = createRandom(d);
      const mixture = createMixture(type, 2, d, random);
      const n = loadKernel(module, mixture).stretchRows;
      expect(accumulateError(module, mixture, drawRows(mixture, n, random), undefined, [n])).toBeLessThan(
        toleranceFor(d),
      );
    }
  });

  it('adds to the statistics', () => {
    const random = createRandom(7);
    const mixture = createMixture(type, 3, 4, random);
    const kernel = loadKernel(module, mixture);
    kernel.rows.set(drawRows(mixture, 50, random));
    kernel.accumulate(50, false, false);
    const once = kernel.statistics.slice();
    kernel.accumulate(50, false, false);
    // Sums are added block by block and feature by feature, so the result is 2 × up to a few roundings.
    expectClose(
      kernel.statistics,
      once.map((value) => 2 * value),
      16 * Number.EPSILON,
    );
  });
});
