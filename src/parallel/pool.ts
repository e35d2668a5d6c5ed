/**
 * The pool: who does what on the worker threads.
 *
 * A job needs one thread to lead it and may take any number more to assist. Jobs that wait for a leader come
 * first, in the order of fair-queue.ts; only when none waits do idle threads assist the jobs that run. When a new
 * job arrives and every thread is taken, assistants are asked to leave after their shard; where there are none,
 * leaders of a caller that has had more than its share are asked to yield after theirs. What a leader knew then goes
 * to the next, which ends with the same bits.
 *
 * What a job computes it does not know.
 */

import type { ResourceLimits } from 'node:worker_threads';
import { GmmError } from '../errors.js';
import { type Blackboard, openBlackboard } from './blackboard.js';
import { type Account, createFairQueue, SLICE_MS } from './fair-queue.js';
import type { JobSpec } from './job.js';
import { createThreads } from './threads.js';

/** What every worker is given once. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
}
export interface LeadMessage<Task, State> {
  readonly id: number;
  readonly job: JobSpec;
  readonly task: Task;
  /** What an earlier leader of the job left; undefined to begin at the beginning. */
  readonly state: State | undefined;
  /** A message that nobody reads costs a tenth of a millisecond, as much as a small run's passes. */
  readonly wantsProgress: boolean;
}
export type LeadReply<State> =
  | { readonly end: 'done'; readonly result: unknown }
  | { readonly end: 'cancelled' }
  | { readonly end: 'yielded'; readonly state: State | undefined };
export interface AssistMessage {
  readonly job: JobSpec;
  readonly seat: number;
}
/** What a leader tells while it runs. */
export type LeaderMessage<State> =
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly state: State };

/** A job as it is handed to the pool. */
export interface JobRequest<Task> {
  /** Makes the job's shared memory; called when a thread is free for it, and again if its leader dies. */
  readonly createJob: () => JobSpec;
  readonly task: Task;
  /** To go on from; as `onState` got it. */
  readonly state?: unknown;
  /** Rough amount of work, for the order of jobs. */
  readonly cost: number;
  /** What it is, for messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Called when it is given to a thread for the first time. */
  readonly onStart?: (() => void) | undefined;
  readonly onProgress?: ((progress: unknown) => void) | undefined;
  /** What the job can be continued from: every second or so, and when its leader yields. Plain data. */
  readonly onState?: ((state: unknown) => void) | undefined;
}

/** Who gives the pool its jobs, one call of the library; threads are shared out fairly between callers. */
export interface Caller {
  readonly threads: number;
  /**
   * Runs a job to its end.
   *
   * @throws the signal's reason; WORKER_FAILED when its leader failed twice and got nowhere in between
   */
  run<Task, Result>(request: JobRequest<Task>): Promise<Result>;
}

export interface Pool {
  readonly threads: number;
  createCaller(): Caller;
  /** Ends the threads; what is running or waiting rejects with `reason`. */
  close(reason: unknown): Promise<void>;
}

/** A thread may die without the job being at fault; one that dies twice at the same place is. */
const MOST_FAILURES = 2;

/** How often jobs that wait look whether somebody else has had more than its share. */
const REVIEW_MS = 20;

interface Job {
  readonly id: number;
  readonly request: JobRequest<unknown>;
  readonly cost: number;
  readonly account: Account<Job>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  started: boolean;
  /** Deaths of its leaders since it last got on. */
  failures: number;
  state: unknown;
  board: Blackboard | undefined;
  spec: JobSpec | undefined;
  /** Whether its leader was asked to yield. */
  yielding: boolean;
  /** Seats of the assistants at work, by whether they were asked to leave. */
  readonly assistants: Map<number, boolean>;
  settled: boolean;
}

/**
 * @param threads - worker threads, made as they are needed
 * @param tasks - the module with `lead` and `assist`: URL of a file, or what the built package's worker calls it
 * @param resourceLimits - of each worker; default: none of its own
 */
