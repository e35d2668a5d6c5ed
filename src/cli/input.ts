/** Rows for a command: read once its options are known to be right, given up on Ctrl-C. */

import { Dataset, type ReadOptions } from '../index.js';

/** @throws GmmError; the signal's reason */
export function readRows(input: string, options: ReadOptions, signal: AbortSignal): Promise<Dataset> {
  return Dataset.read(input, { ...options, signal });
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
