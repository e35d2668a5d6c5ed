/** A run of EM taken up by another leader, from the states that the first one told of: the same bits. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, formOf } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import type { EmRun } from '../../src/em/run.js';
import type { EmSettings } from '../../src/em/settings.js';
import { lead } from '../../src/jobs/lead.js';
import type { EmLeadState, EmTask, LeadState, MovesTask } from '../../src/jobs/tasks.js';
import { createKernelCache, type KernelSource } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import { preparedLength } from '../../src/kernel/prepare.js';
import { createBlackboard, openBlackboard } from '../../src/parallel/blackboard.js';
import { Cancelled, type JobSpec, Yielding } from '../../src/parallel/job.js';
import { planShards } from '../../src/parallel/shards.js';
import type { CovarianceType, Parameters } from '../../src/types.js';
import { bitsOf } from '../close.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const kernels = createKernelCache(compileKernel());
const random = createRandom(6);

/** n rows from a mixture of k components in d dimensions, and their moments. */
function createData(n: number, d: number, k: number, spread: number) {
  const values = drawRows(createMixture('full', k, d, random, spread), n, random);
  const chunk = new Float64Array(new SharedArrayBuffer(8 * values.length));
  chunk.set(values);
  return {
    k,
    rows: { nSamples: n, nFeatures: d, chunkRows: n, chunks: [chunk] },
    moments: { totalWeight: n, ...computeMoments(values, d) },
  };
}

const FEW = createData(3000, 2, 4, 1.2);
/** So many that the curvature is measured on a part of them: an eighth has 150 for each of six numbers. */
const MANY = createData(7200, 1, 2, 1.4);

function createJob({ rows, k }: typeof FEW, covarianceType: CovarianceType, tracks: boolean): JobSpec {
  const { nSamples: n, nFeatures: d } = rows;
  const form = formOf(covarianceType);
  const { length } = createStatisticsLayout(form, k, d);
  const shape = {
    form: form.name,
    components: 'gaussian' as const,
    nComponents: k,
    nFeatures: d,
    withResponsibilities: tracks,
  };
  const previous = tracks ? new Float64Array(new SharedArrayBuffer(8 * n * k)) : undefined;
  const board = createBlackboard(planShards(n, d, length), 2, preparedLength(form.name, k, d), length);
  return { board, rows, shape, work: { kind: 'accumulate', previous } };
}

const taskOf = (
  { rows, moments, k }: typeof FEW,
  covarianceType: CovarianceType,
  convergence: EmSettings['convergence'],
  acceleration: EmSettings['acceleration'],
): EmTask => ({
  kind: 'em',
  shape: { covarianceType, nComponents: k, nFeatures: rows.nFeatures },
  start: { kind: 'random', init: 'random-rows', index: 0, seed: 3, sample: { rows, moments } },
  settings: {
    convergence,
    acceleration,
    tol: 1e-7,
    maxIter: 60,
    covarianceFloor: 1e-6,
    regCovar: 0,
    equalWeights: false,
  },
  moments,
  dataMoments: moments,
});

const RULES = ['aitken', 'change', 'responsibilities'] as const;
const CASES = [
  ...COVARIANCE_TYPES.flatMap((type) =>
    RULES.map((rule) => {
      const acceleration = rule === 'change' ? ('none' as const) : ('auto' as const);
      return { of: 'few rows', data: FEW, type, rule, acceleration };
    }),
  ),
  ...RULES.map((rule) => {
    return { of: 'many rows', data: MANY, type: 'full' as const, rule, acceleration: 'auto' as const };
  }),
];

