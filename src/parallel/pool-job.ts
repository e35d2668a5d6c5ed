/** A job as the pool sees it: the caller's request, the state that its leaders reached, and how it ends. */

import { GmmError } from '../errors.js';
import type { Account } from './fair-queue.js';
import type { JobSpec } from './job.js';
import { JobBoard } from './job-board.js';
import type { LeaderMessage, LeadMessage, LeadReply } from './messages.js';

/** A request to run a job. */
export interface JobRequest<Task, State = unknown, Progress = unknown> {
  /** Allocates the job's shared memory; called when a thread is free for it, and again if its leader dies. */
  readonly createJob: () => JobSpec;
  readonly task: Task;
  /** A state to continue from, as `onState` received it. */
  readonly state?: State | undefined;
  /** Rough amount of work, for the order of jobs. */
  readonly cost: number;
  /** The job's name in messages. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Called when the job gets a thread for the first time. */
  readonly onStart?: (() => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with a state to continue the job from, about once a second and when its leader yields. Plain data. */
  readonly onState?: ((state: State) => void) | undefined;
}

/** After a leader's end: another leader continues on its board, another starts on a new board, or the job has ended. */
export type Next = 'continue' | 'restart' | 'end';

/** Settles the caller's promise, and the reaction to the caller's signal. */
export interface JobHooks {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
  onAbort(job: PoolJob): void;
}

/** A thread may die without any fault of the job. If two die and the job got no further in between, the job fails. */
const MOST_FAILURES = 2;

export class PoolJob {
  readonly id: number;
  readonly account: Account<PoolJob>;
  readonly cost: number;
  /** Shared memory of the present leader; undefined before the first. */
  board: JobBoard | undefined;
  readonly #request: JobRequest<unknown>;
  readonly #hooks: JobHooks;
  readonly #onAbort: () => void;
  #hasStarted = false;
  #isSettled = false;
  #state: unknown;
  /** Deaths of leaders since the job last got further. */
  #failures = 0;

  constructor(id: number, account: Account<PoolJob>, request: JobRequest<unknown>, hooks: JobHooks) {
    this.id = id;
    this.account = account;
    this.cost = request.cost;
    this.#request = request;
    this.#state = request.state;
    this.#hooks = hooks;
    this.#onAbort = () => hooks.onAbort(this);
    request.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether no other job may share its thread: one that failed may have been to blame. */
  get isAlone(): boolean {
    return this.#failures > 0;
  }

  /** Whether the caller has its result or its error. The leader may still run. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** @returns the message for a leader, on the board that the last leader left open or on a new one */
  start(): LeadMessage<unknown, unknown> {
    const { createJob, task, onStart, onProgress } = this.#request;
    if (!this.#hasStarted) this.#callBack(() => onStart?.());
    this.#hasStarted = true;
    if (!this.board?.isOpen) this.board = new JobBoard(createJob());
    this.board.resume();
    // `onStart` may have thrown: then the leader stops at once.
    if (this.#isSettled) this.board.cancel();
    return {
      id: this.id,
      job: this.board.spec,
      task,
      state: this.#state,
      wantsProgress: onProgress !== undefined,
    };
  }

  /** A message from the leader has arrived. */
  receive(message: LeaderMessage<unknown, unknown>): void {
    if (this.#isSettled) return;
    if (message.kind === 'progress') {
      this.#callBack(() => this.#request.onProgress?.(message.progress));
    } else {
      this.#failures = 0;
      this.#keepState(message.state);
    }
  }

  /** The leader has ended by itself. */
  finish(reply: LeadReply<unknown>): Next {
    if (reply.kind === 'done') this.#settle(() => this.#hooks.resolve(reply.result));
    if (reply.kind !== 'yielded') return 'end';
    if (reply.state !== undefined) this.#keepState(reply.state);
    return this.#isSettled ? 'end' : 'continue';
  }

  /** The leader has failed: its thread died, or its task threw. */
  fail(error: unknown): Next {
    this.#failures++;
    if (error instanceof GmmError) {
      this.reject(error);
    } else if (this.#failures >= MOST_FAILURES) {
      const cause = error instanceof Error ? error.message : String(error);
      const message = `the worker of ${this.#request.name} failed ${this.#failures} times, last with: ${cause}`;
      this.reject(new GmmError('WORKER_FAILED', message, { cause: error }));
    }
    return this.#isSettled ? 'end' : 'restart';
  }

  reject(reason: unknown): void {
    this.#settle(() => this.#hooks.reject(reason));
  }

  #keepState(state: unknown): void {
    this.#state = state;
    this.#callBack(() => this.#request.onState?.(state));
  }

  /** Calls a function of the caller. If it throws, its error ends the job. */
  #callBack(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.board?.cancel();
      this.reject(error);
    }
  }

  #settle(how: () => void): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#request.signal?.removeEventListener('abort', this.#onAbort);
    how();
  }
}
