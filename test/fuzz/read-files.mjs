/**
 * Reads files one after the other with the built package and prints a line of JSON about each. A process of its own, for a
 * file may end the process that reads it.
 *
 *   node read-files.mjs <file> …
 */

import { readFileSync } from 'node:fs';
import { Dataset, GaussianMixture, GmmError } from '../../dist/index.js';

/** A model file is JSON that holds a model; everything else is rows. */
async function read(file) {
  if (file.endsWith('.model.json')) {
    const { nComponents } = GaussianMixture.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
    return { nComponents };
  }
  const data = await Dataset.read(file);
  const { nSamples, nFeatures, columns, skipped, notes } = data;
  const rows = [];
  for (let i = 0; i < nSamples; i++) rows.push(...data.row(i));
  return {
    nRows: nSamples,
    allFinite: rows.length === nSamples * nFeatures && rows.every(Number.isFinite),
    columns,
    skipped: skipped.map(({ name }) => name),
    losses: notes.flatMap(({ level, message }) => (level === 'loss' ? [message] : [])),
    // Negative zero is no value of JSON's.
    rows: rows.map((value) => value + 0),
  };
}

for (const file of process.argv.slice(2)) {
  let outcome;
  try {
    outcome = await read(file);
  } catch (error) {
    const isOurs =
      error instanceof GmmError || (error instanceof SyntaxError && file.endsWith('.model.json'));
    outcome = {
      error: {
        code: isOurs ? (error.code ?? 'JSON') : `raw ${error?.name}`,
        message: String(error?.message),
      },
    };
  }
  console.log(JSON.stringify({ file, ...outcome }));
}