describe.each(CASES)('$of, $type, $rule', ({ data, type, rule, acceleration }) => {
  const task = taskOf(data, type, rule, acceleration);
  const tracks = rule === 'responsibilities';

  it('goes on with a new board, from plain data', () => {
    const states: EmLeadState[] = [];
    const onState = (read: () => LeadState) => states.push(structuredClone(read()) as EmLeadState);
    const listener = { onProgress: () => undefined, onState };
    const whole = lead(kernels, createJob(data, type, tracks), task, undefined, listener) as EmRun;
    expect(states.length).toBeGreaterThan(5);
    const measures = states.some(({ from }) => from.kind === 'state' && from.state.partialPasses > 0);
    expect(measures).toBe(data === MANY);
    const silent = { onProgress: () => undefined, onState: () => undefined };
    // The first few, then every fifth: states after 0, 1 and more passes since the last point.
    for (const state of states.filter((_, i) => i < 3 || i % 5 === 0)) {
      const again = lead(kernels, createJob(data, type, tracks), task, state, silent);
      expect(bitsOf(again)).toBe(bitsOf(whole));
    }
  });

  it('goes on with the board as it was left, however often it is left', () => {
    const silent = { onProgress: () => undefined, onState: () => undefined };
    const whole = lead(kernels, createJob(data, type, tracks), task, undefined, silent);
    const job = createJob(data, type, tracks);
    const board = openBlackboard(job.board);
    let state: LeadState | undefined;
    let left = 0;
    for (;;) {
      let read: () => LeadState | undefined = () => state;
      // Told of at the beginning, at what was done before and after a new pass: then it is asked to yield.
      let passes = 0;
      const onState = (readState: () => LeadState) => {
        read = readState;
        if (++passes === 3) board.askToYield(true);
      };
      try {
        const result = lead(kernels, job, task, state, { onProgress: () => undefined, onState });
        expect(bitsOf(result)).toBe(bitsOf(whole));
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(Yielding);
        state = structuredClone(read());
        board.askToYield(false);
        left++;
      }
    }
    expect(left).toBeGreaterThan(3);
  });
});

describe('moves', () => {
  const silent = { onProgress: () => undefined, onState: () => undefined };
  const { moments, rows, k } = FEW;
  const solving = taskOf(FEW, 'full', 'aitken', 'auto');
  const end = lead(kernels, createJob(FEW, 'full', false), solving, undefined, silent) as EmRun;
  const { settings, dataMoments } = solving;
  const task: MovesTask = {
    ...{ kind: 'moves', solution: end.parameters, nComponents: k, seed: 1, most: 4, moments, dataMoments },
    settings: { ...settings, equalWeights: false },
  };
  /** Kernels that call back before every pass over a stretch with so many components. */
  const watch = (nComponents: number, onPass: (passes: number) => void): KernelSource => {
    let passes = 0;
    return (shape) => {
      const kernel = kernels(shape);
      if (shape.nComponents !== nComponents) return kernel;
      const accumulate: typeof kernel.accumulate = (...stretch) => {
        onPass(++passes);
        kernel.accumulate(...stretch);
      };
      return { ...kernel, accumulate };
    };
  };
  const propose = (job: JobSpec, source: KernelSource = kernels, of = task) =>
    lead(source, job, of, undefined, silent) as Parameters[];

  it('are start values of the same size, as many as are wanted', () => {
    const starts = propose(createJob(FEW, 'full', false));
    expect(starts.length).toBeGreaterThan(0);
    expect(starts.length).toBeLessThanOrEqual(4);
    for (const start of starts) {
      expect(start).toMatchObject({ covarianceType: 'full', nComponents: k, nFeatures: rows.nFeatures });
    }
  });

  it('have equal weights where the model has', () => {
    const equal = { ...task, settings: { ...settings, equalWeights: true } };
    for (const { weights } of propose(createJob(FEW, 'full', false), kernels, equal)) {
      expect([...weights]).toEqual(new Array(k).fill(1 / k));
    }
  });

  it('are found in one go: a leader that is asked to yield ends them first', () => {
    const expected = bitsOf(propose(createJob(FEW, 'full', false)));
    const job = createJob(FEW, 'full', false);
    openBlackboard(job.board).askToYield(true);
    expect(bitsOf(propose(job))).toBe(expected);
  });

  it('end soon when they are cancelled, at the latest after one local fit', () => {
    for (const [nComponents, at] of [
      [2, 1],
      [2, 60],
      [k, 3],
    ]) {
      const job = createJob(FEW, 'full', false);
      let last = 0;
      const cancelling = watch(nComponents, (passes) => {
        last = passes;
        if (passes === at) openBlackboard(job.board).cancel();
      });
      expect(() => propose(job, cancelling)).toThrow(Cancelled);
      // A local fit is a pass and twelve more.
      expect(last).toBeLessThanOrEqual(at + 12);
    }
  });
});