export function createPool(
  threads: number,
  tasks: string,
  setup: WorkerSetup,
  resourceLimits?: ResourceLimits,
): Pool {
  const queue = createFairQueue<Job>(() => performance.now());
  const running = new Map<number, Job>();
  let busy = 0;
  let lastId = 0;
  let review: NodeJS.Timeout | undefined;
  let assisting: NodeJS.Immediate | undefined;
  let closed: { reason: unknown } | undefined;

  const onMessage = (message: LeaderMessage<unknown>): void => {
    const job = running.get(message.id);
    if (!job || job.settled) return;
    if ('state' in message) {
      job.failures = 0;
      keepState(job, message.state);
    } else {
      tell(job, () => job.request.onProgress?.(message.progress));
    }
  };
  const workers = createThreads({
    count: threads,
    tasks,
    setup,
    resourceLimits,
    onMessage: (message) => onMessage(message as LeaderMessage<unknown>),
  });

  const settle = (job: Job, how: () => void): void => {
    if (job.settled) return;
    job.settled = true;
    how();
  };

  /** Calls back; the caller's own error ends the caller's own job. */
  const tell = (job: Job, callback: () => void): void => {
    try {
      callback();
    } catch (error) {
      job.board?.cancel();
      settle(job, () => job.reject(error));
    }
  };

  const keepState = (job: Job, state: unknown): void => {
    job.state = state;
    tell(job, () => job.request.onState?.(state));
  };

  /** Gives idle threads something to do. */
  const schedule = (): void => {
    if (closed) return;
    while (busy < threads) {
      const job = queue.take();
      if (!job) break;
      void lead(job);
    }
    const waiting = queue.size();
    if (waiting > 0) {
      askLeadersToYield(waiting - callBackAssistants(waiting));
      review ??= setTimeout(() => {
        review = undefined;
        schedule();
      }, REVIEW_MS).unref();
      return;
    }
    // Jobs that this turn of the event loop still brings come first: an assistant leaves within a shard, but that takes longer.
    if (busy < threads) assisting ??= setImmediate(sendAssistants);
  };

  const sendAssistants = (): void => {
    assisting = undefined;
    while (queue.size() === 0 && busy < threads) {
      const job = neediest(running.values());
      const seat = job?.board?.takeSeat() ?? -1;
      if (!job || seat < 0) return;
      void assist(job, seat);
    }
  };

  /** A board that was left open by a leader that yielded, or a new one. */
  const prepare = (job: Job): JobSpec => {
    if (!job.spec || !job.board || job.board.pass() < 0) {
      job.spec = job.request.createJob();
      job.board = openBlackboard(job.spec.board);
      job.assistants.clear();
    }
    job.board.askToYield(false);
    return job.spec;
  };

  const lead = async (job: Job): Promise<void> => {
    busy++;
    running.set(job.id, job);
    let again = false;
    let keepBoard = false;
    try {
      if (!job.started) tell(job, () => job.request.onStart?.());
      job.started = true;
      const spec = prepare(job);
      if (job.settled) job.board?.cancel();
      const { task, onProgress } = job.request;
      const message: LeadMessage<unknown, unknown> = {
        id: job.id,
        job: spec,
        task,
        state: job.state,
        wantsProgress: onProgress !== undefined,
      };
      const reply = (await workers.run('lead', message)) as LeadReply<unknown>;
      if (reply.end === 'done') settle(job, () => job.resolve(reply.result));
      if (reply.end === 'yielded') {
        if (reply.state !== undefined) keepState(job, reply.state);
        again = keepBoard = !job.settled;
      }
    } catch (error) {
      const { name } = job.request;
      job.failures++;
      if (error instanceof GmmError) settle(job, () => job.reject(error));
      else if (job.failures < MOST_FAILURES) again = !job.settled;
      else {
        const cause = error instanceof Error ? error.message : String(error);
        const message = `the worker of ${name} failed ${job.failures} times, last with: ${cause}`;
        settle(job, () => job.reject(new GmmError('WORKER_FAILED', message, { cause: error })));
      }
    }
    // The board of a leader that died is still waited on by its assistants.
    if (!keepBoard) job.board?.close();
    job.yielding = false;
    running.delete(job.id);
    busy--;
    queue.release(job.account);
    if (again && !closed) queue.putBack(job.account, job);
    schedule();
  };

  const assist = async (job: Job, seat: number): Promise<void> => {
    busy++;
    const { board, spec, assistants } = job;
    assistants.set(seat, false);
    try {
      const message: AssistMessage = { job: spec as JobSpec, seat };
      await workers.run('assist', message);
      board?.freeSeat(seat);
    } catch {
      // The leader does again what this thread had claimed.
      board?.markDead(seat);
    }
    if (job.board === board) assistants.delete(seat);
    busy--;
    schedule();
  };

  /**
   * Asks as many assistants to leave as jobs wait, less those that were asked before.
   *
   * @returns how many threads will come of it
   */
  const callBackAssistants = (wanted: number): number => {
    let coming = 0;
    for (const { assistants } of running.values())
      for (const asked of assistants.values()) if (asked) coming++;
    for (const job of running.values()) coming += dismissAssistants(job, wanted - coming);
    return coming;
  };

  const dismissAssistants = ({ assistants, board }: Job, most: number): number => {
    let dismissed = 0;
    for (const [seat, asked] of assistants) {
      if (dismissed >= most) break;
      if (asked) continue;
      board?.askToLeave(seat);
      assistants.set(seat, true);
      dismissed++;
    }
    return dismissed;
  };

  const askLeadersToYield = (wanted: number): void => {
    let missing = wanted;
    for (const { yielding } of running.values()) if (yielding) missing--;
    const byLead = [...running.values()]
      .filter(({ yielding }) => !yielding)
      .map((job) => ({ job, ahead: queue.lead(job.account) }))
      .sort((a, b) => b.ahead - a.ahead);
    for (const { job, ahead } of byLead) {
      if (missing <= 0 || ahead <= SLICE_MS) return;
      job.yielding = true;
      job.board?.askToYield(true);
      // Nobody would open another pass for them.
      dismissAssistants(job, Number.POSITIVE_INFINITY);
      missing--;
    }
  };

  const createCaller = (): Caller => {
    const account = queue.openAccount();
    return {
      threads,
      run<Task, Result>(request: JobRequest<Task>): Promise<Result> {
        return new Promise<Result>((resolve, reject) => {
          const { signal } = request;
          if (closed) throw closed.reason;
          signal?.throwIfAborted();
          const job: Job = {
            id: ++lastId,
            request: request as JobRequest<unknown>,
            cost: request.cost,
            account,
            resolve: (result) => {
              signal?.removeEventListener('abort', abort);
              resolve(result as Result);
            },
            reject: (reason) => {
              signal?.removeEventListener('abort', abort);
              reject(reason);
            },
            started: false,
            failures: 0,
            state: request.state,
            board: undefined,
            spec: undefined,
            yielding: false,
            assistants: new Map(),
            settled: false,
          };
          const abort = (): void => {
            job.board?.cancel();
            // No leader will see to the board of a job that waits.
            if (!running.has(job.id)) job.board?.close();
            queue.remove(account, job);
            settle(job, () => job.reject(signal?.reason));
          };
          signal?.addEventListener('abort', abort, { once: true });
          queue.add(account, job);
          schedule();
        });
      },
    };
  };

  return {
    threads,
    createCaller,
    async close(reason) {
      if (closed) return;
      closed = { reason };
      clearTimeout(review);
      clearImmediate(assisting);
      const jobs = [...queue.clear(), ...running.values()];
      for (const job of jobs) {
        job.board?.cancel();
        settle(job, () => job.reject(reason));
      }
      await workers.close();
    },
  };
}

/** The running job with the most shards to each of its workers; none where every worker has a single one already. */
function neediest(jobs: Iterable<Job>): Job | undefined {
  let best: Job | undefined;
  let most = 1;
  for (const job of jobs) {
    if (job.settled || job.yielding || !job.spec) continue;
    const shardsEach = job.spec.board.nShards / (job.assistants.size + 1);
    if (shardsEach > most) {
      most = shardsEach;
      best = job;
    }
  }
  return best;
}
