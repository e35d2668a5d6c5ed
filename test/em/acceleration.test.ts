/** Accelerated runs: what they may cost where nothing helps, and that a run can be taken up at any point. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { LARGEST_CHANGE } from '../../src/core/statistics.js';
import { chooseOneIn, createAccelerator, createAcceleratorState } from '../../src/em/acceleration.js';
import { createConvergenceRule } from '../../src/em/convergence.js';
import { createCovarianceFloor } from '../../src/em/covariance-floor.js';
import { type EmOptions, type EmState, type EStep, runEm } from '../../src/em/em.js';
import { createParameterVector } from '../../src/em/parameter-vector.js';
import type { Convergence, Parameters } from '../../src/types.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const [N, D, K] = [150, 2, 3];
const random = createRandom(8);
const truth = createMixture('full', K, D, random, 1.5);
const rows = drawRows(truth, N, random);
const start = { ...truth, means: truth.means.map((mean) => mean + random.normal()) };
const moments = { totalWeight: N, ...computeMoments(rows, D) };
const vectors = createParameterVector(truth, moments, false);

/** Statistics of all rows. */
function eStep(parameters: Parameters): Float64Array {
  const twin = createTwin(parameters);
  for (let i = 0; i < N; i++) twin.add(rows, i * D, 1);
  return twin.statistics;
}

/**
 * With the largest change of a responsibility since the pass before, as the kernel keeps it.
 *
 * @param part - statistics of a part of the rows; default: the part is all rows
 */
function createEStep(part: EStep = eStep): EStep {
  let previous: Float64Array | undefined;
  return (parameters, oneIn = 1) => {
    if (oneIn > 1) return part(parameters);
    const twin = createTwin(parameters);
    const responsibilities = new Float64Array(N * K);
    let largestChange = 0;
    for (let i = 0; i < N; i++) responsibilities.set(twin.add(rows, i * D, 1).responsibilities, i * K);
    if (previous) {
      for (let i = 0; i < N * K; i++) {
        largestChange = Math.max(largestChange, Math.abs(responsibilities[i] - previous[i]));
      }
    }
    previous = responsibilities;
    const statistics = twin.statistics.slice();
    statistics[LARGEST_CHANGE] = largestChange;
    return statistics;
  };
}

/** @param of - where a run is that goes on, or one row in how many the curvature is measured on */
function createOptions(convergence: Convergence, tol: number, of: EmState | number = 1): EmOptions {
  const state = typeof of === 'number' ? undefined : of;
  const oneIn = typeof of === 'number' ? of : 1;
  return {
    maxIter: 400,
    rule: createConvergenceRule(convergence, tol, N, state?.rule),
    accelerator: createAccelerator(vectors, state?.accelerator ?? createAcceleratorState([], oneIn)),
    floor: createCovarianceFloor('full', moments, 0),
    moments,
    regCovar: 0,
    equalWeights: false,
    findWorstRow: () => rows.slice(0, D),
    onIteration: () => undefined,
  };
}

describe('chooseOneIn', () => {
  it('is the smallest part with 140 rows a number, from a sixteenth to a quarter', () => {
    expect([1400, 5599, 5600, 11_199, 11_200, 22_399, 22_400, 1e9].map((n) => chooseOneIn(n, 10))).toEqual([
      1, 1, 4, 4, 8, 8, 16, 16,
    ]);
  });
});

