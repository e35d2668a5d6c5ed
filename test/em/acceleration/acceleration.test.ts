/** Accelerated runs: what they may cost where nothing helps, and that a run can be taken up at any point. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import { LARGEST_CHANGE, LOG_LIKELIHOOD } from '../../../src/core/statistics.js';
import {
  chooseOneIn,
  createAccelerator,
  createAcceleratorState,
} from '../../../src/em/acceleration/acceleration.js';
import { createParameterVector } from '../../../src/em/acceleration/parameter-vector.js';
import { createConvergenceRule } from '../../../src/em/convergence.js';
import { createCovarianceFloor } from '../../../src/em/covariance-floor.js';
import { type EmOptions, type EmState, type EStep, runEm } from '../../../src/em/em.js';
import { mStep } from '../../../src/em/m-step.js';
import { ALL_ROWS, type RowPart } from '../../../src/rows/row-part.js';
import type { Convergence, CovarianceType, Parameters } from '../../../src/types.js';
import { createTwin } from '../../kernel/scalar-twin.js';
import { computeMoments } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

const [N, D, K] = [150, 2, 3];
const random = createRandom(8);
const truth = createMixture('full', K, D, random, 1.5);
const rows = drawRows(truth, N, random);
const start = { ...truth, means: truth.means.map((mean) => mean + random.normal()) };
const moments = { totalWeight: N, ...computeMoments(rows, D) };
const vectors = createParameterVector(truth, moments, false);

/** Variances of 9, those of all the data roughly. */
function wideCovariances(covarianceType: CovarianceType): Float64Array {
  const one = { full: [9, 0, 0, 9], tied: [9, 0, 0, 9], diag: [9, 9], spherical: [9] }[covarianceType];
  return Float64Array.from(
    Array(covarianceType === 'tied' ? 1 : K)
      .fill(one)
      .flat(),
  );
}

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
  return (parameters, { oneIn } = ALL_ROWS) => {
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
      // Before the state where the rule asks for an estimate, after it where it does not.
      const measures = (state: EmState) =>
        convergence === 'aitken' ? state.accelerator?.aim?.isMeasured : state.accelerator?.isToMeasure;
      expect(states.some(measures)).toBe(true);
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

  it.each(['full', 'tied', 'diag', 'spherical'] as const)(
    "goes on where the part has only rows of weight 0, '%s'",
    (covarianceType) => {
      const frame = { covarianceType, nComponents: K, nFeatures: D };
      const wide = { ...start, ...frame, covariances: wideCovariances(covarianceType) };
      const { length } = createTwin(wide).statistics;
      const options = createOptions('aitken', 1e-9);
      const withPart = (oneIn: number) => {
        const state = createAcceleratorState([], oneIn);
        const accelerator = createAccelerator(createParameterVector(frame, moments, false), state);
        const floor = createCovarianceFloor(covarianceType, moments, 1e-6);
        const eStep = createEStep(() => new Float64Array(length));
        return runEm(wide, eStep, {
          ...options,
          rule: createOptions('aitken', 1e-9).rule,
          floor,
          accelerator,
        });
      };
      const [none, part] = [withPart(1), withPart(4)];
      expect([none.status, part.status]).toEqual(['converged', 'converged']);
      expect(part.logLikelihood).toBe(none.logLikelihood);
      expect(part.nIterations).toBeGreaterThan(none.nIterations);
    },
  );

  it("measures only where the run goes on, and has passes left for all that it may take, rule 'change'", () => {
    const parts: number[] = [];
    const following: EStep = (parameters, { oneIn } = ALL_ROWS) => {
      parts.push(oneIn);
      return eStep(parameters);
    };
    let measured = 0;
    for (let maxIter = 5; maxIter < 100; maxIter++) {
      parts.length = 0;
      const run = runEm(start, following, { ...createOptions('change', 1e-9, 4), maxIter });
      measured += parts.includes(4) ? 1 : 0;
      expect(parts.at(-1)).toBe(1);
      // 31 looks of a quarter, and the step that they are for.
      const first = parts.indexOf(4);
      if (first >= 0) expect(maxIter - first + 1).toBeGreaterThanOrEqual(8);
      if (run.status === 'converged') break;
    }
    expect(measured).toBeGreaterThan(5);
  });

  it('measures each time on another part, till all have had their turn', () => {
    const options = createOptions('aitken', 0);
    const accelerator = createAccelerator(vectors, createAcceleratorState([], 4));
    const indices: number[] = [];
    const part = {
      map: (parameters: Parameters, { index }: RowPart) => {
        if (index !== indices.at(-1)) indices.push(index);
        return mStep(parameters, eStep(parameters), options);
      },
      passesLeft: () => 1000,
    };
    let parameters: Parameters = start;
    while (indices.length < 8) {
      const statistics = eStep(parameters);
      const image = mStep(parameters, statistics, options);
      accelerator.arrive(parameters, image, statistics[LOG_LIKELIHOOD] / N);
      accelerator.propose(part);
      parameters = image.parameters;
    }
    expect(indices).toEqual([0, 3, 2, 1, 0, 3, 2, 1]);
  });

  it('tells the rule of no change since a pass that was rejected', () => {
    const far = { ...truth, means: truth.means.map((mean) => mean + 100) };
    const bad = { ...vectors, fromVector: () => far };
    const changes: number[] = [];
    const { rule, ...options } = createOptions('responsibilities', 1e-300);
    const isConverged = (logLikelihood: number, largestChange: number) => {
      changes.push(largestChange);
      return rule.isConverged(logLikelihood, largestChange);
    };
    runEm(start, createEStep(), {
      ...options,
      maxIter: 100,
      rule: { ...rule, isConverged },
      accelerator: createAccelerator(bad),
    });
    // The steps just after bad proposals, and none of the others.
    expect(changes.filter((change) => change === Number.POSITIVE_INFINITY).length).toBeGreaterThan(5);
    expect(changes.filter((change) => change > 1 && change < Number.POSITIVE_INFINITY)).toEqual([]);
    expect(changes.filter((change) => change < 1).length).toBeGreaterThan(50);
  });

  it('ends with a ridge where exact EM does', () => {
    for (const regCovar of [1e-3, 0.1, 0.5]) {
      const { accelerator: _, ...plain } = { ...createOptions('aitken', 1e-12), regCovar, maxIter: 100_000 };
      const options = { ...createOptions('aitken', 1e-9), regCovar, maxIter: 3000 };
      const run = runEm(truth, createEStep(), options);
      const exact = runEm(truth, createEStep(), plain);
      expect([run.status, exact.status]).toEqual(['converged', 'converged']);
      expect(Math.abs(run.logLikelihood - exact.logLikelihood) / N).toBeLessThan(1e-6);
      run.parameters.means.forEach((mean, i) => {
        expect(Math.abs(mean - exact.parameters.means[i])).toBeLessThan(0.01);
      });
    }
  });

  it('takes no point for its higher log-likelihood that leads past the end of EM with a ridge', () => {
    const ridged = () => ({ ...createOptions('aitken', 1e-9), regCovar: 0.1, maxIter: 3000 });
    const best = runEm(truth, createEStep(), createOptions('aitken', 1e-9));
    const { accelerator: _, ...plain } = ridged();
    const exact = runEm(truth, createEStep(), plain);
    expect(best.logLikelihood).toBeGreaterThan(exact.logLikelihood + 1e-4 * N);
    const past = { ...vectors, fromVector: () => best.parameters };
    const run = runEm(truth, createEStep(), { ...ridged(), accelerator: createAccelerator(past) });
    expect(Math.abs(run.logLikelihood - exact.logLikelihood) / N).toBeLessThan(1e-6);
  });

  it('takes no point with a variance below the floor, even where the step from there has none', () => {
    const wide: Parameters = { ...start, covarianceType: 'diag', covariances: wideCovariances('diag') };
    const best = runEm(wide, createEStep(), { ...createOptions('aitken', 1e-9), accelerator: undefined });
    const relative = best.parameters.covariances.map((variance, i) => {
      return variance / moments.covariance[(i % D) * (D + 1)];
    });
    const narrower = best.parameters.covariances.map((variance) => 0.9 * variance);
    const low = {
      ...createParameterVector(wide, moments, false),
      fromVector: () => ({ ...best.parameters, covariances: narrower }),
    };
    for (const [fraction, isTaken] of [
      [0, true],
      [0.902 * Math.min(...relative), false],
    ] as const) {
      const floor = createCovarianceFloor('diag', moments, fraction);
      const ends = Array.from({ length: 40 }, (_, maxIter) => {
        const options = { ...createOptions('aitken', 0), floor, maxIter };
        return runEm(wide, createEStep(), { ...options, accelerator: createAccelerator(low) });
      });
      expect(ends.some(({ parameters }) => parameters.covariances === narrower)).toBe(isTaken);
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
