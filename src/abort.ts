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

/** What `work` gives, or a rejection with the signal's reason as soon as it aborts; then it is not begun, or left behind. */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!signal) return work();
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
