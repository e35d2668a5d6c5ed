/** Messages between the pool and its workers. All are plain data or shared memory. */

import type { JobSpec } from './job.js';

/** Given to every worker once, as its `workerData`. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
}

/** To a worker: lead this job. */
export interface LeadMessage<Task, State> {
  /** Number of the job, unique in its pool. */
  readonly id: number;
  readonly job: JobSpec;
  readonly task: Task;
  /** The state that an earlier leader of the job reached; undefined to start from the beginning. */
  readonly state: State | undefined;
  /** False if nobody reads progress: a message costs 0.1 ms, as much as all passes of a small run. */
  readonly wantsProgress: boolean;
}

/** A leader's answer at its end. A worker throws for a failure only; cancelling and yielding are no errors. */
export type LeadReply<State> =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'yielded'; readonly state: State | undefined };

/** To a worker: assist this job, on this seat. */
export interface AssistMessage {
  readonly job: JobSpec;
  readonly seat: number;
}

/** From a leader while it runs. */
export type LeaderMessage<State, Progress> =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'state'; readonly id: number; readonly state: State };
