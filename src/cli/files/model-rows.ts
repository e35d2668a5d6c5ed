/** Rows for a model: its columns, found by name. */

import { type GaussianMixture, GmmError } from '../../index.js';

/**
 * Reads by the model's names; for a model without names, what numbers there are.
 *
 * @param options - with `columns` where the caller says which
 * @param read - reads the inputs with these options
 * @throws GmmError INVALID_DATA naming a column that is not there; whatever `read` throws
 */
export async function readForModel<Options extends { columns?: readonly string[] | undefined }, Rows>(
  model: GaussianMixture,
  inputs: readonly string[],
  options: Options,
  read: (options: Options) => Promise<Rows>,
): Promise<Rows> {
  if (options.columns) return read(options);
  const isNameless = model.columns.every((name, a) => name === `x${a}`);
  // Standard input can be read but once.
  if (isNameless && inputs.includes('-')) return read(options);
  try {
    return await read({ ...options, columns: model.columns });
  } catch (error) {
    const missing = /^"columns" names (?=.* which is not in )/;
    if (!(error instanceof GmmError && missing.test(error.message))) throw error;
    if (isNameless) return read(options);
    const message = error.message.replace(missing, 'the model was fitted on column ');
    throw new GmmError('INVALID_DATA', message, { cause: error });
  }
}
