/** Runs that give up, on sequences of objectives with a known limit. n = 100 rows. */

import { describe, expect, it } from 'vitest';
import { createConvergenceRule, type RuleState } from '../../src/em/convergence.js';
import { withGoal } from '../../src/em/goal.js';

const N = 100;
const LIMIT = -1000;
const TOL = 1e-9;

/** LIMIT − 500 · 0.9ᵗ */
const objectives = Array.from({ length: 400 }, (_, t) => LIMIT - 500 * 0.9 ** t);

const ruleOf = (goal: number, state?: RuleState) =>
  withGoal(createConvergenceRule('aitken', TOL, N, state), goal);

const stepsTo = (goal: number) => {
  const rule = ruleOf(goal);
  return objectives.findIndex((objective) => rule.isConverged(objective, Number.NaN));
};

describe('a run with a goal', () => {
  const own = objectives.findIndex(
    (
      (rule) => (objective: number) =>
        rule.isConverged(objective, Number.NaN)
    )(createConvergenceRule('aitken', TOL, N)),
  );

  it('that it reaches ends where its rule ends it', () => {
    expect(stepsTo(LIMIT - 1)).toBe(own);
    expect(stepsTo(LIMIT - 1e-6)).toBe(own);
  });

  it('that is far above ends within a few steps, after twice the gain to come no longer leads to it', () => {
    const at = stepsTo(LIMIT + 100);
    expect(at).toBeLessThan(own / 4);
    expect(LIMIT + (LIMIT - objectives[at])).toBeLessThan(LIMIT + 100);
  });

  it('is not given up while its gains grow, since they tell nothing about the end', () => {
    const rule = ruleOf(0);
    const rising = Array.from({ length: 60 }, (_, t) => -1000 + 0.1 * 1.1 ** t);
    expect(rising.some((objective) => rule.isConverged(objective, Number.NaN))).toBe(false);
  });

  it('gives up after accelerated steps, too', () => {
    const rule = ruleOf(LIMIT + 100);
    const verdicts = objectives.slice(1, 60).map((to, t) =>
      rule.judgeAccelerated({
        from: objectives[t],
        to,
        largestChange: Number.NaN,
        estimateToCome: () => ({ toCome: Number.POSITIVE_INFINITY, isMeasured: false }),
      }),
    );
    expect(verdicts).toContain('converged');
    expect(verdicts[0]).toBe('far');
  });

  it('goes on from its state to the same end', () => {
    const whole = stepsTo(LIMIT + 20);
    const first = ruleOf(LIMIT + 20);
    for (const objective of objectives.slice(0, 5)) first.isConverged(objective, Number.NaN);
    const second = ruleOf(LIMIT + 20, { ...first.state });
    expect(5 + objectives.slice(5).findIndex((value) => second.isConverged(value, Number.NaN))).toBe(whole);
  });
});
