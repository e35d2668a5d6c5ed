/**
 * The kernel's exp and log, tested through responsibilities: a full component with μ = 0 and W = 1 has log ρ = c at x = 0,
 * and the test writes c.
 */

import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel/kernel.js';
import { KERNELS } from './builds.js';

/** Roundings: two of exp, one each of the sum, the division and the product, and one of Math.exp. */
const EXP_ULPS = 6;
/** Roundings of log and of Math.log. */
const LOG_ULPS = 3;

/** Log 0, as prepare.ts writes it. */
const NO_NOISE = -1e300;

const ulps = (actual: number, expected: number) =>
  Math.abs(actual - expected) / (Number.EPSILON * Math.abs(expected));

describe.each(KERNELS.filter(({ type }) => type === 'full'))('exp and log, $build', ({ module }) => {
  /** @returns responsibilities and log-density of a row for components with these log ρ */
  const softmax = (logProb: readonly number[]) => {
    const k = logProb.length;
    const shape = {
      form: 'full',
      components: 'gaussian',
      nComponents: k,
      nFeatures: 1,
      withResponsibilities: true,
    } as const;
    const kernel = createKernel(module, shape);
    kernel.parameters[0] = NO_NOISE;
    logProb.forEach((c, j) => {
      kernel.parameters.set([c, 0, 1], 1 + 3 * j);
    });
    kernel.rows[0] = 0;
    kernel.score(1, false);
    return { responsibilities: kernel.responsibilities.slice(0, k), logDensity: kernel.logDensity[0] };
  };

  it('has exp(−t) within a few ulp, for t from 0 to 460', () => {
    const ts = [0, 2 ** -60, 2 ** -30, 1e-3, Math.LN2 / 2, Math.LN2, 1, 36, 37, 459.9];
    for (let t = 0.0137; t < 460; t *= 1.013) ts.push(t);
    let worst = 0;
    for (const t of ts) {
      const { responsibilities } = softmax([0, -t]);
      const sum = 1 + Math.exp(-t);
      worst = Math.max(
        worst,
        ulps(responsibilities[0], 1 / sum),
        ulps(responsibilities[1], Math.exp(-t) / sum),
      );
    }
    expect(worst).toBeLessThan(EXP_ULPS);
  });

  it('has log Σ within a few ulp, for Σ from 1 to 256', () => {
    let worst = 0;
    for (let k = 2; k <= 256; k++) {
      const { logDensity } = softmax(Array.from({ length: k }, () => 0));
      worst = Math.max(worst, ulps(logDensity, Math.log(k)));
    }
    for (let t = 0.01; t < 36; t *= 1.01) {
      // Both sides round the sum before they take its logarithm.
      worst = Math.max(worst, ulps(softmax([0, -t]).logDensity, Math.log(1 + Math.exp(-t))));
    }
    expect(worst).toBeLessThan(LOG_ULPS);
    expect(softmax([0]).logDensity).toBe(0);
  });

  it('never gives a subnormal number', () => {
    for (let t = 450; t < 800; t += 0.37) {
      const tiny = softmax([0, -t]).responsibilities[1];
      expect(tiny === 0 || tiny > 2.3e-308).toBe(true);
    }
    expect([...softmax([0, -1e300]).responsibilities]).toEqual([1, 0]);
  });
});
