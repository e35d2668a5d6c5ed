/**
 * The caller's query must be one SELECT over the view `input`. DuckDB's own parser decides that: a SELECT may also begin with
 * `from`, `with`, `values` or `table`.
 */

import { compose, GmmError, subject } from '../../../errors.js';
import { type Database, shortenDuckDbError } from '../duckdb/database.js';
import { guardJson } from './json-depth.js';

/** `duckdb_statement_type` in DuckDB's C API. */
const SELECT = 1;

/**
 * @param sql - as the caller wrote it
 * @returns the query without trailing semicolons and spaces, ready to be put in parentheses
 * @throws {GmmError} `INVALID_OPTION` unless it is a single SELECT that DuckDB can bind
 */
export async function checkQuery(database: Database, sql: string): Promise<string> {
  const { connection } = database;
  const statements = await connection.extractStatements(sql).catch((error) => {
    // DuckDB's binding for Node says this about a text without a statement, such as a comment.
    if (/^Error in native callback/.test(String(error?.message))) throw refused('no statement');
    throw queryError(error);
  });
  if (statements.count !== 1) throw refused(`${statements.count} statements`);
  const statement = await statements.prepare(0).catch((error) => {
    throw queryError(error);
  });
  const type: number = statement.statementType;
  statement.destroySync();
  if (type !== SELECT) throw refused(`another statement: ${firstWord(sql)}`);
  await guardJson(database, sql);
  return sql.replace(/[\s;]+$/, '');
}

/** @returns the error to throw for a query that DuckDB refused */
export function queryError(error: unknown): unknown {
  if (error instanceof GmmError) return error;
  const reason = shortenDuckDbError(error).replace(/^Failed to extract statements: (\w+ Error: )?/, '');
  return new GmmError('INVALID_OPTION', compose`${subject('sql')} failed: ${reason}`, {
    cause: error,
    option: 'sql',
  });
}

function refused(got: string): GmmError {
  const message = compose`${subject('sql')} must be one select over the view input, got ${got}`;
  return new GmmError('INVALID_OPTION', message, { option: 'sql' });
}

function firstWord(sql: string): string {
  return (/[a-z]+/i.exec(sql)?.[0] ?? sql).toUpperCase();
}
