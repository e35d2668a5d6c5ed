/** DuckDB, loaded when it is first needed: opens, interrupts and closes databases, and shortens their errors. */

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Api from '@duckdb/node-api';
import { loadOptional, type Need } from '../../../optional-packages.js';
import { removeAtExit } from '../../files/leftovers.js';
import { quotePath, quoteText } from '../../table/quote-sql.js';

/** The package `@duckdb/node-api`. */
export type DuckDbApi = typeof Api;

const READING: Need = {
  purpose: 'reading JSON, Parquet or SQL',
  packages: ['@duckdb/node-api'],
};

/** An interruption reaches only the running query, and another query may start afterwards: it is repeated at this interval. */
const INTERRUPT_EVERY_MS = 10;

/** An open database with its one connection. */
export interface Database {
  connection: Api.DuckDBConnection;
  /** Releases connection, files and threads; may be called again. */
  close(): void;
}

/** Which files a database may read, and what stops it. */
export interface DatabaseOptions {
  /** Absolute paths of the only files that queries can read. */
  files: readonly string[];
  /** Stops the running query and every later query. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a database in memory, with two threads. Queries that exceed the memory limit spill to a temporary folder. Queries can
 * read only the given files; they can reach no other file and no network, load no extension and change no setting.
 *
 * @throws {GmmError} `MISSING_DEPENDENCY`; the signal's reason
 */
export async function openDatabase({ files, signal }: DatabaseOptions): Promise<Database> {
  const api = await loadOptional<DuckDbApi>('@duckdb/node-api', READING);
  signal?.throwIfAborted();
  // DuckDB creates the folder when it needs it. Its default would be .tmp in the working directory.
  const spill = join(tmpdir(), `parallel-gmm-spill-${process.pid}-${randomBytes(8).toString('hex')}`);
  const instance = await api.DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Rows are read once; caching the file would only take memory (10⁷ × 8: 240 MB).
    enable_external_file_cache: 'false',
    temp_directory: spill,
  });
  const forgetSpill = removeAtExit(spill);
  const closeInstance = () => {
    instance.closeSync();
    rmSync(spill, { recursive: true, force: true });
    forgetSpill();
  };
  try {
    const connection = await instance.connect();
    await lockToFiles(connection, files);
    let timer: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      timer = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      signal?.removeEventListener('abort', interrupt);
      clearInterval(timer);
      connection.closeSync();
      closeInstance();
    };
    if (signal?.aborted) interrupt();
    return { connection, close };
  } catch (error) {
    closeInstance();
    throw error;
  }
}

/** The order matters: the list of paths can be set only while access is enabled, and settings only until they are locked. */
async function lockToFiles(connection: Api.DuckDBConnection, files: readonly string[]): Promise<void> {
  // Readers get the path as a pattern that matches only this path (quotePath), and DuckDB checks both forms.
  const allowed = files.flatMap((file) => [quoteText(file), quotePath(file)]);
  await connection.run(`set allowed_paths = [${allowed.join(', ')}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}

/**
 * DuckDB's errors are long: class, cause, query, settings, advice about options. This keeps the cause.
 *
 * @param error - thrown by a query
 * @returns one line
 */
export function shortenDuckDbError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.replace(/^([A-Z]\w* )+Error: /, '').split('\n');
  if (lines[0].startsWith('Error when sniffing file')) return 'no rows and columns can be found in it';
  const csvLine = /^CSV Error on Line: (\d+)/.exec(lines[0])?.[1];
  const missing = /^Column with name: (".*") is missing/m.exec(message);
  if (missing) return `column ${missing[1]} is not in every file`;
  const refused = /^Cannot access (?:file|directory) (".*") - file system operations are disabled/.exec(
    lines[0],
  );
  if (refused) return `the query uses ${refused[1]}; it can use the view input and no other file`;
  if (csvLine === undefined) return lines[0].trim();
  const width = /^Expected Number of Columns: (\d+) Found: (\d+)/m.exec(message);
  if (width) return `line ${csvLine} has ${width[2]} values where ${width[1]} are expected`;
  const value = /^Error when converting column (".*")\. Could not convert string (".*") to/m.exec(message);
  if (value) return `line ${csvLine}, column ${value[1]} is ${value[2]}; every value must be a finite number`;
  const cause = lines.slice(1).find((line) => line.trim() !== '' && !line.startsWith('Original Line:'));
  return `line ${csvLine}: ${(cause ?? lines[0]).trim()}`;
}
