/** An input as an SQL relation: the expressions that read each column as a number and as text. */

import { GmmError } from '../../../errors.js';
import type { InputFormat } from '../../files/content.js';
import type { InputFile } from '../../files/read-bytes.js';
import { describePath, type InputPath, onePath } from '../../files/system-errors.js';
import type { SourceColumn } from '../../table/columns.js';
import type { DataNote } from '../../table/data-note.js';
import { quoteName, quotePath } from '../../table/quote-sql.js';
import type { ReadOptions } from '../../table/table.js';
import { type CsvFiles, openCsvFiles } from '../csv/csv-files.js';
import { copyForSql, createCsvViews, explainCsv } from '../csv/views.js';
import { type Database, shortenDuckDbError } from '../duckdb/database.js';
import { checkQuery, queryError } from './query.js';

/** A column of a relation; its expressions are SQL over the positional names c0, c1, … */
export interface RelationColumn extends SourceColumn {
  /** Value in its own type. */
  value: string;
  /** Value as DOUBLE, or NULL. */
  number: string;
  /** Value as written in the file, as VARCHAR, or NULL. */
  text: string;
  /** Value as DOUBLE, or NULL, over the column's own name. */
  named: string;
  /** Whether it is text by type detection, for which a single stray word suffices. */
  guessed: boolean;
}

/** Rows in file order. */
export interface Relation {
  /** What follows FROM. Columns are named by position, so that their own names never matter. */
  source: string;
  /** The same with the columns' names, as a caller may write it. */
  named: string;
  columns: readonly RelationColumn[];
  /** The files in the order of their rows; empty if a query makes the rows. */
  parts: readonly RelationPart[];
  notes: readonly DataNote[];
  /** @returns a more specific error for a failed query */
  explain(error: unknown): Promise<unknown>;
}

/** One of several files. */
export interface RelationPart {
  path: string;
  /** What follows FROM for the rows of this file alone. */
  source: string;
}

const NUMERIC_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** The files of a relation. The database is opened afterwards, since it may read only these files. */
export interface RelationSource {
  /** Absolute paths of the files that DuckDB reads. */
  files: readonly string[];
  /**
   * Creates the view `input` over the files, and describes it as a relation.
   *
   * @throws {GmmError} `INVALID_DATA` for files that can't be parsed, `INVALID_OPTION` for SQL that can't
   */
  createRelation(database: Database): Promise<Relation>;
  /** Deletes the copies that were made for DuckDB. */
  remove(): Promise<void>;
}

/**
 * @param files - of one format
 * @param options - `sql`: a SELECT over `input`, by default all of it; `keep`: columns whose values must stay unchanged
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `INVALID_DATA`, `INVALID_OPTION`, `IO`; the signal's reason
 */
export async function openSource(
  files: readonly InputFile[],
  format: Exclude<InputFormat, 'npy'>,
  options: ReadOptions,
  path: InputPath,
): Promise<RelationSource> {
  if (format === 'csv') return openCsvSource(await openCsvFiles(files, options, path), options, path);
  return {
    files: files.map(({ file }) => file),
    createRelation: (database) => relateFiles(database, files, format, options, path),
    remove: async () => {},
  };
}

async function relateFiles(
  database: Database,
  files: readonly InputFile[],
  format: 'json' | 'parquet',
  { sql }: ReadOptions,
  path: InputPath,
): Promise<Relation> {
  const readerOf = (some: readonly InputFile[]) => {
    const list = `[${some.map(({ file }) => quotePath(file)).join(', ')}]`;
    // Types are detected from all rows: after a sample of whole numbers, DuckDB would round 1.5 to 2.
    const packed = some[0].isPacked ? ", compression='gzip'" : '';
    if (format === 'json') return `read_json(${list}, sample_size=-1, hive_partitioning=false${packed})`;
    return `read_parquet(${list}, hive_partitioning=false)`;
  };
  const guessedTypes = format === 'json';
  const rest = {
    parts: sql === undefined ? files.map((each) => ({ path: each.path, source: readerOf([each]) })) : [],
    notes: [],
    explain: async (error: unknown) => unreadable(path, error),
  };
  try {
    await database.connection.run(`create view input as select * from ${readerOf(files)}`);
    if (sql === undefined) {
      const described = await describeRelation(database, 'select * from input', guessedTypes);
      return { ...described, ...rest, named: 'input' };
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return { ...(await describeSql(database, sql, guessedTypes)), ...rest };
}

async function openCsvSource(
  opened: CsvFiles,
  options: ReadOptions,
  path: InputPath,
): Promise<RelationSource> {
  const explain = async (error: unknown) => {
    if (error instanceof GmmError) return error;
    return (await explainCsv(opened, options.signal)) ?? unreadable(path, error);
  };
  const { files, remove } = await copyForSql(opened.files, options.signal);
  return {
    files: files.map(({ file }) => file),
    async createRelation(database) {
      await createCsvViews(database, files, opened.columns, options.keep);
      const described = await describeSql(database, options.sql ?? 'select * from input', true);
      return { ...described, parts: [], notes: opened.notes, explain };
    },
    remove,
  };
}

/**
 * @param path - the input as the caller wrote it
 * @param error - thrown by DuckDB; a `GmmError` is returned unchanged
 * @returns the error to throw
 */
export function unreadable(path: InputPath, error: unknown): unknown {
  if (error instanceof GmmError) return error;
  return new GmmError('INVALID_DATA', `cannot read ${describePath(path)}: ${shortenDuckDbError(error)}`, {
    cause: error,
    path: onePath(path),
  });
}

/** @param sql - the caller's */
async function describeSql(database: Database, sql: string, guessedTypes: boolean) {
  try {
    return await describeRelation(database, await checkQuery(database, sql), guessedTypes);
  } catch (error) {
    throw queryError(error);
  }
}

/** The line breaks around the query end a comment on its last line. */
async function describeRelation({ connection }: Database, query: string, guessedTypes: boolean) {
  const reader = await connection.runAndReadAll(`describe select * from (\n${query}\n)`);
  const columns = reader.getRowsJson().map((row, i) => {
    const [name, type] = [String(row[0]), String(row[1])];
    const numeric = NUMERIC_TYPE.test(type);
    const textOf = (value: string) => (type === 'JSON' ? `(${value} ->> '$')` : `${value}::varchar`);
    const numberOf = (value: string) => `try_cast(${textOf(value)} as double)`;
    return {
      name,
      type,
      numeric,
      value: `c${i}`,
      number: numeric ? `c${i}::double` : numberOf(`c${i}`),
      text: textOf(`c${i}`),
      named: numeric ? quoteName(name) : numberOf(quoteName(name)),
      guessed: guessedTypes && (type === 'VARCHAR' || type === 'JSON'),
    };
  });
  const source = `(\n${query}\n) as t(${columns.map((_, i) => `c${i}`).join(', ')})`;
  const named = /\n|--/.test(query) ? `(\n${query}\n)` : `(${query})`;
  return { source, named, columns };
}
