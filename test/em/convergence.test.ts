/** The convergence rules on sequences with a known limit. n = 100 rows. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createConvergenceRule } from '../../src/em/convergence.js';
import type { Convergence } from '../../src/types.js';

const N = 100;
const LIMIT = -1000;

/** The number of log-likelihoods after which the rule stops, or undefined. */
function stopsAfter(rule: Convergence, tol: number, logLikelihoods: readonly number[]): number | undefined {
  const { isConverged } = createConvergenceRule(rule, tol, N);
  const at = logLikelihoods.findIndex((value) => isConverged(value, Number.NaN));
  return at < 0 ? undefined : at + 1;
}

/** LIMIT − 500 aᵗ */
const geometric = (factor: number) => (t: number) => LIMIT - 500 * factor ** t;
const sequence = (length: number, f: (t: number) => number) => Array.from({ length }, (_, t) => f(t));

describe("'aitken'", () => {
  it.each([
    [0.5, 1e-6],
    [0.5, 1e-3],
    [0.9, 1e-6],
    [0.99, 1e-6],
    [0.99, 1e-4],
  ])(
    'stops at most two passes after a sequence of factor %d has less than %d per row left to gain',
    (factor, tol) => {
      const at = stopsAfter('aitken', tol, sequence(5000, geometric(factor))) as number;
      const toGain = (t: number) => (LIMIT - geometric(factor)(t)) / N;
      expect(toGain(at - 1)).toBeLessThan(tol);
      expect(toGain(at - 4)).toBeGreaterThan(tol);
    },
  );

  it('stops just as late when the sequence falls to its limit', () => {
    const falling = sequence(5000, (t) => 2 * LIMIT - geometric(0.9)(t));
    const rising = sequence(5000, geometric(0.9));
    expect(stopsAfter('aitken', 1e-6, falling)).toBe(stopsAfter('aitken', 1e-6, rising));
  });

  it('does not stop on a plateau before growth', () => {
    // Gains of 1, then small constant gains, then gains that grow to 1 again.
    const gains = [1, 1, 1, ...new Array(20).fill(1e-5), ...sequence(40, (t) => 1e-5 * 1.4 ** t)];
    let logLikelihood = -2000;
    const path = gains.map((gain) => {
      logLikelihood += gain;
      return logLikelihood;
    });
    expect(stopsAfter('aitken', 1e-6, path)).toBeUndefined();
  });

  it('does not stop after a single small step', () => {
    expect(stopsAfter('aitken', 1e-6, [-2000, -1900, -1899.9999999, -1800, -1700, -1600])).toBeUndefined();
  });

  it('stops when nothing moves any more', () => {
    expect(stopsAfter('aitken', 1e-6, new Array(10).fill(LIMIT))).toBe(3);
  });

  it('stops when only rounding moves the log-likelihood', () => {
    const path = sequence(50, (t) => LIMIT * (1 + (t % 3) * Number.EPSILON));
    expect(stopsAfter('aitken', 1e-15, path)).toBeLessThan(10);
  });

  it('stops when the objective turns again and again, however much rounding moves it', () => {
    const noise = createRandom(3);
    const path = sequence(100, () => LIMIT + 1e-3 * noise.normal());
    expect(stopsAfter('aitken', 1e-12, path)).toBeLessThan(30);
    const cycle = sequence(100, (t) => LIMIT + 7 * (t % 2));
    expect(stopsAfter('aitken', 1e-12, cycle)).toBe(5);
  });

  it('knows by the turns that only rounding moves the objective', () => {
    const rule = createConvergenceRule('aitken', 1e-12, N);
    for (let t = 0; t < 4; t++) rule.isConverged(LIMIT + (t % 2), Number.NaN);
    expect(rule.isRounding()).toBe(false);
    rule.isConverged(LIMIT, Number.NaN);
    expect(rule.isRounding()).toBe(true);
    rule.restart();
    expect(rule.isRounding()).toBe(false);
  });

  it('takes one turn, as with a ridge, for no rounding, nor turns long before', () => {
    const turning = sequence(60, (t) => LIMIT - (t - 20) ** 2);
    expect(stopsAfter('aitken', 1e-9, turning)).toBeUndefined();
    const seldom = sequence(90, (t) => LIMIT + t - (t % 10 === 9 ? 5 : 0));
    expect(stopsAfter('aitken', 1e-9, seldom)).toBeUndefined();
  });

  it('counts turns over accelerated steps', () => {
    const rule = createConvergenceRule('aitken', 1e-12, N);
    const estimateToCome = () => ({ toCome: Number.POSITIVE_INFINITY, isMeasured: false });
    const rise = { from: LIMIT - 1, to: LIMIT, largestChange: Number.NaN, estimateToCome };
    rule.isConverged(LIMIT - 1, Number.NaN);
    const verdicts = Array.from({ length: 3 }, () => [
      rule.judgeAccelerated(rise),
      rule.isConverged(LIMIT - 1, Number.NaN),
    ]);
    expect(verdicts.flat()).toEqual(['far', false, 'far', true, 'converged', true]);
  });

  it('measures the gain to come before it stops, where that is possible', () => {
    const path = sequence(60, geometric(0.5));
    const stopsWith = (toCome: readonly (number | undefined)[]) => {
      const rule = createConvergenceRule('aitken', 1e-6, N);
      let measured = 0;
      const measure = () => toCome[Math.min(measured++, toCome.length - 1)];
      const at = path.findIndex((value) => rule.isConverged(value, Number.NaN, measure));
      return { at, measured, isMeasured: rule.state.isMeasured };
    };
    const unmeasured = stopsWith([undefined]);
    expect(unmeasured).toMatchObject({ measured: 1, isMeasured: false });
    expect(stopsWith([1e-7])).toEqual({ ...unmeasured, isMeasured: true });
    // More than tol to come: two more passes must look converged.
    expect(stopsWith([1e-5, 1e-7])).toEqual({ at: unmeasured.at + 2, measured: 2, isMeasured: true });
  });

  it('never stops after the first or the second pass', () => {
    expect(stopsAfter('aitken', 1e9, [-1, -0.9])).toBeUndefined();
  });
});

describe("'change'", () => {
  it('stops at the first mean step below tol, with a slow sequence far from its limit', () => {
    const path = sequence(5000, geometric(0.99));
    const at = stopsAfter('change', 1e-3, path) as number;
    expect((path[at - 1] - path[at - 2]) / N).toBeLessThan(1e-3);
    expect((path[at - 2] - path[at - 3]) / N).toBeGreaterThanOrEqual(1e-3);
    expect(LIMIT - path[at - 1]).toBeGreaterThan(50 * 1e-3 * N);
  });

  it('counts a step down by its size', () => {
    expect(stopsAfter('change', 1e-3, [0, -1, -2, -2.05])).toBe(4);
  });
});

describe("'responsibilities'", () => {
  it('stops when no responsibility changed by more than tol, but not at the first pass, which has nothing to compare', () => {
    const { isConverged } = createConvergenceRule('responsibilities', 1e-4, N);
    const changes = [0, 0.5, 2e-4, 1e-4];
    expect(changes.map((change) => isConverged(LIMIT, change))).toEqual([false, false, false, true]);
  });
});

describe('tol 0', () => {
  it.each(['aitken', 'change', 'responsibilities'] as const)("never stops, '%s'", (rule) => {
    const { isConverged } = createConvergenceRule(rule, 0, N);
    for (let t = 0; t < 1000; t++) expect(isConverged(LIMIT, 0)).toBe(false);
  });
});
