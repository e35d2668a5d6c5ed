/** Ctrl-C as an AbortSignal: work stops where it stands and cleans up; a second one ends the process at once. */

/** What work rejects with when it was interrupted. */
export class Interrupted extends Error {}

/** Time that reading gets to remove its temporary files. */
const CLEANUP_MS = 50;

/**
 * @param work - gets the signal
 * @returns what `work` gives
 * @throws Interrupted after Ctrl-C, once `work` has ended; whatever `work` throws
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => {
    if (signal.aborted) process.exit(130);
    controller.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', interrupt);
  try {
    return await work(signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/**
 * Waits for work that knows no signal, but not after the signal.
 *
 * @throws the signal's reason, whatever becomes of `work`
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      const rest = new Promise((resolve) => setTimeout(resolve, CLEANUP_MS));
      void Promise.race([work.catch(() => {}), rest]).then(() => reject(signal.reason));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
