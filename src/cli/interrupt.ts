/** Ctrl-C as an AbortSignal: work stops where it stands and cleans up; a second one ends the process at once. */

/** What work rejects with when it was interrupted. */
export class Interrupted extends Error {}

/** Time that work gets to end by itself and remove its temporary files. */
const CLEANUP_MS = 50;

/**
 * @param work - gets the signal
 * @returns what `work` gives
 * @throws Interrupted after Ctrl-C, once `work` has ended, or soon in any case; whatever `work` throws
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  let giveUp = (_reason: unknown) => {};
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const interrupt = () => {
    if (signal.aborted) process.exit(130);
    controller.abort(new Interrupted('interrupted'));
    setTimeout(() => giveUp(signal.reason), CLEANUP_MS);
  };
  process.on('SIGINT', interrupt);
  try {
    return await Promise.race([work(signal), late]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
