/** The pool with workers that die on request: a job that cannot go on rejects, and all others go on. */

import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { runMoments } from '../../src/jobs/run-job.js';
import { compileKernel } from '../../src/kernel/module.js';
import { type Caller, Pool } from '../../src/parallel/pool.js';
import { bitsOf } from '../close.js';

const N = 300_000;
const random = createRandom(1);
const chunk = new Float64Array(new SharedArrayBuffer(8 * N)).map(() => random.normal());
const rows = { nSamples: N, nFeatures: 1, chunkRows: N, chunks: [chunk] };

let pool: Pool;
let caller: Caller;
const open = (threads: number) => {
  pool = new Pool(threads, new URL('./dying-worker.mjs', import.meta.url).href, {
    module: compileKernel(),
  });
  caller = pool.createCaller();
};
afterEach(() => pool.close(new Error('the test has ended')));

/** A job whose leader dies at once. */
const failing = (kind: string) =>
  caller.run({
    createJob: () => ({ ...specOf(), work: { kind: 'accumulate' } }),
    task: { kind },
    cost: 1,
    name: 'the test',
  });

/** The smallest job there is. */
function specOf() {
  const board = {
    memory: new SharedArrayBuffer(1024),
    nShards: 1,
    shardRows: 1,
    seats: 8,
    parameterLength: 1,
    statisticsLength: 1,
  };
  const shape = {
    form: 'full',
    components: 'gaussian',
    nComponents: 1,
    nFeatures: 1,
    withResponsibilities: false,
  } as const;
  return { board, rows, shape };
}

describe('a leader that dies', () => {
  it.each(['throw', 'exit'])(
    'twice is WORKER_FAILED, naming the job (%s), and the pool goes on',
    async (kind) => {
      open(2);
      await expect(failing(kind)).rejects.toMatchObject({
        name: 'GmmError',
        code: 'WORKER_FAILED',
        message: expect.stringMatching(/^the worker of the test failed 2 times, last with: /),
      });
      expect((await runMoments(caller, rows, undefined)).totalWeight).toBe(N);
    },
  );
});

describe('small jobs in turn on one thread', () => {
  const few = { ...rows, nSamples: 1000 };

  it.each(['throw', 'exit'])('are not lost with another one that fails (%s)', async (kind) => {
    open(1);
    const good = Array.from({ length: 8 }, () => runMoments(caller, few, undefined));
    const bad = failing(kind);
    good.push(...Array.from({ length: 8 }, () => runMoments(caller, few, undefined)));
    await expect(bad).rejects.toMatchObject({ code: 'WORKER_FAILED' });
    for (const { totalWeight } of await Promise.all(good)) expect(totalWeight).toBe(few.nSamples);
  });
});

describe('assistants that die', () => {
  it('change no bit of the result', async () => {
    open(4);
    const expected = bitsOf(await runMoments(caller, rows, undefined));
    const dying = { ...rows, dyingAssistants: true };
    for (let i = 0; i < 3; i++) expect(bitsOf(await runMoments(caller, dying, undefined))).toBe(expected);
  });
});

describe('jobs', () => {
  it('are run when there are more of them than threads', async () => {
    open(2);
    const results = await Promise.all(Array.from({ length: 20 }, () => runMoments(caller, rows, undefined)));
    expect(new Set(results.map((result) => bitsOf(result))).size).toBe(1);
  });

  it('that wait are rejected when they are aborted, and never run', async () => {
    open(1);
    const controller = new AbortController();
    const first = runMoments(caller, rows, undefined);
    const waiting = runMoments(caller, rows, controller.signal);
    controller.abort(new Error('never mind'));
    await expect(waiting).rejects.toThrow('never mind');
    expect((await first).totalWeight).toBe(N);
  });
});
