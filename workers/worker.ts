/**
 * The worker threads' entry: a leader's or an assistant's task, one at a time.
 *
 * What is foreseen (the caller wants no more, the thread is wanted) comes back as plain data: an error would lose its
 * class on the way.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { type LeadState, type LeadTask, lead as leadJob } from '../src/jobs/lead.js';
import { createKernelCache } from '../src/kernel/kernel-cache.js';
import { assist as assistJob } from '../src/parallel/assist.js';
import { Cancelled, type JobSpec, Yielding } from '../src/parallel/job.js';
import type {
  AssistMessage,
  LeaderMessage,
  LeadMessage,
  LeadReply,
  WorkerSetup,
} from '../src/parallel/pool.js';

const kernels = createKernelCache((workerData as WorkerSetup).module);

/** At most some twenty messages a second: what a person can follow, and no load on the caller's thread. */
const PROGRESS_INTERVAL_MS = 50;

/** What a dead leader may cost: states are large, and most leaders live. */
const STATE_INTERVAL_MS = 1000;

/** Calls `send` with what it is given, but at most once an interval; the rest is dropped. */
function atMostEvery<Value>(
  intervalMs: number,
  firstAfterMs: number,
  send: (value: Value) => void,
): (value: Value) => void {
  let next = performance.now() + firstAfterMs;
  return (value) => {
    const now = performance.now();
    if (now < next) return;
    next = now + intervalMs;
    send(value);
  };
}

function post(message: LeaderMessage<LeadState>): void {
  parentPort?.postMessage(message);
}

export function lead(message: LeadMessage<LeadTask, LeadState>): LeadReply<LeadState> {
  const { id, job, task, state, wantsProgress } = message;
  let read = (): LeadState | undefined => state;
  const postState = atMostEvery(STATE_INTERVAL_MS, STATE_INTERVAL_MS, () => {
    const reached = read();
    if (reached) post({ id, state: reached });
  });
  const onState = (readState: () => LeadState): void => {
    read = readState;
    postState(undefined);
  };
  const onProgress = wantsProgress
    ? atMostEvery(PROGRESS_INTERVAL_MS, 0, (progress) => post({ id, progress }))
    : () => undefined;
  try {
    return { end: 'done', result: leadJob(kernels, job as JobSpec, task, state, { onProgress, onState }) };
  } catch (error) {
    if (error instanceof Cancelled) return { end: 'cancelled' };
    if (error instanceof Yielding) return { end: 'yielded', state: read() };
    throw error;
  }
}

export function assist({ job, seat }: AssistMessage): void {
  assistJob(kernels, job, seat);
}
