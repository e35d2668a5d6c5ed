/** Cancellation within a call: jobs that stop together, and promises that reject early. */

import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** The caller's signal and callback. */
export interface CallerHooks<Event> {
  readonly signal: AbortSignal | undefined;
  /** May be asynchronous. */
  readonly onProgress: ((event: Event) => unknown) | undefined;
}

/** Signal and callback for the call's own work. The signal may have many listeners; an error of the callback ends the call. */
export interface WorkHooks<Event> {
  readonly signal: AbortSignal;
  readonly onProgress: ((event: Event) => void) | undefined;
}

/**
 * Runs work that consists of several jobs. All of them stop when one fails, when the caller's signal aborts, or when the
 * caller's callback throws or rejects.
 *
 * @returns the result of `work`, once all promises that the callback returned have settled
 * @throws the error of `work` or of the callback; the signal's reason
 */
export async function together<Result, Event>(
  { signal, onProgress }: CallerHooks<Event>,
  work: (hooks: WorkHooks<Event>) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const signals = signal ? [signal, controller.signal] : [controller.signal];
  const both = AbortSignal.any(signals);
  setMaxListeners(0, both);
  const told = new Set<Promise<void>>();
  const tell = (event: Event): void => {
    let returned: unknown;
    try {
      returned = onProgress?.(event);
    } catch (error) {
      controller.abort(error);
      throw error;
    }
    if (!isThenable(returned)) return;
    const settled = Promise.resolve(returned).then(
      () => void told.delete(settled),
      (error) => controller.abort(error),
    );
    told.add(settled);
  };
  try {
    const result = await work({ signal: both, onProgress: onProgress && tell });
    if (told.size > 0) await unlessAborted(both, () => Promise.all(told));
    controller.signal.throwIfAborted();
    return result;
  } finally {
    controller.abort();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/** Time for work to clean up: half of the 100 ms within which an aborted call must end. */
const CLEANUP_MS = 50;

/**
 * Runs `work` until the signal aborts.
 *
 * @returns the result of `work`
 * @throws the error of `work`; the signal's reason. If the signal is already aborted, `work` does not begin. If it aborts
 *   later, `work` gets CLEANUP_MS to end and is then abandoned.
 */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!signal) return work();
  signal.throwIfAborted();
  const working = work();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      const late = new Promise((resolve) => setTimeout(resolve, CLEANUP_MS));
      void Promise.race([working.catch(() => undefined), late]).then(() => reject(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([working, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Longest time for which values that are ready delay the timers and signals of the event loop. */
const TURN_MS = 10;

/**
 * Yields the values of an iterable until the signal aborts. Then it calls the iterator's `return`, so that the iterator
 * releases its resources, and throws the signal's reason at once, without waiting for `return` or a pending `next`.
 */
export async function* untilAborted<Value>(
  values: AsyncIterable<Value>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Value, void, undefined> {
  signal?.throwIfAborted();
  const iterator = values[Symbol.asyncIterator]();
  const orAborted = createRace(signal);
  let isOpen = true;
  let turnEnds = performance.now() + TURN_MS;
  try {
    for (;;) {
      isOpen = false;
      const { done, value } = await orAborted.race(iterator.next()).catch((error) => {
        // An iterator that failed by itself has nothing to release.
        isOpen = signal?.aborted === true;
        throw error;
      });
      if (done) return;
      isOpen = true;
      yield value;
      if (performance.now() > turnEnds) {
        await setImmediate();
        turnEnds = performance.now() + TURN_MS;
      }
      signal?.throwIfAborted();
    }
  } finally {
    const closing = isOpen ? orAborted.race(close(iterator)) : undefined;
    if (signal?.aborted) closing?.catch(() => undefined);
    else await closing;
    orAborted.end();
  }
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

/**
 * Makes promises reject once the signal aborts, one promise at a time. `Promise.race` with a single promise for the signal
 * would keep every value in memory until the end.
 */
function createRace(signal: AbortSignal | undefined) {
  let giveUp = (_reason: unknown): void => undefined;
  const stop = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  return {
    race<Value>(value: Value | PromiseLike<Value>): Promise<Value> {
      return new Promise((resolve, reject) => {
        giveUp = reject;
        Promise.resolve(value).then(resolve, reject);
      });
    },
    end: () => signal?.removeEventListener('abort', stop),
  };
}
