/** Columns → a file or stream, in any format: the entry point for writing tables. */

import { addAbortSignal } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { compose, GmmError, subject } from '../../errors.js';
import { isNamedPipe, openPipeWriter } from '../files/open-stream.js';
import { describePath, explainSystemError } from '../files/system-errors.js';
import { writeWhole } from '../files/whole-file.js';
import type { OutputBatch, OutputColumn } from '../table/table.js';
import { type CsvOptions, writeCsvFile, writeCsvStream } from './write-csv.js';
import { writeNpyFile } from './write-npy.js';
import { writeParquetFile } from './write-parquet.js';

export type { OutputBatch, OutputColumn } from '../table/table.js';

/**
 * Writes columns batch by batch. The file appears once it is complete. If anything fails, nothing is left behind, and an existing
 * file stays unchanged.
 *
 * @param path - `.csv`, `.parquet` (a row group per batch) or `.npy` (float64, n × columns); `-` is CSV on standard output
 * @param columns - names and types of the columns; a `.npy` file has no names and numbers only
 * @param batches - consecutive rows, one array per column
 * @param options - `signal` stops writing: nothing is left behind, as after a failure. `escapeFormulas` (CSV only) quotes every
 *   text and puts a `'` before texts that a spreadsheet would run as formulas
 * @throws {GmmError} `INVALID_OPTION` for other extensions, `IO`; errors of `batches` unchanged; the signal's reason
 */
export async function writePredictions(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  options: CsvOptions = {},
): Promise<void> {
  const format = outputFormatOf(path, options);
  const { signal } = options;
  const heard = checkSignal(batches, signal);
  if (path === '-') return writeStandardOutput(columns, heard, options);
  if (format === 'csv' && (await isNamedPipe(path))) return writeNamedPipe(path, columns, heard, options);
  const write = { csv: writeCsvFile, npy: writeNpyFile, parquet: writeParquetFile }[format];
  await writeWhole(path, (file) => write(file, columns, heard, options), { signal });
}

/** The formats that can be written. */
export type OutputFormat = 'csv' | 'parquet' | 'npy';

/**
 * @param options - they must suit the format
 * @returns the format by the extension; CSV for `-`
 * @throws {GmmError} `INVALID_OPTION`
 */
export function outputFormatOf(path: string, { escapeFormulas }: CsvOptions = {}): OutputFormat {
  if (path === '-') return 'csv';
  const end = /\.(csv|parquet|npy)$/.exec(path.toLowerCase())?.[1];
  if (end && end !== 'csv' && escapeFormulas) {
    const message = compose`${subject('escapeFormulas')} is for CSV, got the output ${describePath(path)}`;
    throw new GmmError('INVALID_OPTION', message, { option: 'escapeFormulas', path });
  }
  if (end) return end as OutputFormat;
  throw new GmmError(
    'INVALID_OPTION',
    `cannot tell the format of ${describePath(path)}; the name must end in .csv, .parquet or .npy`,
    { path },
  );
}

/** Between two batches, lets the event loop run and checks the signal: not every format waits for the disk. */
async function* checkSignal(
  batches: AsyncIterable<OutputBatch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<OutputBatch, void, undefined> {
  for await (const batch of batches) {
    await setImmediate();
    signal?.throwIfAborted();
    yield batch;
  }
}

async function writeStandardOutput(
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  options: CsvOptions,
): Promise<void> {
  try {
    await writeCsvStream(process.stdout, columns, batches, options);
  } catch (error) {
    throw explainSystemError('write', '-', error);
  }
}

/** CSV is streamed to a reader that may be slow or leave early; files of other formats are complete only at the end. */
async function writeNamedPipe(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  options: CsvOptions,
): Promise<void> {
  const { signal } = options;
  try {
    const pipe = await openPipeWriter(path, signal);
    if (signal) addAbortSignal(signal, pipe);
    try {
      await writeCsvStream(pipe, columns, batches, options);
      pipe.end();
      await finished(pipe);
    } finally {
      pipe.destroy();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw explainSystemError('write', path, error);
  }
}
