/** Files → row batches, whatever the format: the one entrance for reading. */

import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { checkGzip } from './gzip.js';
import { checkJsonDepth, mayReadJson } from './json-depth.js';
import { openStream } from './open-stream.js';
import { findFiles, formatOf, type InputFormat } from './paths.js';
import { readNpy } from './read-npy.js';
import { readRelation } from './read-relation.js';
import { spoolStream } from './spool.js';
import { explainSystemError } from './system-errors.js';
import type { ReadOptions, Table } from './table.js';

export type { Keep, KeptValue, ReadOptions, RowBatch, Table } from './table.js';

/**
 * Opens a table of numbers; its rows are read as they are iterated, never all at once.
 *
 * @param path - a file (`.csv`, `.tsv`, `.parquet`, `.json`, `.jsonl`, `.ndjson`, `.npy`; text also with `.gz`;
 *   anything else is taken for CSV), a glob of files of one format, `-` for CSV on standard input, or a pipe (`<(…)`)
 * @param options - which columns to use
 * @returns names of the columns and the rows, in file order, as batches; a table that isn't iterated must be closed
 * @throws {GmmError} `IO` when there is no such file, `INVALID_DATA` when it can't be understood or has a value that
 *   is no finite number (then often while iterating), `INVALID_OPTION` for columns that aren't there and SQL that
 *   fails, `MISSING_DEPENDENCY` without DuckDB; the reason of `signal`, from here or while iterating
 *
 * @example
 * const table = await readTable('iris.csv', { columns: ['petal_length', 'petal_width'] });
 * for await (const { nRows, rows } of table.batches) console.log(nRows, rows[0]);
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    const table = await openTable(path, options);
    return { ...table, batches: sayAborted(table.batches, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

async function openTable(path: string, options: ReadOptions): Promise<Table> {
  if (path === '-') return readStream(process.stdin, 'standard-input.csv', path, options);
  const { files, format, isStream } = await findFiles(path);
  if (isStream) return readStream(await openPipe(files[0], path), basename(files[0]), path, options);
  for (const file of files) {
    if (file.toLowerCase().endsWith('.gz'))
      await checkGzip(file, files.length === 1 ? path : file, options.signal);
  }
  return readFiles(files, format, options, path);
}

async function openPipe(file: string, path: string): Promise<Readable> {
  return openStream(file).catch((error) => {
    throw explainSystemError('read', path, error);
  });
}

async function readFiles(
  files: readonly string[],
  format: InputFormat,
  options: ReadOptions,
  path: string,
): Promise<Table> {
  if (mayReadJson(format, options.sql)) {
    for (const file of files) await checkJsonDepth(file, files.length === 1 ? path : file, options.signal);
  }
  return format === 'npy' ? readNpy(files, options, path) : readRelation(files, format, options, path);
}

/**
 * The sniffer looks at the beginning before the rows are read, so what can be read but once must become a file.
 *
 * @param name - which tells the format
 */
async function readStream(
  stream: Readable,
  name: string,
  path: string,
  options: ReadOptions,
): Promise<Table> {
  const spool = await spoolStream(stream, name, path, options.signal);
  try {
    const table = await readFiles([spool.path], formatOf(name), options, path);
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
