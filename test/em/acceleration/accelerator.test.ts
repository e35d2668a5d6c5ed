/** Accelerated runs: their cost if no proposal helps, and resumption at any point. */

import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import { covarianceLength } from '../../../src/core/covariance/form.js';
import { type FactoredMixture, factorMixture } from '../../../src/core/factored-mixture.js';
import { createRandom } from '../../../src/core/random.js';
import { LARGEST_CHANGE, LOG_LIKELIHOOD } from '../../../src/core/statistics.js';
import { Accelerator } from '../../../src/em/acceleration/accelerator.js';
import { chooseOneIn, createAcceleratorState } from '../../../src/em/acceleration/accelerator-state.js';
import { ParameterVector } from '../../../src/em/acceleration/parameter-vector.js';
import { createConvergenceRule } from '../../../src/em/convergence.js';
import { runEm } from '../../../src/em/em.js';
import { mStep } from '../../../src/em/m-step.js';
import { createObjective } from '../../../src/em/objective.js';
import type { EmOptions, EmStart, EmState, EStep } from '../../../src/em/run.js';
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
const shape = { nComponents: K, nFeatures: D };
const family = familyOf('full');
const vectors = new ParameterVector({ family, ...shape, moments, equalWeights: false });

const from = (parameters: Parameters): EmStart => ({ kind: 'parameters', parameters });
const goOn = (state: EmState): EmStart => ({ kind: 'state', state });

/** Vectors that all stand for one mixture. */
function createStuckVectors(of: ParameterVector, parameters: Parameters) {
  return {
    toPoint: (...args: globalThis.Parameters<ParameterVector['toPoint']>) => of.toPoint(...args),
    fromVector: () => parameters,
  };
}

/** Variances of 9, roughly those of the data. */
function wideCovariances(covarianceType: CovarianceType): Float64Array {
  const { form } = familyOf(covarianceType);
  const one = form.fromMatrix(Float64Array.of(9, 0, 0, 9), D);
  return Float64Array.from({ length: covarianceLength(form, K, D) }, (_, i) => one[i % one.length]);
}

/** Statistics of all rows. */
function eStep({ parameters }: FactoredMixture): Float64Array {
  const twin = createTwin(parameters);
  for (let i = 0; i < N; i++) twin.add(rows, i * D, 1);
  return twin.statistics;
}

/**
 * An E-step that also records the largest change of a responsibility since the previous pass, as the kernel does.
 *
 * @param part - statistics of a part of the rows; default: of all rows
 */
