/** Cancellation within a call: work that stops together, and promises that end early. */

import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** What the caller of a call may have a say in. */
export interface CallerHooks<Event> {
  readonly signal: AbortSignal | undefined;
  /** May be asynchronous. */
  readonly onProgress: ((event: Event) => unknown) | undefined;
}

/** The same, for the call's own work: a signal that may have many listeners, and a callback that ends the call where it fails. */
export interface WorkHooks<Event> {
  readonly signal: AbortSignal;
  readonly onProgress: ((event: Event) => void) | undefined;
}

/**
 * Runs work that is made of several jobs: when the caller's signal aborts, one job fails, or the caller's callback throws or
 * rejects, none of the others goes on.
 *
 * @returns what `work` gives, once the promises that the callback returned have settled
 * @throws what `work` throws; the signal's reason; what the callback threw or rejected with
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

/** Time that work gets to clean up: half of the 100 ms within which a call must have ended. */
const CLEANUP_MS = 50;

/**
 * What `work` gives, or a rejection with the signal's reason once it aborts: then work is not begun, or it is left
 * behind if it doesn't end soon by itself.
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

/** Longest time for which values that are ready keep the event loop from its timers and signals. */
const TURN_MS = 10;

/**
 * The values of an iterable until the signal aborts. Then the iterator's `return` is called, so that it releases what
 * it holds, and the signal's reason is thrown at once: neither `return` nor a pending `next` is waited for.
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
        // Only an iterator that did not fail itself has something to release.
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
 * Promises that reject early, once the signal aborts; one at a time. `Promise.race` with one promise for the signal
 * would keep every value until the end.
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
