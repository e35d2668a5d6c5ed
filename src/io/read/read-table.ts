/** Files → row batches, whatever the format: the one entrance for reading. */

import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { compose, GmmError, subject } from '../../errors.js';
import { invalidOption, resolveFlag } from '../../option-checks.js';
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
 * Opens a table of numbers; its rows are read as they are iterated, never all at once.
 *
 * @param path - a file (`.csv`, `.tsv`, `.parquet`, `.json`, `.jsonl`, `.ndjson`, `.npy`; text also with `.gz`;
 *   with any other name its first bytes tell, and what they do not is CSV), a glob of files of one format, several of
 *   these, `-` for standard input, or a pipe (`<(…)`), whose formats their first bytes tell
 * @param options - which columns to use
 * @returns names of the columns and the rows, in file order, as batches; a table that isn't iterated must be closed
 * @throws {GmmError} `IO` when there is no such file, `INVALID_DATA` when it can't be understood or has a value that
 *   is no finite number (then often while iterating), `INVALID_OPTION` for columns that aren't there and SQL that
 *   fails, `MISSING_DEPENDENCY` for SQL, Parquet and JSON without DuckDB; the reason of `signal`, from here or while
 *   iterating
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
  // DuckDB takes a packed file that was cut off for a shorter one.
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
  resolveFlag('decimalComma', options.decimalComma);
  resolveFlag('header', options.header);
}

/** How a CSV is written says nothing of other files: an option that is ignored misleads. */
function checkNoCsvOptions(format: InputFormat, options: ReadOptions): void {
  const name = (['delimiter', 'decimalComma', 'header'] as const).find((each) => options[each] !== undefined);
  if (name === undefined) return;
  const message = compose`${subject(name)} is for CSV, got a file of ${format}`;
  throw new GmmError('INVALID_OPTION', message, { option: name });
}

/**
 * The beginning is looked at before the rows are read, so what can be read but once must become a file.
 *
 * @param name - which tells the format if the first bytes don't
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

/** Once aborted, whatever broke off broke off for that. */
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
