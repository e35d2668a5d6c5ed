/**
 * CSV files as SQL views: `input` with numbers, dates and text, and `input_text` with every value as written in the file.
 */

import { Readable } from 'node:stream';
import { describe, GmmError } from '../../../errors.js';
import { spoolStream } from '../../files/spool.js';
import { describePlace, type Place } from '../../table/finite.js';
import type { Keep } from '../../table/table.js';
import type { Database } from '../duckdb/database.js';
import type { CsvFile } from './csv-file.js';
import type { CsvFiles } from './csv-files.js';
import { isMissing, parseNumber } from './number.js';
import { readRows } from './rows.js';
import { csvSource, type SqlCsv, selectColumns, typedValue } from './sql.js';

/** Files that DuckDB reads. */
export interface SqlFiles {
  files: readonly SqlCsv[];
  /** Deletes the copies that were made for DuckDB. */
  remove(): Promise<void>;
}

/**
 * @returns the files; those that DuckDB can't read are replaced by copies
 * @throws {GmmError} `INVALID_DATA`, `IO`; the signal's reason
 */
export async function copyForSql(
  files: readonly CsvFile[],
  signal: AbortSignal | undefined,
): Promise<SqlFiles> {
  const removals: (() => Promise<void>)[] = [];
  const remove = async () => {
    for (const each of removals) await each();
  };
  const readable: SqlCsv[] = [];
  try {
    for (const file of files) {
      if (file.skip !== undefined) readable.push({ ...file, skip: file.skip });
      else {
        const copy = await copyPlain(file, signal);
        removals.push(copy.remove);
        readable.push(copy);
      }
    }
    return { files: readable, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * @param database - in/out: gets the views
 * @param columns - of the table of all files
 * @param keep - columns whose values must stay unchanged
 */
export async function createCsvViews(
  { connection }: Database,
  files: readonly SqlCsv[],
  columns: CsvFiles['columns'],
  keep: Keep | undefined,
): Promise<void> {
  const names = columns.map(({ name }) => name);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const select = (expressionOf: (name: string, text: string, decimalComma: boolean) => string) =>
    files
      .map((file) =>
        selectColumns(csvSource(file), file.columns, names, ({ name }, text) =>
          expressionOf(name, text, file.dialect.decimalComma),
        ),
      )
      .join(' union all ');
  const typed = select((name, text, decimalComma) => {
    const column = byName.get(name);
    return column ? typedValue(column, text, decimalComma, keep?.columns.includes(name) ?? false) : text;
  });
  await connection.run(`create view input as ${typed}`);
  await connection.run(`create view input_text as ${select((_, text) => text)}`);
}

/** Rewrites a file that DuckDB can't read: UTF-16, runs of blanks, \r alone. */
async function copyPlain(
  file: CsvFile,
  signal: AbortSignal | undefined,
): Promise<SqlCsv & { remove: () => Promise<void> }> {
  const { path, remove } = await spoolStream(
    Readable.from(plainText(file, signal)),
    'input.csv',
    file.path,
    signal,
  );
  const dialect = { ...file.dialect, delimiter: ',' };
  return { file: path, isPacked: false, dialect, columns: file.columns, skip: 0, remove };
}

async function* plainText(file: CsvFile, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const { width } = file.dialect;
  for await (const { rows } of readRows(file, { count: 0, first: 0 }, signal)) {
    let text = '';
    for (const row of rows) {
      for (let j = 0; j < width; j++) text += `${j === 0 ? '' : ','}"${row[j].replaceAll('"', '""')}"`;
      text += '\n';
    }
    yield text;
  }
}

/**
 * Finds out why a query could not read the files: a line of another length, or text in a column of numbers.
 *
 * @returns the error to throw; undefined if the files are valid
 */
export async function explainCsv(
  { files, columns }: CsvFiles,
  signal?: AbortSignal,
): Promise<GmmError | undefined> {
  for (const file of files) {
    const pure = file.columns.flatMap(({ name }, j) =>
      columns.some((column) => column.name === name && column.pure) ? [j] : [],
    );
    let row = 0;
    try {
      for await (const { rows, lines } of readRows(file, { count: 0, first: 0 }, signal)) {
        for (const [i, cells] of rows.entries()) {
          for (const j of pure) {
            if (isMissing(cells[j]) || !Number.isNaN(parseNumber(cells[j], file.dialect.decimalComma)))
              continue;
            const where = { row: row + i, line: lines[i], path: file.path };
            const place = { ...where, file: files.length > 1 ? file.path : undefined };
            return strayText(place, file.columns[j].name, cells[j]);
          }
        }
        row += rows.length;
      }
    } catch (error) {
      if (error instanceof GmmError) return error;
      throw error;
    }
  }
  return undefined;
}

function strayText(place: Place, column: string, text: string): GmmError {
  const lines = [
    `${describePlace(place)}, column ${describe(column)} is ${describe(text)}; every value must be a finite number`,
    'The view input_text has every value as text; try_cast(… as double) makes a number of it, or NULL.',
  ];
  return new GmmError('INVALID_DATA', lines.join('\n'), { row: place.row, column, path: place.path });
}
