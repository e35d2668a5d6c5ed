/** Cancellation within a call: work that stops together, and promises that end early. */

import { setMaxListeners } from 'node:events';

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
