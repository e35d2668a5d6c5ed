/** The inputs of a command: their rows, their names, and a check of the options before rows are read. */

import { Dataset, type ReadOptions } from '../../index.js';
import { formatPath } from '../terminal/text.js';

/** So many inputs are named; of more, only the first. */
const MOST_INPUTS = 3;

/** @throws GmmError; the signal's reason */
export function readRows(
  inputs: readonly string[],
  options: ReadOptions,
  signal: AbortSignal,
): Promise<Dataset> {
  return Dataset.read(inputs, { ...options, signal });
}

/** `data.csv`, `a.csv, b.csv`, `a.csv and 5 more`; the beginnings of long paths are cut. */
export function describeInputs(inputs: readonly string[]): string {
  const names = inputs.map((input) => (input === '-' ? 'standard input' : formatPath(input)));
  return names.length <= MOST_INPUTS ? names.join(', ') : `${names[0]} and ${names.length - 1} more`;
}

/**
 * Checks options before rows are read, which may take minutes. A call with an aborted signal checks its options and does nothing
 * else.
 *
 * @throws GmmError INVALID_OPTION
 */
export async function checkOptions(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const cancelled = new Error('cancelled before it began');
  await call(AbortSignal.abort(cancelled)).catch((error) => {
    if (error !== cancelled) throw error;
  });
}
