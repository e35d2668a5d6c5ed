/** A relation → batches of rows, by one streamed query. */

import { describe, GmmError, joinMessages } from '../../../errors.js';
import type { InputFormat } from '../../files/content.js';
import type { InputFile } from '../../files/read-bytes.js';
import { describePath, type InputPath, onePath } from '../../files/system-errors.js';
import { type ColumnChoice, resolveColumns } from '../../table/columns.js';
import { adviseSkipped, describeSkipped, noteSkipped, toSkipped } from '../../table/skipped-columns.js';
import type { ReadOptions, RowBatch, SkippedColumn, Table } from '../../table/table.js';
import { noRows } from '../csv/csv-errors.js';
import { describeCells } from '../csv/kinds.js';
import { type Database, openDatabase } from '../duckdb/database.js';
import { endStream, type StreamEnd, streamQuery } from '../duckdb/stream-query.js';
import { checkedColumns, explainHole, type Reading } from './holes.js';
import { resolveKept } from './kept.js';
import { openSource } from './relation.js';

/** So many rows are searched for stray words. */
const SAMPLED_ROWS = 20480;

/** Examples from columns that are left out are taken from so many rows. */
const EXAMPLE_ROWS = 1000;

/**
 * Opens files that are read with SQL.
 *
 * @param files - of one format
 * @param options - which columns, which query
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `INVALID_DATA`, `INVALID_OPTION`, `MISSING_DEPENDENCY`
 */
export async function readRelation(
  files: readonly InputFile[],
  format: Exclude<InputFormat, 'npy'>,
  options: ReadOptions,
  path: InputPath,
): Promise<Table> {
  const source = await openSource(files, format, options, path);
  let database: Database | undefined;
  const close = async () => {
    database?.close();
    await source.remove();
  };
  try {
    database = await openDatabase({ files: source.files, signal: options.signal });
    const relation = await source.createRelation(database);
    const choice = resolveColumns(relation.columns, options, path);
    const kept = resolveKept(relation, choice.kept, options.keep?.as ?? 'values');
    const reading: Reading = {
      database,
      relation,
      path,
      features: choice.features,
      weight: choice.weight,
      kept,
    };
    await checkStrayText(reading, choice.skipped);
    const skipped = await describeLeftOut(reading, choice.skipped);
    if (choice.features.length === 0) await failWithoutFeatures(reading, choice);
    const names = choice.features.map((index) => relation.columns[index].name);
    return {
      columns: names,
      skipped,
      notes: [...relation.notes, ...choice.notes, ...noteSkipped(skipped, names, relation.named)],
      kept: kept.map(({ name, type }) => ({ name, type })),
      batches: streamAndClose(reading, close),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* streamAndClose(
  reading: Reading,
  close: () => Promise<void>,
): AsyncGenerator<RowBatch, void, undefined> {
  try {
    yield* streamBatches(reading);
  } finally {
    await endStream(reading.database);
    await close();
  }
}

async function* streamBatches(reading: Reading): AsyncGenerator<RowBatch, void, undefined> {
  const { database, relation, features, kept } = reading;
  const query = {
    numbers: checkedColumns(reading).map(({ number }) => number),
    nFeatures: features.length,
    carried: kept.map(({ sql }) => sql),
    source: relation.source,
  };
  const end: StreamEnd = { nRows: 0, isComplete: false };
  try {
    yield* streamQuery(database, query, end);
    if (end.bad) throw await explainHole(reading, end.bad);
    if (!end.isComplete) await failAsStream(reading, end.nRows);
  } catch (error) {
    throw await relation.explain(error);
  }
}

/** Runs the query of a stream that broke off again, in a way that reports errors. */
async function failAsStream(reading: Reading, row: number): Promise<never> {
  const counts = checkedColumns(reading).map(({ number }) => `count(${number})`);
  await reading.database.connection.run(`select ${counts.join(', ')} from ${reading.relation.source}`);
  throw new Error(`reading broke off after row ${row}`);
}

/**
 * Type detection takes a column of numbers with a single stray word for text, and the column would be left out silently.
 *
 * @param skipped - positions of the columns that are not numeric
 * @throws {GmmError} `INVALID_DATA` that names the stray word, if at least half of the values of a column are numbers
 */
async function checkStrayText(reading: Reading, skipped: readonly number[]): Promise<void> {
  const { database, relation } = reading;
  const candidates = skipped.filter((index) => relation.columns[index].guessed);
  if (candidates.length === 0) return;
  const counts = candidates.map((index) => {
    const { text, number } = relation.columns[index];
    return `count(nullif(trim(${text}), '')), count(${number})`;
  });
  try {
    const reader = await database.connection.runAndReadAll(
      `select ${counts.join(', ')} from (select * from ${relation.source} limit ${SAMPLED_ROWS})`,
    );
    const found = reader.getRows()[0].map(Number);
    const stray = candidates.filter((_, i) => found[2 * i + 1] > 0 && 2 * found[2 * i + 1] >= found[2 * i]);
    if (stray.length === 0) return;
    const features = [...reading.features, ...stray].sort((a, b) => a - b);
    for await (const _ of streamBatches({ ...reading, features, kept: [] }));
  } catch (error) {
    throw await relation.explain(error);
  }
}

/** @returns the columns left out, each with an example and how its numbers are written */
async function describeLeftOut(
  { database, relation }: Reading,
  skipped: readonly number[],
): Promise<SkippedColumn[]> {
  if (skipped.length === 0) return [];
  const columns = skipped.map((index) => relation.columns[index]);
  const texts = columns.map(({ text }) => text).join(', ');
  try {
    const reader = await database.connection.runAndReadAll(
      `select ${texts} from (select * from ${relation.source} limit ${EXAMPLE_ROWS})`,
    );
    const rows = reader.getRows();
    return columns.map((column, j) => {
      const cells = rows.map((row) => (row[j] === null ? '' : String(row[j])));
      const isText = column.type === 'VARCHAR';
      const {
        example = cells.find((cell) => cell !== ''),
        reason,
        sql,
      } = isText ? describeCells(column.name, cells, false) : {};
      return toSkipped({ ...column, example, reason, sql });
    });
  } catch (error) {
    throw await relation.explain(error);
  }
}

async function failWithoutFeatures(reading: Reading, { weight, skipped }: ColumnChoice): Promise<never> {
  const { database, relation, path } = reading;
  const reader = await database.connection
    .runAndReadAll(`select 1 from ${relation.source} limit 1`)
    .catch(async (error) => {
      throw await relation.explain(error);
    });
  if (reader.currentRowCount === 0) throw noRows(path);
  const there = await describeLeftOut(reading, skipped);
  const but = weight === undefined ? '' : ` but the weights ${describe(relation.columns[weight].name)}`;
  const first = `${describePath(path)} has no numeric column${but}${there.length > 0 ? `; it has ${describeSkipped(there)}` : ''}`;
  const message = joinMessages([first, ...adviseSkipped(there, [], relation.named)]);
  throw new GmmError('INVALID_DATA', message, { path: onePath(path) });
}
