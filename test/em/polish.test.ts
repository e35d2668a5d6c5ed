/** Polishing a run's end, with the kernel, in this thread. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, formOf } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import type { EmRun } from '../../src/em/run.js';
import { lead } from '../../src/jobs/lead.js';
import type { EmTask, LeadState } from '../../src/jobs/tasks.js';
import { createKernelCache } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import { preparedLength } from '../../src/kernel/prepare.js';
import { createBlackboard } from '../../src/parallel/blackboard.js';
import type { JobSpec } from '../../src/parallel/job.js';
import { planShards } from '../../src/parallel/shards.js';
import type { CovarianceType, Parameters } from '../../src/types.js';
import { bitsOf } from '../close.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const TOL = 1e-6;
/** Passes that the earlier run is said to have taken: with many, the whole Hessian is cheap. */
const FEW_PASSES = 4;
const MANY_PASSES = 400;

const kernels = createKernelCache(compileKernel());
const random = createRandom(8);
const [N, D, K] = [400, 2, 3];
const values = drawRows(createMixture('full', K, D, random, 1.6), N, random);
const chunk = new Float64Array(new SharedArrayBuffer(8 * values.length));
chunk.set(values);
const rows = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [chunk] };
const moments = { totalWeight: N, ...computeMoments(values, D) };

function createJob(covarianceType: CovarianceType, k: number): JobSpec {
  const form = formOf(covarianceType);
  const { length } = createStatisticsLayout(form, k, D);
  const shape = {
    form: form.name,
    components: 'gaussian' as const,
    nComponents: k,
    nFeatures: D,
    withResponsibilities: false,
  };
  const board = createBlackboard(planShards(N, D, length), 2, preparedLength(form.name, k, D), length);
  return { board, rows, shape, work: { kind: 'accumulate' } };
}

interface Run {
  readonly polishesAfter?: number;
  readonly tol?: number;
  readonly maxIter?: number;
  readonly acceleration?: 'none' | 'auto';
  readonly state?: LeadState;
  readonly onState?: (read: () => LeadState) => void;
}

function run(from: Parameters, { state, onState, ...options }: Run): EmRun {
  const { tol = TOL, maxIter = 1000, acceleration = 'auto', polishesAfter } = options;
  const { covarianceType, nComponents } = from;
  const settings = {
    convergence: 'aitken',
    tol,
    maxIter,
    acceleration,
    covarianceFloor: 1e-6,
    regCovar: 0,
    equalWeights: false,
  } as const;
  const shape = { covarianceType, nComponents, nFeatures: D };
  const start = { kind: 'parameters', parameters: from } as const;
  const task: EmTask = { kind: 'em', shape, start, settings, polishesAfter, moments, dataMoments: moments };
  const listener = { onProgress: () => undefined, onState: onState ?? (() => undefined) };
  return lead(kernels, createJob(covarianceType, nComponents), task, state, listener) as EmRun;
}

/** Gain for each row of plain EM from a run's end. */
function leftAfter({ parameters, logLikelihood }: EmRun): number {
  const further = run(parameters, { tol: 0, maxIter: 5000, acceleration: 'none' });
  return (further.logLikelihood - logLikelihood) / N;
}

/** A run that stopped too early. */
function stopEarly(covarianceType: CovarianceType): EmRun {
  return run(createMixture(covarianceType, K, D, createRandom(2), 1.6), {
    maxIter: 12,
    acceleration: 'none',
  });
}

/** Two components that are equal: EM stays there, and moving them apart raises the likelihood of these rows. */
function createSaddle(covarianceType: CovarianceType): Parameters {
  const means = new Float64Array(2 * D).map((_, i) => moments.mean[i % D]);
  const one = formOf(covarianceType).fromMatrix(moments.covariance, D);
  const isShared = covarianceType === 'tied';
  const covariances = isShared ? one : Float64Array.of(...one, ...one);
  return {
    covarianceType,
    nComponents: 2,
    nFeatures: D,
    weights: Float64Array.of(0.5, 0.5),
    means,
    covariances,
  };
}

describe.each(COVARIANCE_TYPES)("polishing, '%s'", (type) => {
  it.each([FEW_PASSES, MANY_PASSES])('goes on to a true end, after %d passes', (polishesAfter) => {
    const early = stopEarly(type);
    expect(leftAfter(early)).toBeGreaterThan(TOL);
    const polished = run(early.parameters, { polishesAfter });
    expect(polished.status).toBe('converged');
    expect(polished.trace[0]).toBe(early.logLikelihood);
    expect(leftAfter(polished)).toBeLessThan(TOL / 10);
    const trace = [...polished.trace, polished.logLikelihood];
    for (let i = 1; i < trace.length; i++) expect(trace[i]).toBeGreaterThanOrEqual(trace[i - 1]);
  });

  it('is soon done at a maximum', () => {
    const end = run(stopEarly(type).parameters, { polishesAfter: MANY_PASSES });
    const again = run(end.parameters, { polishesAfter: FEW_PASSES });
    expect(again.status).toBe('converged');
    expect(again.nIterations).toBeLessThan(32);
    expect(again.logLikelihood).toBeGreaterThanOrEqual(end.logLikelihood);
  });

  it('stays within maxIter, and leaves an end as it is with too few passes to measure', () => {
    const early = stopEarly(type);
    for (const maxIter of [1, 20, 40, 45, 60]) {
      const polished = run(early.parameters, { polishesAfter: FEW_PASSES, maxIter });
      expect(polished.nIterations).toBeLessThanOrEqual(maxIter);
      if (maxIter > 30) continue;
      expect(polished).toMatchObject({ status: 'converged', nIterations: 0 });
      expect(polished.parameters).toEqual(early.parameters);
    }
  });

  it('ends with the same bits when it is resumed at any state', () => {
    const from = type === 'tied' ? stopEarly(type).parameters : createSaddle(type);
    const states: LeadState[] = [];
    const onState = (read: () => LeadState) => void states.push(structuredClone(read()));
    const whole = run(from, { polishesAfter: MANY_PASSES, onState });
    expect(states.some(({ from: { kind }, passes }) => kind === 'parameters' && passes.length > 5)).toBe(
      true,
    );
    for (const state of states.filter((_, i) => i % 7 === 0)) {
      expect(bitsOf(run(from, { polishesAfter: MANY_PASSES, state }))).toBe(bitsOf(whole));
    }
  });
});

// With one covariance for both components the likelihood is flat at this point, to the third order.
describe.each(['full', 'diag', 'spherical'] as const)("a saddle where the gradient is 0, '%s'", (type) => {
  it('keeps EM, and not polishing', () => {
    const saddle = createSaddle(type);
    const stays = run(saddle, {});
    expect(stays.status).toBe('converged');
    const polished = run(saddle, { polishesAfter: MANY_PASSES });
    expect(polished.status).toBe('converged');
    expect((polished.logLikelihood - stays.logLikelihood) / N).toBeGreaterThan(100 * TOL);
    expect(leftAfter(polished)).toBeLessThan(TOL);
  });
});
