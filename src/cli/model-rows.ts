/** Rows for a model: its columns, found by name. */

import { type Dataset, type GaussianMixture, GmmError } from '../index.js';
import { readRows } from './input.js';
import { type DataFlags, toReadOptions } from './options.js';

/**
 * By the model's names; a model without names takes what numbers there are.
 *
 * @throws GmmError INVALID_DATA naming a column that is not there; the signal's reason
 */
export async function readForModel(
  model: GaussianMixture,
  input: string,
  flags: DataFlags,
  signal: AbortSignal,
): Promise<Dataset> {
  const options = toReadOptions(flags);
  if (options.columns) return readRows(input, options, signal);
  const isNameless = model.columns.every((name, a) => name === `x${a}`);
  // Standard input can be read but once.
  if (isNameless && input === '-') return readRows(input, options, signal);
  try {
    return await readRows(input, { ...options, columns: model.columns }, signal);
  } catch (error) {
    const missing = /^"columns" names (?=.* which is not in )/;
    if (!(error instanceof GmmError && missing.test(error.message))) throw error;
    if (isNameless) return readRows(input, options, signal);
    const message = error.message.replace(missing, 'the model was fitted on column ');
    throw new GmmError('INVALID_DATA', message, { cause: error });
  }
}