function createEStep(part: EStep = eStep): EStep {
  let previous: Float64Array | undefined;
  return (mixture, { oneIn } = ALL_ROWS) => {
    if (oneIn > 1) return part(mixture);
    const twin = createTwin(mixture.parameters);
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

/** @param of - the state of a run to resume; or m, to measure the curvature on one row in m */
function createOptions(convergence: Convergence, tol: number, of: EmState | number = 1): EmOptions {
  const state = typeof of === 'number' ? undefined : of;
  const oneIn = typeof of === 'number' ? of : 1;
  return {
    maxIter: 400,
    rule: createConvergenceRule(convergence, tol, N, state?.rule),
    accelerator: new Accelerator(vectors, state?.accelerator ?? createAcceleratorState([], oneIn)),
    objective: createObjective(0),
    family,
    floor: createCovarianceFloor(family.form, moments, 0),
    moments,
    regCovar: 0,
    equalWeights: false,
    findWorstRow: () => rows.slice(0, D),
    onIteration: () => undefined,
  };
}

describe('chooseOneIn', () => {
  it('is the smallest part with 140 rows per free parameter, from a sixteenth to a quarter', () => {
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
  ] as const)("ends with the same bits when it is resumed at any point, rule '%s'", (convergence, tol) => {
    const states: EmState[] = [];
    const onState = (state: EmState) => void states.push(structuredClone(state));
    const whole = runEm(from(start), createEStep(), { ...createOptions(convergence, tol), onState });
    expect(whole.status).toBe('converged');
    expect(states.length).toBeGreaterThan(10);
    for (const state of states) {
      const rest = runEm(goOn(state), createEStep(), createOptions(convergence, tol, structuredClone(state)));
      expect(rest).toEqual(whole);
    }
  });

  it.each(['aitken', 'change'] as const)(
    "with measured curvature ends with the same bits when it is resumed at any point, rule '%s'",
    (convergence) => {
      const states: EmState[] = [];
      const onState = (state: EmState) => void states.push(structuredClone(state));
      const options = createOptions(convergence, 1e-9, 8);
      const whole = runEm(from(start), createEStep(), { ...options, onState });
      expect(whole.status).toBe('converged');
      // 'aitken' measures before the state is saved, 'change' after it.
      const measures = (state: EmState) =>
        convergence === 'aitken' ? state.accelerator?.aim?.isMeasured : state.accelerator?.isToMeasure;
      expect(states.some(measures)).toBe(true);
      for (const state of states) {
        const again = createOptions(convergence, 1e-9, structuredClone(state));
        expect(runEm(goOn(state), createEStep(), again)).toEqual(whole);
      }
    },
  );

  it('reaches the last digits in a few measured steps, and counts their passes', () => {
    let looks = 0;
    const counted: EStep = (mixture) => {
      looks++;
      return eStep(mixture);
    };
    const near = runEm(from(start), createEStep(), createOptions('aitken', 1e-4));
    const remembered = runEm(from(near.parameters), createEStep(), createOptions('aitken', 1e-13));
    const options = createOptions('aitken', 1e-13, 16);
    const measured = runEm(from(near.parameters), createEStep(counted), options);
    expect(measured.status).toBe('converged');
    expect(Math.abs(measured.logLikelihood - remembered.logLikelihood)).toBeLessThan(1e-9);
    expect(measured.nIterations).toBeLessThan(remembered.nIterations);
    const passes = measured.trace.length;
    expect(measured.nIterations).toBeGreaterThanOrEqual(passes + Math.ceil(looks / 16));
  });

  it.each(['aitken', 'change'] as const)(
    "reaches the maximum and never falls, even if the part misleads, rule '%s'",
    (convergence) => {
      // The part has the curvature of other rows.
      const others = drawRows(truth, N, random).map((value) => 3 * value);
      const misleading: EStep = ({ parameters }) => {
        const twin = createTwin(parameters);
        for (let i = 0; i < N; i++) twin.add(others, i * D, 1);
        return twin.statistics;
      };
      const run = runEm(from(start), createEStep(misleading), createOptions(convergence, 1e-10, 16));
      run.trace.forEach((value, i) => {
        if (i > 0) expect(value).toBeGreaterThanOrEqual(run.trace[i - 1]);
      });
      const remembered = runEm(from(start), createEStep(), createOptions(convergence, 1e-10));
      expect(Math.abs(run.logLikelihood - remembered.logLikelihood)).toBeLessThan(1e-6);
      expect(run.nIterations).toBeLessThan(2 * remembered.nIterations);
    },
  );

  it('stays within maxIter while it measures', () => {
    for (let maxIter = 0; maxIter < 60; maxIter++) {
      const run = runEm(from(start), createEStep(), { ...createOptions('aitken', 0, 4), maxIter });
      expect(run.nIterations).toBeLessThanOrEqual(maxIter);
      expect(run.status).toBe('max-iter');
    }
  });

  it.each(['full', 'tied', 'diag', 'spherical'] as const)(
    "goes on if the part has only rows of weight 0, '%s'",
    (covarianceType) => {
      const frame = { covarianceType, ...shape };
      const wide = { ...start, ...frame, covariances: wideCovariances(covarianceType) };
      const { length } = createTwin(wide).statistics;
      const options = createOptions('aitken', 1e-9);
      const withPart = (oneIn: number) => {
        const state = createAcceleratorState([], oneIn);
        const family = familyOf(covarianceType);
        const vectors = new ParameterVector({ family, ...shape, moments, equalWeights: false });
        const accelerator = new Accelerator(vectors, state);
        const floor = createCovarianceFloor(family.form, moments, 1e-6);
        const eStep = createEStep(() => new Float64Array(length));
        return runEm(from(wide), eStep, {
          ...options,
          rule: createOptions('aitken', 1e-9).rule,
          family,
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

  it("measures only if the run goes on and has enough passes left, rule 'change'", () => {
    const parts: number[] = [];
    const following: EStep = (mixture, { oneIn } = ALL_ROWS) => {
      parts.push(oneIn);
      return eStep(mixture);
    };
    let measured = 0;
    for (let maxIter = 5; maxIter < 100; maxIter++) {
      parts.length = 0;
      const run = runEm(from(start), following, { ...createOptions('change', 1e-9, 4), maxIter });
      measured += parts.includes(4) ? 1 : 0;
      expect(parts.at(-1)).toBe(1);
      // 31 products on a quarter of the rows, and the step that uses them.
      const first = parts.indexOf(4);
      if (first >= 0) expect(maxIter - first + 1).toBeGreaterThanOrEqual(8);
      if (run.status === 'converged') break;
    }
    expect(measured).toBeGreaterThan(5);
  });

  it('measures on each part in turn', () => {
    const options = createOptions('aitken', 0);
    const accelerator = new Accelerator(vectors, createAcceleratorState([], 4));
    const indices: number[] = [];
    const part = {
      step: (parameters: Parameters, { index }: RowPart) => {
        if (index !== indices.at(-1)) indices.push(index);
        const mixture = factorMixture(parameters);
        return { mixture, image: mStep(parameters, eStep(mixture), options) };
      },
      passesLeft: () => 1000,
    };
    let mixture = factorMixture(start);
    while (indices.length < 8) {
      const statistics = eStep(mixture);
      const image = mStep(mixture.parameters, statistics, options);
      accelerator.arrive(mixture, image, statistics[LOG_LIKELIHOOD] / N);
      accelerator.propose(part);
      mixture = image.mixture;
    }
    expect(indices).toEqual([0, 3, 2, 1, 0, 3, 2, 1]);
  });

  it('reports an infinite change to the rule after a rejected pass', () => {
    const far = { ...truth, means: truth.means.map((mean) => mean + 100) };
    const bad = createStuckVectors(vectors, far);
    const changes: number[] = [];
    const { rule, ...options } = createOptions('responsibilities', 1e-300);
    const isConverged = (logLikelihood: number, largestChange: number) => {
      changes.push(largestChange);
      return rule.isConverged(logLikelihood, largestChange);
    };
    runEm(from(start), createEStep(), {
      ...options,
      maxIter: 100,
      rule: { ...rule, isConverged },
      accelerator: new Accelerator(bad),
    });
    // Infinite only just after bad proposals.
    expect(changes.filter((change) => change === Number.POSITIVE_INFINITY).length).toBeGreaterThan(5);
    expect(changes.filter((change) => change > 1 && change < Number.POSITIVE_INFINITY)).toEqual([]);
    expect(changes.filter((change) => change < 1).length).toBeGreaterThan(50);
  });

  it('ends at the same point as exact EM with a ridge', () => {
    for (const regCovar of [1e-3, 0.1, 0.5]) {
      const ridge = { regCovar, objective: createObjective(regCovar) };
      const { accelerator: _, ...plain } = { ...createOptions('aitken', 1e-12), ...ridge, maxIter: 100_000 };
      const options = { ...createOptions('aitken', 1e-9), ...ridge, maxIter: 3000 };
      const run = runEm(from(truth), createEStep(), options);
      const exact = runEm(from(truth), createEStep(), plain);
      expect([run.status, exact.status]).toEqual(['converged', 'converged']);
      expect(Math.abs(run.logLikelihood - exact.logLikelihood) / N).toBeLessThan(1e-6);
      run.parameters.means.forEach((mean, i) => {
        expect(Math.abs(mean - exact.parameters.means[i])).toBeLessThan(0.01);
      });
    }
  });

  it('takes no point for its higher log-likelihood that leads past the end of EM with a ridge', () => {
    const objective = createObjective(0.1);
    const ridged = () => ({ ...createOptions('aitken', 1e-9), regCovar: 0.1, objective, maxIter: 3000 });
    const best = runEm(from(truth), createEStep(), createOptions('aitken', 1e-9));
    const { accelerator: _, ...plain } = ridged();
    const exact = runEm(from(truth), createEStep(), plain);
    expect(best.logLikelihood).toBeGreaterThan(exact.logLikelihood + 1e-4 * N);
    const past = createStuckVectors(vectors, best.parameters);
    const run = runEm(from(truth), createEStep(), { ...ridged(), accelerator: new Accelerator(past) });
    expect(Math.abs(run.logLikelihood - exact.logLikelihood) / N).toBeLessThan(1e-6);
  });

  it('rejects a point with a variance below the floor, even if the next step has none', () => {
    const wide: Parameters = { ...start, covarianceType: 'diag', covariances: wideCovariances('diag') };
    const family = familyOf('diag');
    const plain = { ...createOptions('aitken', 1e-9), family, accelerator: undefined };
    const best = runEm(from(wide), createEStep(), plain);
    const relative = best.parameters.covariances.map((variance, i) => {
      return variance / moments.covariance[(i % D) * (D + 1)];
    });
    const narrower = best.parameters.covariances.map((variance) => 0.9 * variance);
    const vectors = new ParameterVector({ family, ...shape, moments, equalWeights: false });
    const low = createStuckVectors(vectors, { ...best.parameters, covariances: narrower });
    for (const [fraction, isTaken] of [
      [0, true],
      [0.902 * Math.min(...relative), false],
    ] as const) {
      const floor = createCovarianceFloor(family.form, moments, fraction);
      const ends = Array.from({ length: 40 }, (_, maxIter) => {
        const options = { ...createOptions('aitken', 0), family, floor, maxIter };
        return runEm(from(wide), createEStep(), { ...options, accelerator: new Accelerator(low) });
      });
      expect(ends.some(({ parameters }) => parameters.covariances === narrower)).toBe(isTaken);
    }
  });

  it('costs at most a quarter more passes than plain EM in the long run, if every proposal is bad', () => {
    const far = { ...truth, means: truth.means.map((mean) => mean + 100) };
    const bad = createStuckVectors(vectors, far);
    const options = { ...createOptions('aitken', 0), maxIter: 1000 };
    const run = runEm(from(start), createEStep(), { ...options, accelerator: new Accelerator(bad) });
    const plainSteps = run.trace.length;
    expect(run.nIterations).toBe(1000);
    // Two bad passes cost first 1, then 2, then 4 plain steps, and 8 from then on.
    expect(run.nIterations).toBeLessThan(1.25 * plainSteps + 5);
  });

  it('from near the top never falls, and ends where EM ends', () => {
    const run = runEm(from(truth), createEStep(), createOptions('aitken', 1e-10));
    run.trace.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThanOrEqual(run.trace[i - 1]);
    });
    const { accelerator: _, ...plain } = createOptions('aitken', 1e-10);
    const exact = runEm(from(truth), createEStep(), { ...plain, maxIter: 5000 });
    expect(Math.abs(run.logLikelihood - exact.logLikelihood)).toBeLessThan(1e-6);
    expect(run.nIterations).toBeLessThan(exact.nIterations / 2);
  });
});
