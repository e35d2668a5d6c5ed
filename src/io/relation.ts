/** Files as a relation: SQL for their rows, and how each column is read as a number and as text. */

import { GmmError } from '../errors.js';
import type { SourceColumn } from './columns.js';
import { type Database, quotePath, quoteText, shortenDuckDbError } from './duckdb.js';
import type { InputFormat } from './paths.js';
import { checkQuery, queryError } from './query.js';
import { describePath } from './system-errors.js';
import type { ReadOptions } from './table.js';

/** A column of a relation; its expressions are SQL over the positional names c0, c1, … */
export interface RelationColumn extends SourceColumn {
  /** Value as it comes. */
  value: string;
  /** Value as DOUBLE, or NULL. */
  number: string;
  /** Value as the file has it, as VARCHAR, or NULL. */
  text: string;
  /** Whether it is a column of text whose type was guessed: a single stray word makes it one. */
  guessed: boolean;
}

/** Rows in file order. */
export interface Relation {
  /** What follows FROM. Names are positions, so that columns' own names matter nowhere. */
  source: string;
  columns: readonly RelationColumn[];
  /** Whether every value is text, of which `type` is what the sniffer took it for. */
  isText: boolean;
  /** The files that the rows come from, one after the other, if they come as they are. */
  parts: readonly RelationPart[];
}

/** One of several files. */
export interface RelationPart {
  path: string;
  /** What follows FROM for the rows of this file alone. */
  source: string;
}

const NUMERIC_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** How a CSV file is written, by DuckDB's sniffer. */
interface Dialect {
  options: string[];
  columns: { name: string; type: string }[];
}

/**
 * Makes the view `input` over the files, and a relation of it.
 *
 * @param database - gets the view
 * @param files - absolute paths, of one format
 * @param options - `sql`, a SELECT over `input`, default: all of it; `keep`, columns whose values must stay as they are
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `INVALID_DATA` for files that can't be parsed, `INVALID_OPTION` for SQL that can't
 */
export async function createRelation(
  database: Database,
  files: readonly string[],
  format: Exclude<InputFormat, 'npy'>,
  { sql, keep }: Pick<ReadOptions, 'sql' | 'keep'>,
  path: string,
): Promise<Relation> {
  const guessedTypes = format !== 'parquet';
  const open = async (readerOf: (files: readonly string[]) => string) => {
    await database.connection.run(`create view input as select * from ${readerOf(files)}`);
    return sql === undefined ? files.map((file) => ({ path: file, source: readerOf([file]) })) : [];
  };
  let parts: RelationPart[];
  try {
    if (format === 'csv') {
      const dialect = await sniffDialect(database, files[0]);
      const types =
        sql === undefined ? ['all_varchar=true'] : numbersAsDouble(dialect.columns, keep?.columns);
      const options = [...dialect.options, ...types].join(', ');
      parts = await open((some) => `read_csv(${listPaths(some)}, ${options})`);
      // The whole of a CSV is read as text and cast: a stray word far down is then a NULL at its row, not an
      // error without one. All but as fast: 0.73 s against 0.66 s for 10⁶ × 8.
      if (sql === undefined) return csvRelation(dialect.columns, parts);
    } else if (format === 'json') {
      // The sample is everything: beyond it, DuckDB would round 1.5 to 2 in a column of whole numbers.
      parts = await open((some) => `read_json(${listPaths(some)}, sample_size=-1, hive_partitioning=false)`);
    } else {
      parts = await open((some) => `read_parquet(${listPaths(some)}, hive_partitioning=false)`);
    }
    if (sql === undefined)
      return await describeRelation(database, 'select * from input', guessedTypes, parts);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    return await describeRelation(database, await checkQuery(database, sql), guessedTypes, parts);
  } catch (error) {
    throw queryError(error);
  }
}

/**
 * @param path - the input as the caller wrote it
 * @param error - thrown by DuckDB, or anything else that goes through as it is
 * @returns the error to throw
 */
export function unreadable(path: string, error: unknown): unknown {
  if (error instanceof GmmError) return error;
  return new GmmError('INVALID_DATA', `cannot read ${describePath(path)}: ${shortenDuckDbError(error)}`, {
    cause: error,
  });
}

function listPaths(files: readonly string[]): string {
  return `[${files.map(quotePath).join(', ')}]`;
}

