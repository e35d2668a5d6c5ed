/**
 * The worker threads' entry: a leader's or an assistant's task, one at a time.
 *
 * What is foreseen (the caller wants no more) comes back as plain data: an error would lose its class on the way.
 */

import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { type LeadProgress, type LeadTask, lead as leadJob } from '../src/em/lead.js';
import { assist as assistJob } from '../src/parallel/assist.js';
import { Cancelled, type JobSpec } from '../src/parallel/job.js';
import type {
  AssistMessage,
  LeadMessage,
  LeadReply,
  ProgressMessage,
  WorkerSetup,
} from '../src/parallel/pool.js';

const { module } = workerData as WorkerSetup;

/** At most some twenty messages a second: what a person can follow, and no load on the caller's thread. */
const PROGRESS_INTERVAL_MS = 50;

export function lead({ id, job, task }: LeadMessage<LeadTask>): LeadReply {
  let lastSent = Number.NEGATIVE_INFINITY;
  const report = (progress: LeadProgress): void => {
    const now = performance.now();
    if (now - lastSent < PROGRESS_INTERVAL_MS) return;
    lastSent = now;
    parentPort?.postMessage({ id, progress } satisfies ProgressMessage);
  };
  try {
    return { done: true, result: leadJob(module, job as JobSpec, task, report) };
  } catch (error) {
    if (error instanceof Cancelled) return { done: false };
    throw error;
  }
}

export function assist({ job, seat }: AssistMessage): void {
  assistJob(module, job, seat);
}
