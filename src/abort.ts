/** Cancellation within a call: work that stops together, and promises that end early. */

import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/**
 * Runs work that is made of several jobs: when the caller's signal aborts, or one job fails, none of the others goes on.
 *
 * @param work - is given the signal for its jobs, which may have many listeners
 */
export async function together<Result>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const signals = signal ? [signal, controller.signal] : [controller.signal];
  const both = AbortSignal.any(signals);
  setMaxListeners(0, both);
  try {
    return await work(both);
  } finally {
    controller.abort();
  }
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
