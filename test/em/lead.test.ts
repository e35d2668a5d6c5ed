/** A run of EM taken up by another leader, from the states that the first one told of: the same bits. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import type { EmRun } from '../../src/em/em.js';
import { type EmTask, type LeadState, lead } from '../../src/em/lead.js';
import { createKernelCache } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import { preparedLength } from '../../src/kernel/prepare.js';
import { createBlackboard, openBlackboard } from '../../src/parallel/blackboard.js';
import { type JobSpec, Yielding } from '../../src/parallel/job.js';
import { planShards } from '../../src/parallel/shards.js';
import { COVARIANCE_TYPES, type CovarianceType } from '../../src/types.js';
import { bitsOf } from '../close.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const [N, D, K] = [3000, 2, 4];
const kernels = createKernelCache(compileKernel());
const random = createRandom(6);
const values = drawRows(createMixture('full', K, D, random, 1.2), N, random);
const chunk = new Float64Array(new SharedArrayBuffer(8 * values.length));
chunk.set(values);
const rows = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [chunk] };
const moments = { totalWeight: N, ...computeMoments(values, D) };

function createJob(covarianceType: CovarianceType, tracks: boolean): JobSpec {
  const { length } = createStatisticsLayout(covarianceType, K, D);
  const plan = planShards(N, D, length);
  const shape = { covarianceType, nComponents: K, nFeatures: D, withResponsibilities: tracks };
  const previous = tracks ? new Float64Array(new SharedArrayBuffer(8 * N * K)) : undefined;
  const board = createBlackboard(plan, 2, preparedLength(covarianceType, K, D), length);
  return { board, rows, shape, work: { kind: 'accumulate', previous } };
}

const taskOf = (convergence: EmTask['convergence'], acceleration: EmTask['acceleration']): EmTask => ({
  kind: 'em',
  start: { init: 'random-rows', index: 0, seed: 3 },
  convergence,
  acceleration,
  tol: 1e-7,
  maxIter: 60,
  covarianceFloor: 1e-6,
  regCovar: 0,
  equalWeights: false,
  moments,
  dataMoments: moments,
});

const CASES = COVARIANCE_TYPES.flatMap((type) =>
  (['aitken', 'change', 'responsibilities'] as const).map((rule) => ({ type, rule })),
);

describe.each(CASES)('$type, $rule', ({ type, rule }) => {
  const task = taskOf(rule, rule === 'change' ? 'none' : 'auto');
  const tracks = rule === 'responsibilities';

  it('goes on with a new board, from plain data', () => {
    const states: LeadState[] = [];
    const onState = (read: () => LeadState) => states.push(structuredClone(read()));
    const listener = { onProgress: () => undefined, onState };
    const whole = lead(kernels, createJob(type, tracks), task, undefined, listener) as EmRun;
    expect(states.length).toBeGreaterThan(5);
    const silent = { onProgress: () => undefined, onState: () => undefined };
    // The first few, then every fifth: states after 0, 1 and more passes since the last point.
    for (const state of states.filter((_, i) => i < 3 || i % 5 === 0)) {
      const again = lead(kernels, createJob(type, tracks), task, state, silent);
      expect(bitsOf(again)).toBe(bitsOf(whole));
    }
  });

  it('goes on with the board as it was left, however often it is left', () => {
    const silent = { onProgress: () => undefined, onState: () => undefined };
    const whole = lead(kernels, createJob(type, tracks), task, undefined, silent);
    const job = createJob(type, tracks);
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
