/** Rows for a command: read once its options are known to be right, given up on Ctrl-C. */

import { Dataset, type ReadOptions } from '../../index.js';
import { formatPath } from '../terminal/text.js';

/** Inputs named before the rest is counted. */
const MOST_INPUTS = 3;

/** @throws GmmError; the signal's reason */
export function readRows(
  inputs: readonly string[],
  options: ReadOptions,
  signal: AbortSignal,
): Promise<Dataset> {
  return Dataset.read(inputs, { ...options, signal });
}

/** `data.csv`, `a.csv, b.csv`, `a.csv and 5 more`, long paths cut in front. */
export function describeInputs(inputs: readonly string[]): string {
  const names = inputs.map((input) => (input === '-' ? 'standard input' : formatPath(input)));
  return names.length <= MOST_INPUTS ? names.join(', ') : `${names[0]} and ${names.length - 1} more`;
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
