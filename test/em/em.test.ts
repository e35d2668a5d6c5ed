/** The EM loop, with the kernel's scalar twin for the E-step. */

import { describe, expect, it } from 'vitest';
import { familyOf } from '../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../src/core/covariance/floor.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import { createConvergenceRule } from '../../src/em/convergence.js';
import { runEm } from '../../src/em/em.js';
import { createObjective } from '../../src/em/objective.js';
import type { EmOptions, EmStart, EStep } from '../../src/em/run.js';
import type { Parameters } from '../../src/types.js';
import { expectClose } from '../close.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

/** The same arithmetic, repeated. */
const SAME = 1e-13;

const [N, D, K] = [90, 2, 3];
const random = createRandom(6);
const truth = createMixture('full', K, D, random, 5);
const rows = drawRows(truth, N, random);
const start = { ...truth, means: truth.means.map((mean) => mean + random.normal()) };

const eStep: EStep = ({ parameters }) => {
  const twin = createTwin(parameters);
  for (let i = 0; i < N; i++) twin.add(rows, i * D, 1);
  return twin.statistics;
};
const moments = { totalWeight: N, ...computeMoments(rows, D) };
const family = familyOf('full');
const OPTIONS: EmOptions = {
  maxIter: 200,
  rule: createConvergenceRule('change', 0, N),
  objective: createObjective(0),
  family,
  floor: createCovarianceFloor(family.form, moments, 0),
  moments,
  regCovar: 0,
  equalWeights: false,
  findWorstRow: () => rows.slice(0, D),
  onIteration: () => undefined,
};
const logLikelihoodOf = (parameters: Parameters) => eStep(factorMixture(parameters))[0];
const from = (parameters: Parameters): EmStart => ({ kind: 'parameters', parameters });

describe('runEm', () => {
  it('returns the start after no iteration', () => {
    const run = runEm(from(start), eStep, { ...OPTIONS, maxIter: 0 });
    expect(run.parameters).toBe(start);
    expect(run).toMatchObject({ status: 'max-iter', nIterations: 0, trace: [] });
    expect(run.logLikelihood).toBe(logLikelihoodOf(start));
  });

  it('gives the log-likelihood of the parameters it returns, and those before every M-step', () => {
    for (const maxIter of [1, 2, 7]) {
      const run = runEm(from(start), eStep, { ...OPTIONS, maxIter });
      expect(run).toMatchObject({ status: 'max-iter', nIterations: maxIter });
      expect(run.trace).toHaveLength(maxIter);
      expect(run.trace[0]).toBe(logLikelihoodOf(start));
      expectClose([run.logLikelihood], [logLikelihoodOf(run.parameters)], SAME);
    }
  });

  it('stops when the rule says so', () => {
    const rule = createConvergenceRule('aitken', 1e-8, N);
    const run = runEm(from(start), eStep, { ...OPTIONS, rule });
    expect(run.status).toBe('converged');
    expect(run.trace).toHaveLength(run.nIterations);
    const further = runEm(from(run.parameters), eStep, { ...OPTIONS, maxIter: 100 });
    expect((further.logLikelihood - run.logLikelihood) / N).toBeLessThan(1e-8);
  });

  it('reports every iteration, including the last', () => {
    const seen: number[] = [];
    runEm(from(start), eStep, { ...OPTIONS, maxIter: 3, onIteration: (iteration) => seen.push(iteration) });
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('restarts an empty component at the row of lowest density', () => {
    const lost = { ...start, means: start.means.slice() };
    lost.means.set([1e6, 1e6], 2 * D);
    const run = runEm(from(lost), eStep, { ...OPTIONS, maxIter: 100 });
    expect(run.status).toBe('max-iter');
    expect(Math.min(...run.parameters.weights)).toBeGreaterThan(0.01);
    // The restarted mixture begins a new trace, which does not fall.
    run.trace.forEach((value, i, all) => {
      if (i > 0) expect(value).toBeGreaterThanOrEqual(all[i - 1] * (1 + SAME));
    });
  });

  it('gives up on a component that stays empty', () => {
    const nowhere = { ...start, means: start.means.slice() };
    nowhere.means.set([1e6, 1e6], 2 * D);
    const run = runEm(from(nowhere), eStep, { ...OPTIONS, findWorstRow: () => Float64Array.of(1e6, 1e6) });
    expect(run).toMatchObject({ status: 'degenerate', collapse: { component: 2, share: 0 } });
    expect(run.nIterations).toBeLessThan(10);
  });

  it('ends degenerate when a covariance is no longer positive definite', () => {
    // The second component's scatter is lost in the pass of iteration 1, so that the pass of iteration 2 cannot run.
    let passes = 0;
    const { scatters, scatterLength, length } = createStatisticsLayout(family.form, K, D);
    const failing: EStep = (mixture) => {
      const statistics = eStep(mixture).slice(0, length);
      if (passes++ === 1) statistics.fill(0, scatters + scatterLength, scatters + 2 * scatterLength);
      return statistics;
    };
    const run = runEm(from(start), failing, OPTIONS);
    expect(run).toMatchObject({ status: 'degenerate', collapse: { component: 1, iteration: 2 } });
    expectClose([run.logLikelihood], [logLikelihoodOf(run.parameters)], SAME);
  });

  it('ends degenerate if a component stays on the floor', () => {
    const run = runEm(from(start), eStep, { ...OPTIONS, floor: { liftInto: () => [0] } });
    expect(run).toMatchObject({ status: 'degenerate', collapse: { component: 0 } });
    expect(run.nIterations).toBeLessThan(50);
  });

  it('ends at once if the only component is on the floor', () => {
    let passes = 0;
    const counting: EStep = (mixture) => {
      passes++;
      return eStep(mixture);
    };
    const one = createMixture('full', 1, D, createRandom(2));
    const run = runEm(from(one), counting, { ...OPTIONS, floor: { liftInto: () => [0] } });
    expect(run).toMatchObject({ status: 'degenerate', collapse: { component: 0, share: 1 } });
    expect(passes).toBe(1);
  });

  it('goes on if a component leaves the floor', () => {
    let lifts = 5;
    const run = runEm(from(start), eStep, {
      ...OPTIONS,
      maxIter: 20,
      floor: { liftInto: () => (lifts-- > 0 ? [0] : []) },
    });
    expect(run.status).toBe('max-iter');
    expect(run.collapse).toBeUndefined();
  });
});
