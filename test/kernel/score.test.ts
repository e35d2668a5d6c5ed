/** `score` agrees with the scalar twin, row by row. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { TOTALS_LENGTH } from '../../src/core/statistics.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { loadKernel, relativeToMagnitude, toleranceFor } from './against-twin.js';
import { KERNELS } from './builds.js';
import { createTwin } from './scalar-twin.js';

/** `score` gives 0 for a responsibility below e^−460, some 1e-200. Relative to the tolerance that is less than this. */
const NOTHING = 1e-180;

describe.each(KERNELS)('score, $build, $type', ({ module, type }) => {
  it.each([
    [1, 1, 300],
    [2, 2, 300],
    [3, 5, 261],
    [8, 9, 129],
    [9, 3, 257],
    [17, 4, 130],
    [33, 3, 70],
    [64, 2, 40],
    [2, 256, 40],
  ])('agrees with the twin for d = %i, k = %i, n = %i', (d, k, n) => {
    const random = createRandom(100 * d + k);
    const mixture = createMixture(type, k, d, random, 3);
    const rows = drawRows(mixture, n, random);
    const weights = drawWeights(n, random);
    const kernel = loadKernel(module, mixture, true);
    kernel.rows.fill(Number.NaN);
    kernel.rows.set(rows);
    kernel.sampleWeight.set(weights);
    kernel.score(n, true);

    const twin = createTwin(mixture);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      const { responsibilities, logDensity, magnitude } = twin.add(rows, i * d, weights[i]);
      worst = Math.max(worst, Math.abs(kernel.logDensity[i] - logDensity) / magnitude);
      for (let j = 0; j < k; j++) {
        const r = responsibilities[j];
        // qⱼ is the magnitude less 2 log rⱼ, up to constants.
        const allowed = NOTHING + r * (magnitude - 2 * Math.log(r + NOTHING));
        worst = Math.max(worst, Math.abs(kernel.responsibilities[i * k + j] - r) / allowed);
      }
    }
    expect(worst).toBeLessThan(toleranceFor(d));
    const [totals, expected, magnitudes] = [kernel.statistics, twin.statistics, twin.magnitudes].map(
      (values) => values.subarray(0, TOTALS_LENGTH),
    );
    expect(relativeToMagnitude(totals, expected, magnitudes)).toBeLessThan(toleranceFor(d));
  });

  it('gives scores that do not depend on weights', () => {
    const random = createRandom(5);
    const mixture = createMixture(type, 3, 2, random);
    const kernel = loadKernel(module, mixture, true);
    kernel.rows.set(drawRows(mixture, 50, random));
    kernel.score(50, false);
    const unweighted = [kernel.responsibilities.slice(0, 150), kernel.logDensity.slice(0, 50)];
    kernel.sampleWeight.set(drawWeights(50, random));
    kernel.score(50, true);
    expect([kernel.responsibilities.slice(0, 150), kernel.logDensity.slice(0, 50)]).toEqual(unweighted);
  });
});
