/** Who is asked to give up a thread, on boards without workers. */

import { describe, expect, it } from 'vitest';
import { createBlackboard, openBlackboard } from '../../src/parallel/blackboard.js';
import { FairQueue, SLICE_MS } from '../../src/parallel/fair-queue.js';
import type { JobSpec } from '../../src/parallel/job.js';
import { PoolJob } from '../../src/parallel/pool-job.js';
import { preempt } from '../../src/parallel/preemption.js';

const queue = new FairQueue<PoolJob>(() => 0);

/** A job that runs with assistants on these seats; `lead`: ms by which its caller is ahead. */
const start = (id: number, nAssistants: number, lead = 0) => {
  const createJob = (): JobSpec => ({
    board: createBlackboard({ nShards: 8, shardRows: 1 }, 8, 1, 1),
    rows: { nSamples: 8, nFeatures: 1, chunkRows: 8, chunks: [new Float64Array(8)] },
    shape: {
      form: 'full',
      components: 'gaussian',
      nComponents: 1,
      nFeatures: 1,
      withResponsibilities: false,
    },
    work: { kind: 'accumulate' },
  });
  const hooks = { resolve: () => undefined, reject: () => undefined, onAbort: () => undefined };
  const job = new PoolJob(id, queue.openAccount(), { createJob, task: {}, cost: 1, name: 'a test' }, hooks);
  const board = openBlackboard(job.start().job.board);
  for (let i = 0; i < nAssistants; i++) job.board?.seat();
  return { job, board, lead };
};

type Started = ReturnType<typeof start>;

const ask = (jobs: Started[], wanted: number) =>
  preempt(
    jobs.map(({ job }) => job),
    wanted,
    (job) => jobs.find((started) => started.job === job)?.lead ?? 0,
  );

const countLeaving = ({ board }: Started) =>
  [1, 2, 3, 4, 5, 6, 7].filter((seat) => board.seats.mustLeave(seat)).length;

describe('preemption', () => {
  it('asks as many assistants to leave as threads are wanted, and no leader if they suffice', () => {
    const jobs = [start(1, 2, 10 * SLICE_MS), start(2, 3, 10 * SLICE_MS)];
    ask(jobs, 3);
    expect(jobs.map(countLeaving)).toEqual([2, 1]);
    // Those asked before count.
    ask(jobs, 3);
    expect(jobs.map(countLeaving)).toEqual([2, 1]);
    ask(jobs, 4);
    expect(jobs.map(countLeaving)).toEqual([2, 2]);
    expect(jobs.some(({ board }) => board.mustYield())).toBe(false);
  });

  it('asks the leaders of the callers that are furthest ahead, if by more than a slice', () => {
    const jobs = [start(1, 0, 2 * SLICE_MS), start(2, 0, 5 * SLICE_MS), start(3, 0, SLICE_MS)];
    const yielding = () => jobs.map(({ board }) => board.mustYield());
    ask(jobs, 1);
    expect(yielding()).toEqual([false, true, false]);
    ask(jobs, 1);
    expect(yielding()).toEqual([false, true, false]);
    ask(jobs, 3);
    expect(yielding()).toEqual([true, true, false]);
  });

  it('asks the assistants of a leader that yields to leave, too', () => {
    const [ahead, behind] = [start(1, 1, 2 * SLICE_MS), start(2, 0)];
    ask([ahead, behind], 2);
    expect(ahead.board.mustYield()).toBe(true);
    expect(countLeaving(ahead)).toBe(1);
    expect(behind.board.mustYield()).toBe(false);
  });

  it('is over when the next leader begins', () => {
    const started = start(1, 0, 2 * SLICE_MS);
    ask([started], 1);
    started.job.start();
    expect(started.board.mustYield()).toBe(false);
    expect(started.job.board?.isYielding).toBe(false);
  });
});
