/** A relation → row batches: one streamed query, a chunk of columns at a time. */

import type { DuckDBVector } from '@duckdb/node-api';
import { describe, GmmError } from '../errors.js';
import { type ColumnChoice, listNames, resolveColumns } from './columns.js';
import { type Database, openDatabase } from './duckdb.js';
import { findNonFinite, nonFiniteError } from './finite.js';
import { type KeptExpression, resolveKept } from './kept.js';
import type { InputFormat } from './paths.js';
import { readAhead } from './read-ahead.js';
import { createRelation, type Relation, type RelationColumn, unreadable } from './relation.js';
import { describePath } from './system-errors.js';
import type { KeptValue, ReadOptions, RowBatch, Table } from './table.js';

/** As many rows as DuckDB's sniffer looks at: a stray word that made it take numbers for text is among them. */
const SNIFFED_ROWS = 20480;

/**
 * Opens files that DuckDB reads.
 *
 * @param files - absolute paths, of one format
 * @param options - which columns, which query
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `INVALID_DATA`, `INVALID_OPTION`, `MISSING_DEPENDENCY`
 */
export async function readRelation(
  files: readonly string[],
  format: Exclude<InputFormat, 'npy'>,
  options: ReadOptions,
  path: string,
): Promise<Table> {
  const database = await openDatabase({ files, signal: options.signal });
  try {
    const relation = await createRelation(database, files, format, options, path);
    const choice = resolveColumns(relation.columns, options, path);
    await checkStrayText(database, relation, choice.skipped, path);
    if (choice.features.length === 0) await failWithoutFeatures(database, relation, choice, path);
    const kept = await resolveKept(database, relation, choice.kept, options.keep?.as ?? 'values');
    const rowsRequired = format === 'csv' && options.sql === undefined;
    return {
      columns: choice.features.map((index) => relation.columns[index].name),
      skipped: choice.skipped.map((index) => ({
        name: relation.columns[index].name,
        type: relation.columns[index].type,
      })),
      kept: kept.map(({ name, type }) => ({ name, type })),
      batches: streamAndClose(database, relation, { ...choice, kept }, path, rowsRequired),
      close: async () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What is read of a relation. */
interface Reading extends Pick<ColumnChoice, 'features' | 'weight'> {
  kept: readonly KeptExpression[];
}

async function* streamAndClose(
  database: Database,
  relation: Relation,
  reading: Reading,
  path: string,
  rowsRequired: boolean,
): AsyncGenerator<RowBatch, void, undefined> {
  try {
    let nRows = 0;
    for await (const batch of streamBatches(database, relation, reading, path)) {
      nRows += batch.nRows;
      yield batch;
    }
    if (nRows === 0 && rowsRequired) throw noRows(path);
  } finally {
    // A stream not read to its end keeps the file open until it is collected, unless another query ends it.
    await database.connection.run('select 1').catch(() => {});
    database.close();
  }
}

async function* streamBatches(
  database: Database,
  relation: Relation,
  { features, weight, kept }: Reading,
  path: string,
): AsyncGenerator<RowBatch, void, undefined> {
  const columns = (weight < 0 ? features : [...features, weight]).map((index) => relation.columns[index]);
  // NULL becomes NaN: without a mask of NULLs, getItem takes 5 ns a value instead of 34.
  const values = columns.map((column) => `coalesce(${column.number}, 'nan'::double)`);
  const carried = kept.map(({ sql }) => sql);
  // A stream that fails midway ends like one that is done (@duckdb/node-api 1.5: fetchChunk hides the error),
  // so a last row marked 1 tells that everything came. Costs 0.07 s for 10⁶ rows.
  const end = [...values.map(() => '0::double'), ...carried.map(() => 'null'), '1::double'];
  const marked = `select ${[...values, ...carried, '0::double'].join(', ')} from ${relation.source}
    union all select ${end.join(', ')}`;
  let firstRow = 0;
  try {
    const result = await database.connection.stream(marked);
    let complete = false;
    let bad: ReturnType<typeof findNonFinite>;
    // DuckDB makes the next chunk while this one is used.
    for await (const chunk of readAhead(result)) {
      complete = chunk.getColumnVector(end.length - 1).getItem(chunk.rowCount - 1) === 1;
      const nRows = chunk.rowCount - (complete ? 1 : 0);
      if (nRows === 0) continue;
      const batch: RowBatch = {
        nRows,
        rows: new Float64Array(nRows * features.length),
        kept: carried.map((_, j) => takeValues(chunk.getColumnVector(columns.length + j), nRows)),
      };
      for (let j = 0; j < features.length; j++) {
        copyColumn(batch.rows, j, features.length, chunk.getColumnVector(j));
      }
      if (weight >= 0) {
        batch.sampleWeight = new Float64Array(nRows);
        copyColumn(batch.sampleWeight, 0, 1, chunk.getColumnVector(features.length));
      }
      bad = findNonFinite(batch, features.length);
      if (bad) break;
      firstRow += nRows;
      yield batch;
    }
    if (bad) throw await explainBad(database, relation, columns[bad.column], firstRow + bad.row, bad.value);
    if (!complete) await failAsStream(database, relation, columns, firstRow);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** values[i·width + column] = vector[i], for as many rows as `values` has. */
function copyColumn(values: Float64Array, column: number, width: number, vector: DuckDBVector): void {
  for (let i = 0, at = column; at < values.length; i++, at += width) values[at] = vector.getItem(i) as number;
}

function takeValues(vector: DuckDBVector, nRows: number): KeptValue[] {
  const values = new Array<KeptValue>(nRows);
  for (let i = 0; i < nRows; i++) values[i] = vector.getItem(i) as KeptValue;
  return values;
}

/** Runs the query of a stream that broke off once more, where errors are heard. */
async function failAsStream(
  { connection }: Database,
  relation: Relation,
  columns: readonly RelationColumn[],
  row: number,
): Promise<never> {
  await connection.run(
    `select ${columns.map(({ number }) => `count(${number})`).join(', ')} from ${relation.source}`,
  );
  throw new Error(`reading broke off after row ${row}`);
}

/** NaN stands for itself, for NULL and for text: the row is read once more to tell. */
async function explainBad(
  { connection }: Database,
  relation: Relation,
  column: RelationColumn,
  row: number,
  value: number,
): Promise<GmmError> {
  const place = await locate(connection, relation, row);
  if (!Number.isNaN(value)) return nonFiniteError(place.row, column.name, value, place.file);
  const reader = await connection.runAndReadAll(
    `select ${column.text}, ${column.number} from ${relation.source} limit 1 offset ${row}`,
  );
  // A query without an order may give another row the second time.
  const [text, number] = reader.currentRowCount > 0 ? reader.getRows()[0] : [null, null];
  const found = number === null ? (text as string | null) : value;
  return nonFiniteError(place.row, column.name, found, place.file);
}

/** A row of several files → the file, and the row in it. */
async function locate(
  connection: Database['connection'],
  { parts }: Relation,
  row: number,
): Promise<{ row: number; file?: string }> {
  if (parts.length < 2) return { row };
  let first = 0;
  for (const { path, source } of parts) {
    const reader = await connection.runAndReadAll(`select count(*) from ${source}`);
    const nRows = Number(reader.getRows()[0][0]);
    if (row < first + nRows) return { row: row - first, file: path };
    first += nRows;
  }
  return { row };
}

/**
 * A column of numbers with a stray word is text to the sniffer, and would be left out without a word.
 *
 * @param skipped - positions of the columns that are not numeric
 * @throws {GmmError} `INVALID_DATA` naming the stray word, when at least half of what a column has are numbers
 */
async function checkStrayText(
  database: Database,
  relation: Relation,
  skipped: readonly number[],
  path: string,
): Promise<void> {
  const candidates = skipped.filter((index) => relation.columns[index].guessed);
  if (candidates.length === 0) return;
  const counts = candidates.map((index) => {
    const { text, number } = relation.columns[index];
    return `count(nullif(trim(${text}), '')), count(${number})`;
  });
  try {
    const reader = await database.connection.runAndReadAll(
      `select ${counts.join(', ')} from (select * from ${relation.source} limit ${SNIFFED_ROWS})`,
    );
    const found = reader.getRows()[0].map(Number);
    const features = candidates.filter(
      (_, i) => found[2 * i + 1] > 0 && 2 * found[2 * i + 1] >= found[2 * i],
    );
    if (features.length === 0) return;
    for await (const _ of streamBatches(database, relation, { features, weight: -1, kept: [] }, path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function failWithoutFeatures(
  { connection }: Database,
  relation: Relation,
  { weight }: ColumnChoice,
  path: string,
): Promise<never> {
  const reader = await connection.runAndReadAll(`select 1 from ${relation.source} limit 1`).catch((error) => {
    throw unreadable(path, error);
  });
  if (reader.currentRowCount === 0) throw noRows(path);
  const others = relation.columns.filter((_, index) => index !== weight);
  const there = listNames(others.map(({ name, type }) => `${describe(name)} (${type})`));
  const but = weight < 0 ? '' : ` but the weights ${describe(relation.columns[weight].name)}`;
  const hint = relation.columns.length === 1 ? '; does every line have the same number of values?' : '';
  throw new GmmError(
    'INVALID_DATA',
    `${describePath(path)} has no numeric column${but}${there && `; it has ${there}`}${hint}`,
  );
}

function noRows(path: string): GmmError {
  return new GmmError('INVALID_DATA', `${describePath(path)} has no rows`);
}
