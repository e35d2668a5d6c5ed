/** DuckDB, loaded when it is first needed: how a database is opened, stopped and closed, text quoted and its errors shortened. */

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

/** An interruption is heard only by a query that runs, and the next may begin after it: it is said again this often. */
const INTERRUPT_EVERY_MS = 10;

/** An open database with its one connection. */
export interface Database {
  connection: Api.DuckDBConnection;
  /** Releases connection, files and threads; may be called again. */
  close(): void;
}

/** What a database may see, and what stops it. */
export interface DatabaseOptions {
  /** Absolute paths of the only files that queries can read. */
  files: readonly string[];
  /** Stops whatever query runs, and every query that begins afterwards. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a database in memory. It has two threads; what a query needs beyond the memory limit goes to a temporary
 * folder. Queries can read the given files and nothing else: no other file, no network, no extension, and no setting
 * can be changed.
 *
 * @throws {GmmError} `MISSING_DEPENDENCY`; the signal's reason
 */
export async function openDatabase({ files, signal }: DatabaseOptions): Promise<Database> {
  const api = await loadOptional<DuckDbApi>('@duckdb/node-api', READING);
  signal?.throwIfAborted();
  // DuckDB makes the folder when it needs it. Its own default is a folder .tmp of the working directory.
  const spill = join(tmpdir(), `parallel-gmm-spill-${process.pid}-${randomBytes(8).toString('hex')}`);
  const instance = await api.DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Rows pass by once; a file kept for another look takes memory (10⁷ × 8: 240 MB).
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

/** In this order: the list of paths can only be set while access is open, and settings only until they are locked. */
async function lockToFiles(connection: Api.DuckDBConnection, files: readonly string[]): Promise<void> {
  // A reader is given the path as a pattern that matches it alone (quotePath), and asks for both.
  const allowed = files.flatMap((file) => [quoteText(file), quotePath(file)]);
  await connection.run(`set allowed_paths = [${allowed.join(', ')}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}

/**
 * DuckDB's errors are pages: class, cause, the query, settings, advice for other options. This keeps the cause.
 *
 * @param error - thrown by a query
 * @returns one line
 */
export function shortenDuckDbError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.replace(/^([A-Z]\w* )+Error: /, '').split('\n');
  if (lines[0].startsWith('Error when sniffing file')) return 'no rows and columns can be made out in it';
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
