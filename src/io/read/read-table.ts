/** Files → batches of rows, in any format: the entry point for reading tables. */

import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { compose, GmmError, invalidOption, subject } from '../../errors.js';
import type { InputFormat } from '../files/content.js';
import { findFiles, formatOf, recogniseFile } from '../files/find-files.js';
import { checkGzip } from '../files/gzip.js';
import { openStream } from '../files/open-stream.js';
import type { InputFile } from '../files/read-bytes.js';
import { spoolStream } from '../files/spool.js';
import { explainSystemError, type InputPath } from '../files/system-errors.js';
import type { ReadOptions, Table } from '../table/table.js';
import { readCsv } from './csv/read-csv.js';
import { readNpy } from './npy/read-npy.js';
import { checkJsonDepth, mayReadJson } from './relation/json-depth.js';
import { readRelation } from './relation/read-relation.js';

export type { Keep, KeptValue, ReadOptions, RowBatch, SkippedColumn, Table } from '../table/table.js';

/**
 * Opens a table of numbers. Its rows are read while they are iterated, never all at once.
 *
 * @param path - a file, a glob of files of one format, several of these, `-` for standard input, or a pipe (`<(…)`).
 *   The format follows from the extension (`.csv`, `.tsv`, `.parquet`, `.json`, `.jsonl`, `.ndjson`, `.npy`; text also with
 *   `.gz`), otherwise from the first bytes; by default it is CSV
 * @param options - which columns to use, and how to read them
 * @returns the names of the columns, and the rows in file order as batches; a table that isn't iterated must be closed
 * @throws {GmmError} `IO` if there is no such file; `INVALID_DATA` if it can't be parsed or a value is not a finite number (often
 *   only while iterating); `INVALID_OPTION` for missing columns and SQL that fails; `MISSING_DEPENDENCY` for SQL, Parquet and
 *   JSON without DuckDB; the reason of `signal`, at once or while iterating
 *
 * @example
 * const table = await readTable('iris.csv', { columns: ['petal_length', 'petal_width'] });
 * for await (const { nRows, rows } of table.batches) console.log(nRows, rows[0]);
 */
export async function readTable(path: InputPath, options: ReadOptions = {}): Promise<Table> {
  const { signal } = options;
  signal?.throwIfAborted();
  checkCsvOptions(options);
  try {
    const table = await openTable(path, options);
    return { ...table, batches: sayAborted(table.batches, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

async function openTable(paths: InputPath, options: ReadOptions): Promise<Table> {
  const path = paths.length === 1 ? paths[0] : paths;
  if (path === '-') return readStream(process.stdin, 'standard-input', path, options);
  if (typeof path !== 'string' && path.includes('-')) {
    const message = "standard input (-) can't be one of several inputs";
    throw new GmmError('INVALID_OPTION', message, { option: 'path', path: '-' });
  }
  const { files, format, isStream } = await findFiles(path);
  const nameOf = (file: string) => (files.length === 1 && typeof path === 'string' ? path : file);
  if (isStream) {
    const name = nameOf(files[0]);
    return readStream(await openPipe(files[0], name), basename(files[0]), name, options);
  }
  const inputs: InputFile[] = [];
  for (const file of files) {
    const { isPacked } = await recogniseFile(file);
    inputs.push({ file, path: nameOf(file), isPacked: isPacked || /\.gz$/i.test(file) });
  }
  return readFiles(inputs, format, options, path);
}

async function openPipe(file: string, path: string): Promise<Readable> {
  return openStream(file).catch((error) => {
    throw explainSystemError('read', path, error);
  });
}

async function readFiles(
  files: readonly InputFile[],
  format: InputFormat,
  options: ReadOptions,
  path: InputPath,
): Promise<Table> {
  if (format !== 'csv') checkNoCsvOptions(format, options);
  else if (options.sql === undefined) return readCsv(files, options, path);
  // DuckDB would read a truncated packed file without an error.
  for (const file of files) if (file.isPacked) await checkGzip(file.file, file.path, options.signal);
  if (mayReadJson(format, options.sql)) {
    for (const file of files) await checkJsonDepth(file, options.signal);
  }
  if (format !== 'npy') return readRelation(files, format, options, path);
  const names = files.map(({ file }) => file);
  return readNpy(names, options, path);
}

/** @throws {GmmError} `INVALID_OPTION` */
function checkCsvOptions(options: ReadOptions): void {
  const { delimiter } = options;
  if (delimiter !== undefined && !(typeof delimiter === 'string' && /^[^"\r\n]$/u.test(delimiter))) {
    throw invalidOption('delimiter', 'one character, neither a quote nor a line break', delimiter);
  }
  for (const name of ['decimalComma', 'header'] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
  }
}

/** Refuses options of CSV for other formats: an option that is ignored misleads. */
function checkNoCsvOptions(format: InputFormat, options: ReadOptions): void {
  const name = (['delimiter', 'decimalComma', 'header'] as const).find((each) => options[each] !== undefined);
  if (name === undefined) return;
  const message = compose`${subject(name)} is for CSV, got a file of ${format}`;
  throw new GmmError('INVALID_OPTION', message, { option: name });
}

/**
 * Copies a stream to a file first: the beginning is read twice.
 *
 * @param name - its extension gives the format if the first bytes don't
 */
async function readStream(
  stream: Readable,
  name: string,
  path: string,
  options: ReadOptions,
): Promise<Table> {
  const spool = await spoolStream(stream, name, path, options.signal);
  try {
    const { format, isPacked } = await recogniseFile(spool.path);
    const input = { file: spool.path, path, isPacked };
    const table = await readFiles(
      [input],
      format === 'csv' ? (formatOf(name) ?? format) : format,
      options,
      path,
    );
    const close = async () => {
      await table.close();
      await spool.remove();
    };
    return { ...table, batches: closeAfter(table.batches, close), close };
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

async function* closeAfter<T>(
  values: AsyncIterable<T>,
  close: () => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* values;
  } finally {
    await close();
  }
}

/** After an abort, every failure is reported as the abort. */
async function* sayAborted<T>(
  values: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* values;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
