/**
 * The pool: worker threads (Piscina) and who does what on them.
 *
 * A job needs one thread to lead it and may take any number more to assist. Jobs that wait for a leader come
 * first, the costliest at the head; only when none waits do idle threads assist the jobs that run. When a new
 * job arrives and every thread is taken, assistants are asked to leave after their shard.
 *
 * The only file that knows Piscina. What a job computes it does not know.
 */

import { Piscina } from 'piscina';
import { GmmError } from '../errors.js';
import { type Blackboard, openBlackboard } from './blackboard.js';
import type { JobSpec } from './job.js';

/** What every worker is given once. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
}
export interface LeadMessage<Task> {
  readonly id: number;
  readonly job: JobSpec;
  readonly task: Task;
}
export type LeadReply = { readonly done: true; readonly result: unknown } | { readonly done: false };
export interface AssistMessage {
  readonly job: JobSpec;
  readonly seat: number;
}
export interface ProgressMessage {
  readonly id: number;
  readonly progress: unknown;
}

/** A job as it is handed to the pool. */
export interface JobRequest<Task> {
  /** Makes the job's shared memory; called when a thread is free for it, and again if its leader dies. */
  readonly createJob: () => JobSpec;
  readonly task: Task;
  /** Rough amount of work, for the order of jobs: rows × components × passes. */
  readonly cost: number;
  /** What it is, for messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: unknown) => void) | undefined;
}

export interface Pool {
  readonly threads: number;
  /**
   * Runs a job to its end.
   *
   * @throws the signal's reason; WORKER_FAILED when its leader failed twice
   */
  run<Task, Result>(request: JobRequest<Task>): Promise<Result>;
  /** Ends the threads; what is running or waiting rejects with `reason`. */
  close(reason: unknown): Promise<void>;
}

/** A thread may die without the job being at fault; one that dies twice is. */
const MOST_ATTEMPTS = 2;

interface Job {
  readonly id: number;
  readonly request: JobRequest<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
  attempts: number;
  board: Blackboard | undefined;
  spec: JobSpec | undefined;
  /** Seats of the assistants at work, by whether they were asked to leave. */
  readonly assistants: Map<number, boolean>;
  settled: boolean;
}

/**
 * @param threads - worker threads, made as they are needed
 * @param workerFile - URL of the workers' entry
 */
export function createPool(threads: number, workerFile: URL, setup: WorkerSetup): Pool {
  const piscina = new Piscina({
    filename: workerFile.href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: setup,
    recordTiming: false,
  });
  const waiting: Job[] = [];
  const running = new Map<number, Job>();
  let busy = 0;
  let lastId = 0;
  let closed: { reason: unknown } | undefined;

  // A thread that dies without a task is replaced when one is needed: nothing to do, but unheard it would throw.
  piscina.on('error', () => undefined);
  piscina.on('message', ({ id, progress }: ProgressMessage) => {
    const job = running.get(id);
    if (!job || job.settled) return;
    try {
      job.request.onProgress?.(progress);
    } catch (error) {
      // The caller's own error ends the caller's own job.
      job.board?.cancel();
      settle(job, () => job.reject(error));
    }
  });

  const settle = (job: Job, how: () => void): void => {
    if (job.settled) return;
    job.settled = true;
    how();
  };

  /** Gives idle threads something to do. */
  const schedule = (): void => {
    if (closed) return;
    while (busy < threads && waiting.length > 0) void lead(waiting.shift() as Job);
    if (waiting.length > 0) {
      callBackAssistants(waiting.length);
      return;
    }
    while (busy < threads) {
      const job = neediest(running.values());
      const seat = job?.board?.takeSeat() ?? -1;
      if (!job || seat < 0) return;
      void assist(job, seat);
    }
  };

  const lead = async (job: Job): Promise<void> => {
    busy++;
    job.attempts++;
    running.set(job.id, job);
    let retry = false;
    try {
      job.spec = job.request.createJob();
      job.board = openBlackboard(job.spec.board);
      const message: LeadMessage<unknown> = { id: job.id, job: job.spec, task: job.request.task };
      const reply: LeadReply = await piscina.run(message, { name: 'lead' });
      if (reply.done) settle(job, () => job.resolve(reply.result));
    } catch (error) {
      const { name } = job.request;
      if (error instanceof GmmError) settle(job, () => job.reject(error));
      else if (job.attempts < MOST_ATTEMPTS && !job.settled && !closed) retry = true;
      else {
        const cause = error instanceof Error ? error.message : String(error);
        const message = `the worker of ${name} failed ${job.attempts} times, last with: ${cause}`;
        settle(job, () => job.reject(new GmmError('WORKER_FAILED', message, { cause: error })));
      }
    }
    // The board of a leader that died is still waited on by its assistants.
    job.board?.close();
    job.assistants.clear();
    running.delete(job.id);
    busy--;
    if (retry) waiting.unshift(job);
    schedule();
  };

  const assist = async (job: Job, seat: number): Promise<void> => {
    busy++;
    const { board, spec, assistants } = job;
    assistants.set(seat, false);
    try {
      const message: AssistMessage = { job: spec as JobSpec, seat };
      await piscina.run(message, { name: 'assist' });
      board?.freeSeat(seat);
    } catch {
      // The leader does again what this thread had claimed.
      board?.markDead(seat);
    }
    if (job.board === board) assistants.delete(seat);
    busy--;
    schedule();
  };

  /** Asks as many assistants to leave as jobs wait, less those that were asked before. */
  const callBackAssistants = (wanted: number): void => {
    let missing = wanted;
    for (const { assistants } of running.values())
      for (const asked of assistants.values()) if (asked) missing--;
    for (const { assistants, board } of running.values()) {
      for (const [seat, asked] of assistants) {
        if (missing <= 0) return;
        if (asked) continue;
        board?.askToLeave(seat);
        assistants.set(seat, true);
        missing--;
      }
    }
  };

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
          resolve: (result) => {
            signal?.removeEventListener('abort', abort);
            resolve(result as Result);
          },
          reject: (reason) => {
            signal?.removeEventListener('abort', abort);
            reject(reason);
          },
          attempts: 0,
          board: undefined,
          spec: undefined,
          assistants: new Map(),
          settled: false,
        };
        const abort = (): void => {
          job.board?.cancel();
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          settle(job, () => job.reject(signal?.reason));
        };
        signal?.addEventListener('abort', abort, { once: true });
        const before = waiting.findIndex((other) => other.request.cost < request.cost);
        waiting.splice(before < 0 ? waiting.length : before, 0, job);
        schedule();
      });
    },
    async close(reason) {
      if (closed) return;
      closed = { reason };
      const jobs = [...waiting.splice(0), ...running.values()];
      for (const job of jobs) {
        job.board?.cancel();
        settle(job, () => job.reject(reason));
      }
      await piscina.destroy();
    },
  };
}

/** The running job with the most shards to each of its workers; none where every worker has a single one already. */
function neediest(jobs: Iterable<Job>): Job | undefined {
  let best: Job | undefined;
  let most = 1;
  for (const job of jobs) {
    if (job.settled || !job.spec) continue;
    const shardsEach = job.spec.board.nShards / (job.assistants.size + 1);
    if (shardsEach > most) {
      most = shardsEach;
      best = job;
    }
  }
  return best;
}
