/** Cancellation within a call: work that stops together, and promises that end early. */

import { setMaxListeners } from 'node:events';

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
