/**
 * The pool: which worker thread does what.
 *
 * A job needs one thread to lead it, and any number of further threads may assist. Waiting jobs get threads first, in
 * the order of fair-queue.ts; a thread leads small jobs several in turn. Idle threads assist running jobs only while no job waits. When a job waits and every thread
 * is taken, preemption.ts asks assistants to leave and leaders to yield. The state that a leader reached goes to the
 * job's next leader, which ends with the same bits.
 *
 * The pool does not know what a job computes.
 */

import type { ResourceLimits } from 'node:worker_threads';
import { type Account, FairQueue } from './fair-queue.js';
import type { JobBoard } from './job-board.js';
import type { AssistMessage, LeaderMessage, LeadReply, WorkerSetup } from './messages.js';
import { type JobRequest, type Next, PoolJob } from './pool-job.js';
import { preempt } from './preemption.js';
import { Threads } from './threads.js';

/** One call of the library, as a source of jobs. Threads are shared out fairly between callers. */
export interface Caller {
  readonly threads: number;
  /**
   * Runs a job to its end.
   *
   * The types of the result, the state and the progress are those of the task's leader in the worker.
   *
   * @throws the signal's reason; the leader's GmmError; WORKER_FAILED if two leaders died and the job got no further
   *   in between; the pool's reason if it is closed
   */
  run<Task, Result, State = unknown, Progress = unknown>(
    request: JobRequest<Task, State, Progress>,
  ): Promise<Result>;
}

/** How often the pool checks for preemption while jobs wait. */
const REVIEW_MS = 20;

export class Pool {
  /** Most worker threads. */
  readonly threads: number;
  readonly #workers: Threads;
  readonly #queue = new FairQueue<PoolJob>(() => performance.now());
  /** Jobs that have a leader, by their number. */
  readonly #running = new Map<number, PoolJob>();
  /** Threads that lead or assist. */
  #busy = 0;
  #lastId = 0;
  #review: NodeJS.Timeout | undefined;
  #assisting: NodeJS.Immediate | undefined;
  #closed: { readonly reason: unknown } | undefined;

  /**
   * @param threads - most worker threads; each starts when it is needed
   * @param tasks - the module with `lead` and `assist`: URL of a file, or the name of the tasks in the built package's worker
   * @param resourceLimits - of each worker; default: Node's
   */
  constructor(threads: number, tasks: string, setup: WorkerSetup, resourceLimits?: ResourceLimits) {
    this.threads = threads;
    this.#workers = new Threads({
      count: threads,
      tasks,
      setup,
      resourceLimits,
      onMessage: (message) => {
        const told = message as LeaderMessage<unknown, unknown>;
        this.#running.get(told.id)?.receive(told);
      },
    });
  }

  createCaller(): Caller {
    const account = this.#queue.openAccount();
    return { threads: this.threads, run: (request) => this.#run(account, request) };
  }

  /** Ends the threads. Jobs that run or wait reject with `reason`. */
  async close(reason: unknown): Promise<void> {
    if (this.#closed) return;
    this.#closed = { reason };
    clearTimeout(this.#review);
    clearImmediate(this.#assisting);
    for (const job of [...this.#queue.clear(), ...this.#running.values()]) {
      job.board?.cancel();
      job.reject(reason);
    }
    await this.#workers.close();
  }

  #run<Task, Result, State, Progress>(
    account: Account<PoolJob>,
    request: JobRequest<Task, State, Progress>,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#closed) throw this.#closed.reason;
      request.signal?.throwIfAborted();
      // Messages of threads have no types. The request's are trusted from here on.
      const job = new PoolJob(++this.#lastId, account, request as JobRequest<unknown>, {
        resolve: (result) => resolve(result as Result),
        reject,
        onAbort: (aborted) => this.#abort(aborted, request.signal?.reason),
      });
      this.#queue.add(account, job);
      // The caller may have more jobs at once.
      queueMicrotask(() => this.#schedule());
    });
  }

  #abort(job: PoolJob, reason: unknown): void {
    job.board?.cancel();
    // A job that waits has no leader to close its board.
    if (!this.#running.has(job.id)) job.board?.close();
    this.#queue.remove(job.account, job);
    job.reject(reason);
  }

  /** Gives idle threads work, or asks for threads if all are taken. */
  #schedule(): void {
    if (this.#closed) return;
    while (this.#busy < this.threads) {
      const jobs = this.#queue.take(this.threads);
      if (jobs.length === 0) break;
      void this.#lead(jobs);
    }
    const waiting = this.#queue.size();
    if (waiting > 0) {
      preempt([...this.#running.values()], waiting, ({ account }) => this.#queue.lead(account));
      this.#review ??= setTimeout(() => {
        this.#review = undefined;
        this.#schedule();
      }, REVIEW_MS).unref();
      return;
    }
    // The same turn of the event loop may bring more jobs, which come first. To call an assistant back takes a shard's time.
    if (this.#busy < this.threads) this.#assisting ??= setImmediate(() => this.#sendAssistants());
  }

  #sendAssistants(): void {
    this.#assisting = undefined;
    while (this.#queue.size() === 0 && this.#busy < this.threads) {
      const board = neediest(this.#running.values());
      const seat = board?.seat();
      if (!board || seat === undefined) return;
      void this.#assist(board, seat);
    }
  }

  /** A thread leads jobs of one caller, one after the other. */
  async #lead(jobs: readonly PoolJob[]): Promise<void> {
    this.#busy++;
    for (const job of jobs) this.#running.set(job.id, job);
    let nexts: Next[];
    try {
      const messages = jobs.map((job) => job.start());
      const replies = (await this.#workers.run('lead', messages)) as LeadReply<unknown>[];
      nexts = jobs.map((job, i) => job.finish(replies[i]));
    } catch (error) {
      nexts = jobs.map((job) => job.fail(error));
    }
    this.#busy--;
    this.#queue.release(jobs[0].account);
    // The last first: what is put back goes to the front of the queue.
    for (const [i, job] of [...jobs.entries()].reverse()) this.#leave(job, nexts[i]);
    this.#schedule();
  }

  #leave(job: PoolJob, next: Next): void {
    // Assistants still wait on the board of a leader that died: closing it lets them go.
    if (next !== 'continue') job.board?.close();
    this.#running.delete(job.id);
    if (next !== 'end' && !this.#closed) this.#queue.putBack(job.account, job);
  }

  async #assist(board: JobBoard, seat: number): Promise<void> {
    this.#busy++;
    try {
      const message: AssistMessage = { job: board.spec, seat };
      await this.#workers.run('assist', message);
      board.free(seat);
    } catch {
      board.markDead(seat);
    }
    this.#busy--;
    this.#schedule();
  }
}

/** @returns the board with the most shards for each worker; undefined if every worker has a single shard or less */
function neediest(jobs: Iterable<PoolJob>): JobBoard | undefined {
  let best: JobBoard | undefined;
  let most = 1;
  for (const { isSettled, board } of jobs) {
    if (isSettled || !board || board.isYielding) continue;
    if (board.shardsPerWorker > most) {
      most = board.shardsPerWorker;
      best = board;
    }
  }
  return best;
}
