/** Rows for a command: read once its options are known to be right, given up on Ctrl-C. */

import { Dataset, type ReadOptions } from '../index.js';
import { untilAborted } from './interrupt.js';

/** @throws GmmError; the signal's reason */
export async function readRows(input: string, options: ReadOptions, signal: AbortSignal): Promise<Dataset> {
  signal.throwIfAborted();
  // Waiting for more of standard input ends with an error, after which its copy on disk is removed.
  const hangUp = () => input === '-' && process.stdin.destroy(new Error('interrupted'));
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    return await untilAborted(Dataset.read(input, options), signal);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

/**
 * Checks options before rows are read, which may take minutes: a call that is cancelled before it begins
 * looks at its options and does nothing else.
 *
 * @throws GmmError INVALID_OPTION
 */
export async function checkOptions(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const cancelled = new Error('cancelled before it began');
  await call(AbortSignal.abort(cancelled)).catch((error) => {
    if (error !== cancelled) throw error;
  });
}
