/** A folder for the files of a test, and tables read whole. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ReadOptions, readTable } from '../../src/io/read/read-table.js';

/** Gives the file's tests a fresh folder, deleted after them. */
export function useFolder() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(path(name), content);
    return path(name);
  };
  return { path, write };
}

/** Reads everything. */
export async function readAll(path: string | readonly string[], options: ReadOptions = {}) {
  const table = await readTable(path, options);
  const rows: number[] = [];
  const weights: number[] = [];
  for await (const batch of table.batches) {
    for (const value of batch.rows) rows.push(value);
    for (const value of batch.sampleWeight ?? []) weights.push(value);
  }
  return { columns: table.columns, skipped: table.skipped, rows, weights };
}

/** Runs statements in a database of their own; the last one's rows. */
export async function runSql(sql: string) {
  // Imported here, as there are tests in which it is missing.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Numbers that show a lost bit: shortest forms of 17 digits, the smallest, the largest, negative. */
export const HARD_NUMBERS = [
  0.1 + 0.2,
  1 / 3,
  5e-324,
  1.7976931348623157e308,
  -2.2250738585072014e-308,
  2 ** 53,
];
