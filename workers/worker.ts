/**
 * The entry of a worker thread: it leads jobs one after the other, or assists one.
 *
 * A leader that is cancelled or yields returns plain data, because an error loses its class in a message.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { lead as leadJob } from '../src/jobs/lead.js';
import type { LeadProgress, LeadState, LeadTask } from '../src/jobs/tasks.js';
import { createKernelCache } from '../src/kernel/kernel-cache.js';
import { assist as assistJob } from '../src/parallel/assist.js';
import { Cancelled, Yielding } from '../src/parallel/job.js';
import type {
  AssistMessage,
  LeaderMessage,
  LeadMessage,
  LeadReply,
  WorkerSetup,
} from '../src/parallel/messages.js';

const kernels = createKernelCache((workerData as WorkerSetup).module);

/** At most 20 messages a second: a person can follow them, and they do not load the caller's thread. */
const PROGRESS_INTERVAL_MS = 50;

/** The most work that is lost with a dead leader. States are large and leaders rarely die, so it is long. */
const STATE_INTERVAL_MS = 1000;

/**
 * Limits the rate of `send`: at most one call an interval. Other values are dropped.
 *
 * @param firstAfterMs - time until the first call
 */
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

function post(message: LeaderMessage<LeadState, LeadProgress>): void {
  parentPort?.postMessage(message);
}

function leadOne(message: LeadMessage<LeadTask, LeadState>): LeadReply<LeadState> {
  const { id, job, task, state, wantsProgress } = message;
  let read = (): LeadState | undefined => state;
  const postState = atMostEvery(STATE_INTERVAL_MS, STATE_INTERVAL_MS, () => {
    const reached = read();
    if (reached) post({ kind: 'state', id, state: reached });
  });
  const onState = (readState: () => LeadState): void => {
    read = readState;
    postState(undefined);
  };
  const onProgress: (progress: LeadProgress) => void = wantsProgress
    ? atMostEvery(PROGRESS_INTERVAL_MS, 0, (progress) => post({ kind: 'progress', id, progress }))
    : () => undefined;
  try {
    return { kind: 'done', result: leadJob(kernels, job, task, state, { onProgress, onState }) };
  } catch (error) {
    if (error instanceof Cancelled) return { kind: 'cancelled' };
    if (error instanceof Yielding) return { kind: 'yielded', state: read() };
    throw error;
  }
}

/** Leads jobs one after the other. Where one yields, the thread is wanted, and the rest yield, too. */
export function lead(messages: readonly LeadMessage<LeadTask, LeadState>[]): LeadReply<LeadState>[] {
  let mustYield = false;
  return messages.map((message) => {
    if (mustYield) return { kind: 'yielded', state: message.state };
    const reply = leadOne(message);
    mustYield = reply.kind === 'yielded';
    return reply;
  });
}

export function assist({ job, seat }: AssistMessage): void {
  assistJob(kernels, job, seat);
}