/** Half the text files with numbers have spaces between: tried when the usual separators give no number. */
async function sniffDialect(database: Database, file: string): Promise<Dialect> {
  // A name of two lines in a file with \r\n is more than the sniffer understands by itself.
  const dialect = await sniff(database, file, []).catch((error) =>
    sniff(database, file, ["new_line='\\r\\n'"]).catch(() => {
      throw error;
    }),
  );
  if (dialect.columns.length > 1 || NUMERIC_TYPE.test(dialect.columns[0].type)) return dialect;
  const spaced = await sniff(database, file, ["delim=' '"]).catch(() => dialect);
  return spaced.columns.some((column) => NUMERIC_TYPE.test(column.type)) ? spaced : dialect;
}

/** @param given - options that are known already */
async function sniff({ connection }: Database, file: string, given: readonly string[]): Promise<Dialect> {
  const reader = await connection.runAndReadAll(
    `select Delimiter, Quote, Escape, Comment, SkipRows, HasHeader, Columns
       from sniff_csv(${[quotePath(file), ...given, 'hive_partitioning=false'].join(', ')})`,
  );
  const [delim, quote, escapeSeen, comment, skip, header, columns] = reader.getRowsJson()[0];
  // The sniffer says (empty) for what it saw no use of; the first quote may come after its sample.
  const character = (found: unknown, otherwise: string) =>
    quoteText(found === '(empty)' ? otherwise : String(found));
  const quoteSeen = quote === '(empty)' ? '"' : String(quote);
  return {
    options: [
      ...given.filter((option) => !option.startsWith('delim=')),
      `delim=${character(delim, ',')}`,
      `quote=${quoteText(quoteSeen)}`,
      `escape=${character(escapeSeen, quoteSeen)}`,
      `comment=${character(comment, '')}`,
      `skip=${skip}`,
      `header=${header}`,
      'hive_partitioning=false',
      // Four lines of the greatest length; the default is four times as much, and a few buffers are held
      // (10⁶ × 8: peak 350 → 280 MB, in the same time).
      'buffer_size=8000000',
    ],
    columns: columns as unknown as Dialect['columns'],
  };
}

/** For queries, whole numbers are DOUBLE too: 1.5 may come after the sniffer's sample. Not those kept, which may be long. */
function numbersAsDouble(columns: Dialect['columns'], kept: readonly string[] = []): string[] {
  const numbers = columns.filter(({ name, type }) => NUMERIC_TYPE.test(type) && !kept.includes(name));
  if (numbers.length === 0) return [];
  return [`types={${numbers.map(({ name }) => `${quoteText(name)}: 'DOUBLE'`).join(', ')}}`];
}

function csvRelation(columns: Dialect['columns'], parts: readonly RelationPart[]): Relation {
  return {
    isText: true,
    parts,
    source: `(select * from input) as t(${columns.map((_, i) => `c${i}`).join(', ')})`,
    columns: columns.map(({ name, type }, i) => ({
      name,
      type,
      numeric: NUMERIC_TYPE.test(type),
      value: `c${i}`,
      number: `try_cast(c${i} as double)`,
      text: `c${i}`,
      guessed: type === 'VARCHAR',
    })),
  };
}

/** Line breaks around the query end a comment that it may end with. */
async function describeRelation(
  { connection }: Database,
  query: string,
  guessedTypes: boolean,
  parts: readonly RelationPart[],
): Promise<Relation> {
  const reader = await connection.runAndReadAll(`describe select * from (\n${query}\n)`);
  const columns = reader.getRowsJson().map((row, i) => {
    const [name, type] = [String(row[0]), String(row[1])];
    const numeric = NUMERIC_TYPE.test(type);
    const text = type === 'JSON' ? `(c${i} ->> '$')` : `c${i}::varchar`;
    const number = numeric ? `c${i}::double` : `try_cast(${text} as double)`;
    return {
      name,
      type,
      numeric,
      value: `c${i}`,
      number,
      text,
      guessed: guessedTypes && (type === 'VARCHAR' || type === 'JSON'),
    };
  });
  const source = `(\n${query}\n) as t(${columns.map((_, i) => `c${i}`).join(', ')})`;
  return { source, columns, isText: false, parts };
}
