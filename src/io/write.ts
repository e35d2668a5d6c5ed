/** Rows and text → files, whatever the format: the one entrance for writing. */

import { writeFile } from 'node:fs/promises';
import { GmmError } from '../errors.js';
import { describePath, explainSystemError } from './system-errors.js';
import type { OutputBatch } from './table.js';
import { writeWhole } from './whole-file.js';
import { writeCsvFile, writeCsvStream } from './write-csv.js';
import { writeNpyFile } from './write-npy.js';
import { writeParquetFile } from './write-parquet.js';

export type { OutputBatch } from './table.js';

/**
 * Writes columns of numbers as they come. A file appears when it is whole; if anything fails, nothing is left behind
 * and a file that was there stays as it was.
 *
 * @param path - `.csv`, `.parquet` (Int32Array as INTEGER, Float64Array as DOUBLE) or `.npy` (float64, n × columns);
 *   `-` is CSV on standard output
 * @param columns - names of the columns; a `.npy` file has none
 * @param batches - consecutive rows, one array a column
 * @throws {GmmError} `INVALID_OPTION` for other names, `IO`, `MISSING_DEPENDENCY`; errors of `batches` as they are
 */
export async function writePredictions(
  path: string,
  columns: readonly string[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  if (path === '-') return writeStandardOutput(columns, batches);
  const name = path.toLowerCase();
  if (name.endsWith('.csv')) return writeWhole(path, (file) => writeCsvFile(file, columns, batches));
  if (name.endsWith('.npy')) return writeWhole(path, (file) => writeNpyFile(file, columns, batches));
  if (name.endsWith('.parquet'))
    return writeWhole(path, (file) => writeParquetFile(file, columns, batches, path));
  throw new GmmError(
    'INVALID_OPTION',
    `cannot tell the format of ${describePath(path)}; the name must end in .csv, .parquet or .npy`,
  );
}

/**
 * Writes text, in UTF-8. The file appears when it is whole.
 *
 * @param path - where; any name
 * @param text - all of it
 * @throws {GmmError} `IO`
 */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await writeWhole(path, (file) => writeFile(file, text));
}

/**
 * Writes bytes. The file appears when it is whole.
 *
 * @param path - where; any name
 * @param bytes - all of them
 * @throws {GmmError} `IO`
 */
export async function writeBytesFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(path, (file) => writeFile(file, bytes));
}

async function writeStandardOutput(
  columns: readonly string[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  try {
    await writeCsvStream(process.stdout, columns, batches);
  } catch (error) {
    throw explainSystemError('write', '-', error);
  }
}
