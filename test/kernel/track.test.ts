/** `accumulate` with `track` finds the largest change of a responsibility from one pass to the next. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { changeError, loadKernel } from './against-twin.js';
import { KERNELS } from './builds.js';

/** A change is the difference of two numbers up to 1, each with an error of some 1e-14 (q <= 100). */
const CHANGE = 1e-13;

describe.each(KERNELS)('track, $build, $type', ({ module, type }) => {
  it.each([
    [1, 2, 5, false],
    [2, 3, 128, true],
    [3, 4, 300, false],
    [3, 4, 300, true],
    [17, 2, 130, true],
  ])('agrees with the twin for d = %i, k = %i, n = %i, weighted: %s', (d, k, n, weighted) => {
    const random = createRandom(10 * d + k);
    const before = createMixture(type, k, d, random);
    const after = { ...before, means: before.means.map((mean) => mean + 0.1 * random.normal()) };
    const rows = drawRows(before, n, random);
    const weights = weighted ? drawWeights(n, random) : undefined;
    expect(changeError(module, before, after, rows, weights)).toBeLessThan(CHANGE);
  });

  it('is 0 for a repeated pass, and leaves the statistics as they are without tracking', () => {
    const random = createRandom(3);
    const mixture = createMixture(type, 3, 2, random);
    const kernel = loadKernel(module, mixture, true);
    kernel.rows.set(drawRows(mixture, 200, random));
    kernel.accumulate(200, false, false);
    const untracked = kernel.statistics.slice();
    kernel.accumulate(200, false, true);
    kernel.statistics.fill(0);
    kernel.accumulate(200, false, true);
    expect(kernel.statistics).toEqual(untracked);
  });
});