describe('an accelerated run', () => {
  it.each([
    ['aitken', 1e-9],
    ['change', 1e-9],
    ['responsibilities', 1e-6],
  ] as const)("that is taken up at any point ends with the same bits, rule '%s'", (convergence, tol) => {
    const states: EmState[] = [];
    const onState = (state: EmState) => void states.push(structuredClone(state));
    const whole = runEm(start, createEStep(), { ...createOptions(convergence, tol), onState });
    expect(whole.status).toBe('converged');
    expect(states.length).toBeGreaterThan(10);
    for (const state of states) {
      const rest = runEm(state, createEStep(), createOptions(convergence, tol, structuredClone(state)));
      expect(rest).toEqual(whole);
    }
  });

  it.each(['aitken', 'change'] as const)(
    "that measures the curvature and is taken up at any point ends with the same bits, rule '%s'",
    (convergence) => {
      const states: EmState[] = [];
      const onState = (state: EmState) => void states.push(structuredClone(state));
      const options = createOptions(convergence, 1e-9, 8);
      const whole = runEm(start, createEStep(), { ...options, onState });
      expect(whole.status).toBe('converged');
      expect(states.some(({ accelerator }) => accelerator?.aim?.isMeasured)).toBe(true);
      for (const state of states) {
        const again = createOptions(convergence, 1e-9, structuredClone(state));
        expect(runEm(state, createEStep(), again)).toEqual(whole);
      }
    },
  );

  it('takes a few measured steps to the last digits, and counts what they look at', () => {
    let looks = 0;
    const counted: EStep = (parameters) => {
      looks++;
      return eStep(parameters);
    };
    const near = runEm(start, createEStep(), createOptions('aitken', 1e-4));
    const remembered = runEm(near.parameters, createEStep(), createOptions('aitken', 1e-13));
    const options = createOptions('aitken', 1e-13, 16);
    const measured = runEm(near.parameters, createEStep(counted), options);
    expect(measured.status).toBe('converged');
    expect(Math.abs(measured.logLikelihood - remembered.logLikelihood)).toBeLessThan(1e-9);
    expect(measured.nIterations).toBeLessThan(remembered.nIterations);
    const passes = measured.logLikelihoods.length;
    expect(measured.nIterations).toBeGreaterThanOrEqual(passes + Math.ceil(looks / 16));
  });

  it.each(['aitken', 'change'] as const)(
    "comes to the top, never falls, where the part misleads, rule '%s'",
    (convergence) => {
      // The curvature of other rows.
      const others = drawRows(truth, N, random).map((value) => 3 * value);
      const misleading: EStep = (parameters) => {
        const twin = createTwin(parameters);
        for (let i = 0; i < N; i++) twin.add(others, i * D, 1);
        return twin.statistics;
      };
      const run = runEm(start, createEStep(misleading), createOptions(convergence, 1e-10, 16));
      run.logLikelihoods.forEach((value, i) => {
        if (i > 0) expect(value).toBeGreaterThanOrEqual(run.logLikelihoods[i - 1]);
      });
      const remembered = runEm(start, createEStep(), createOptions(convergence, 1e-10));
      expect(Math.abs(run.logLikelihood - remembered.logLikelihood)).toBeLessThan(1e-6);
      expect(run.nIterations).toBeLessThan(2 * remembered.nIterations);
    },
  );

  it('stays within maxIter where it measures', () => {
    for (let maxIter = 0; maxIter < 60; maxIter++) {
      const run = runEm(start, createEStep(), { ...createOptions('aitken', 0, 4), maxIter });
      expect(run.nIterations).toBeLessThanOrEqual(maxIter);
      expect(run.status).toBe('max-iter');
    }
  });

  it('costs a quarter more passes than plain EM at most, in the long run, where every proposal is bad', () => {
    const far = { ...truth, means: truth.means.map((mean) => mean + 100) };
    const bad = { ...vectors, fromVector: () => far };
    const options = { ...createOptions('aitken', 0), maxIter: 1000 };
    const run = runEm(start, createEStep(), { ...options, accelerator: createAccelerator(bad) });
    const plainSteps = run.logLikelihoods.length;
    expect(run.nIterations).toBe(1000);
    // 1, 2 and 4 plain steps to two bad passes at first, 8 ever after.
    expect(run.nIterations).toBeLessThan(1.25 * plainSteps + 5);
  });

  it('from near the top never falls, and ends where EM ends', () => {
    const run = runEm(truth, createEStep(), createOptions('aitken', 1e-10));
    run.logLikelihoods.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThanOrEqual(run.logLikelihoods[i - 1]);
    });
    const { accelerator: _, ...plain } = createOptions('aitken', 1e-10);
    const exact = runEm(truth, createEStep(), { ...plain, maxIter: 5000 });
    expect(Math.abs(run.logLikelihood - exact.logLikelihood)).toBeLessThan(1e-6);
    expect(run.nIterations).toBeLessThan(exact.nIterations / 2);
  });
});
