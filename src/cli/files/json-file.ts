/** JSON files that the command reads and writes: models, start values. */

import { GaussianMixture, GmmError } from '../../index.js';
import { readTextFile } from '../../io/files/read-text.js';
import { checkWritable, writeContent } from '../../io/files/whole-file.js';
import { escapeControls } from '../../io/write/escape-controls.js';

/** @throws GmmError IO if there is no such file, INVALID_MODEL if it is not JSON */
export async function readJson(path: string): Promise<unknown> {
  const text = await readTextFile(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GmmError('INVALID_MODEL', `${JSON.stringify(path)} is not JSON`, { cause, path });
  }
}

/** @throws GmmError IO, INVALID_MODEL; the message names the file */
export async function readModel(path: string): Promise<GaussianMixture> {
  const content = await readJson(path);
  try {
    return GaussianMixture.fromJSON(content);
  } catch (error) {
    if (!(error instanceof GmmError)) throw error;
    throw new GmmError(error.code, [`${JSON.stringify(path)}: `, ...error.parts], { cause: error, path });
  }
}

/** Writes a model as indented JSON, with each row of numbers on one line. */
export async function writeModel(path: string, model: GaussianMixture): Promise<void> {
  const text = JSON.stringify(model, null, 2);
  // A JSON string has no line breaks, so only arrays of numbers match.
  const rows = text.replace(/\[\n[-+.\de,\s]*\]/g, (row) => row.replace(/\n\s*/g, '').replaceAll(',', ', '));
  // The path may be a terminal.
  const lines = rows.split('\n').map(escapeControls);
  await writeContent(path, `${lines.join('\n')}\n`);
}

/**
 * Finds out before a long fit, not after it, that its model or report can't be written.
 *
 * @param flag - `--model`, for messages
 * @throws GmmError IO, INVALID_OPTION
 */
export async function checkOutputPath(flag: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if (path === '-' || path === '') {
    throw new GmmError('INVALID_OPTION', `${flag} must be the name of a file, got ${JSON.stringify(path)}`);
  }
  await checkWritable(path);
}
