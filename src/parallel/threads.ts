/**
 * Worker threads, by Piscina: they are started when they are needed and given one task at a time.
 *
 * Piscina says nothing when a thread ends before it is ready, and leaves the tasks that wait for it where they are. So
 * threads are watched while they start: when none is left to take them, the tasks that wait reject. Piscina's threads don't
 * keep the process alive while they start or end, so a timer does as long as a caller waits.
 *
 * The only file that knows Piscina.
 */

import type { ResourceLimits, Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { GmmError } from '../errors.js';

export interface ThreadsOptions {
  /** Most threads. */
  readonly count: number;
  /** The module with the tasks: URL of a file, or what the built package's worker calls it. */
  readonly tasks: string;
  /** Given to every thread as its `workerData`. */
  readonly setup: unknown;
  /** Of each thread; default: none of its own. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** Gets what tasks post. */
  readonly onMessage: (message: unknown) => void;
}

export interface Threads {
  /**
   * @param task - name of the export that is called
   * @param message - its argument, plain data or shared memory
   * @throws what the task threw; GmmError WORKER_FAILED when no thread can be started
   */
  run(task: string, message: unknown): Promise<unknown>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * A thread answers as soon as it has loaded its script, some 40 ms of work, however long a busy machine takes for that: only
 * the time counts in which the thread has nothing to do.
 */
const MOST_IDLE_MS = 5000;

/** Also when it is never idle, a thread that needs this long will not start. */
const MOST_START_MS = 600_000;

const CHECK_MS = 500;

export function createThreads({ count, tasks, setup, resourceLimits, onMessage }: ThreadsOptions): Threads {
  const piscina = new Piscina({
    filename: tasks,
    // Loaded when a thread starts, whatever task it is started for.
    name: 'lead',
    minThreads: 0,
    maxThreads: count,
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: setup,
    recordTiming: false,
    ...(resourceLimits && { resourceLimits }),
  });
  /** Threads that have not answered yet, and since when they have been asked. */
  const starting = new Map<Worker, number>();
  const known = new Set<Worker>();
  /** How to reject each task that waits or runs. */
  const atWork = new Set<(reason: unknown) => void>();
  /** Why the last thread that didn't start did not. */
  let cause: unknown;

  piscina.on('message', onMessage);
  // A thread that dies without a task is replaced when one is needed: nothing to do, but unheard it would throw.
  piscina.on('error', () => undefined);
  piscina.on('workerCreate', ({ id }: { id: number }) => {
    for (const thread of starting.keys()) if (thread.threadId === id) starting.delete(thread);
    cause = undefined;
  });

  const watch = (thread: Worker): void => {
    known.add(thread);
    starting.set(thread, performance.now());
    thread.once('error', (error) => {
      if (starting.has(thread)) cause = error;
    });
    thread.once('exit', (code) => {
      known.delete(thread);
      if (starting.delete(thread)) cause ??= new Error(`it ended with code ${code} before it was ready`);
      // Piscina first rejects the tasks that the thread had.
      setImmediate(check);
    });
  };

  const check = (): void => {
    for (const thread of piscina.threads) if (!known.has(thread)) watch(thread);
    for (const [thread, since] of starting) {
      const { idle } = thread.performance.eventLoopUtilization();
      if (idle < MOST_IDLE_MS && performance.now() - since < MOST_START_MS) continue;
      cause = new Error('it does not answer');
      void thread.terminate();
    }
    if (piscina.threads.length > 0) return;
    for (const reject of atWork) reject(startFailure(cause));
  };
  const timer = setInterval(check, CHECK_MS).unref();

  return {
    run: (task, message) =>
      new Promise((resolve, reject) => {
        const settle = (how: () => void): void => {
          atWork.delete(fail);
          if (atWork.size === 0) timer.unref();
          how();
        };
        const fail = (reason: unknown): void => settle(() => reject(reason));
        atWork.add(fail);
        timer.ref();
        try {
          piscina.run(message, { name: task }).then((result) => settle(() => resolve(result)), fail);
        } catch (error) {
          fail(startFailure(error));
        }
        if (known.size < count) check();
      }),
    async close() {
      timer.ref();
      await piscina.destroy();
      clearInterval(timer);
    },
  };
}

function startFailure(cause: unknown): GmmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message =
    `no worker thread could be started: ${reason}; if this program is a bundle, leave parallel-gmm out of it ` +
    "(mark it external, e.g. esbuild's --external:parallel-gmm) and install it where the program runs";
  return new GmmError('WORKER_FAILED', message, { cause });
}
