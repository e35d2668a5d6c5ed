/**
 * Worker threads, by Piscina: started when they are needed, given one task at a time. The only file that knows Piscina.
 *
 * Piscina is silent when a thread ends before it is ready, and leaves the tasks that wait for it in its queue. So this
 * file watches threads while they start, and rejects the waiting tasks when no thread is left. Piscina's threads do not
 * keep the process alive while they start or end, so a timer does, for as long as a caller waits.
 */

import type { ResourceLimits, Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { GmmError } from '../errors.js';

export interface ThreadsOptions {
  /** Most threads. */
  readonly count: number;
  /** The module with the tasks: URL of a file, or the name of the tasks in the built package's worker. */
  readonly tasks: string;
  /** Given to every thread as its `workerData`. */
  readonly setup: unknown;
  /** Of each thread; default: Node's. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Called with every message that a task posts. */
  readonly onMessage: (message: unknown) => void;
}

/**
 * A starting thread answers as soon as it has loaded its script, after some 40 ms of work. On a busy machine the work
 * takes longer, so only the time counts in which the thread is idle.
 */
const MOST_IDLE_MS = 5000;

/** A thread that needs this long will not start, idle or not. */
const MOST_START_MS = 600_000;

const CHECK_MS = 500;

export class Threads {
  readonly #piscina: Piscina;
  readonly #count: number;
  readonly #timer: NodeJS.Timeout;
  readonly #known = new Set<Worker>();
  /** Threads that have not answered yet, and the time at which each was first seen. */
  readonly #starting = new Map<Worker, number>();
  /** Rejects a task that waits or runs; one function for each. */
  readonly #pending = new Set<(reason: unknown) => void>();
  /** Why the last thread failed to start. */
  #cause: unknown;

  constructor({ count, tasks, setup, resourceLimits, onMessage }: ThreadsOptions) {
    this.#count = count;
    this.#piscina = new Piscina({
      filename: tasks,
      // A thread loads the module for this task when it starts, whatever its first task is.
      name: 'lead',
      minThreads: 0,
      maxThreads: count,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: setup,
      recordTiming: false,
      ...(resourceLimits && { resourceLimits }),
    });
    this.#piscina.on('message', onMessage);
    // Piscina replaces a thread that dies without a task when it needs one. Without a listener the event would throw.
    this.#piscina.on('error', () => undefined);
    this.#piscina.on('workerCreate', ({ id }: { id: number }) => this.#onReady(id));
    this.#timer = setInterval(() => this.#check(), CHECK_MS).unref();
  }

  /**
   * @param task - name of the export to call
   * @param message - its argument, plain data or shared memory
   * @returns the export's result
   * @throws the task's error; GmmError WORKER_FAILED if no thread can be started
   */
  run(task: string, message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (how: () => void): void => {
        this.#pending.delete(fail);
        if (this.#pending.size === 0) this.#timer.unref();
        how();
      };
      const fail = (reason: unknown): void => settle(() => reject(reason));
      this.#pending.add(fail);
      this.#timer.ref();
      try {
        this.#piscina.run(message, { name: task }).then((result) => settle(() => resolve(result)), fail);
      } catch (error) {
        fail(startFailure(error));
      }
      if (this.#known.size < this.#count) this.#check();
    });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#timer.ref();
    await this.#piscina.destroy();
    clearInterval(this.#timer);
  }

  #onReady(id: number): void {
    for (const thread of this.#starting.keys()) if (thread.threadId === id) this.#starting.delete(thread);
    this.#cause = undefined;
  }

  /** Watches new threads, ends those that do not answer, and rejects all tasks if no thread is left. */
  #check(): void {
    for (const thread of this.#piscina.threads) if (!this.#known.has(thread)) this.#watch(thread);
    for (const [thread, since] of this.#starting) {
      const { idle } = thread.performance.eventLoopUtilization();
      if (idle < MOST_IDLE_MS && performance.now() - since < MOST_START_MS) continue;
      this.#cause = new Error('it does not answer');
      void thread.terminate();
    }
    if (this.#piscina.threads.length > 0) return;
    for (const reject of this.#pending) reject(startFailure(this.#cause));
  }

  #watch(thread: Worker): void {
    this.#known.add(thread);
    this.#starting.set(thread, performance.now());
    thread.once('error', (error) => {
      if (this.#starting.has(thread)) this.#cause = error;
    });
    thread.once('exit', (code) => {
      this.#known.delete(thread);
      if (this.#starting.delete(thread)) {
        this.#cause ??= new Error(`it ended with code ${code} before it was ready`);
      }
      // Piscina rejects the thread's own tasks first.
      setImmediate(() => this.#check());
    });
  }
}

function startFailure(cause: unknown): GmmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message =
    `no worker thread could be started: ${reason}; if this program is a bundle, leave parallel-gmm out of it ` +
    "(mark it external, e.g. esbuild's --external:parallel-gmm) and install it where the program runs";
  return new GmmError('WORKER_FAILED', message, { cause });
}
