/**
 * CSV files → batches of rows, by two readers. The plain reader needs only papaparse and defines the meaning of every line. DuckDB,
 * if it is installed, only adds speed: it gets the dialect, and if it stops (at a hole, a line of another length, an odd quote),
 * the plain reader reads the rest and decides.
 */

import { GmmError } from '../../../errors.js';
import type { InputFile } from '../../files/read-bytes.js';
import { describePath, type InputPath } from '../../files/system-errors.js';
import { resolveColumns } from '../../table/columns.js';
import type { DataNote } from '../../table/data-note.js';
import { noteSkipped, toSkipped } from '../../table/skipped-columns.js';
import type { ReadOptions, RowBatch, Table } from '../../table/table.js';
import { type Database, openDatabase } from '../duckdb/database.js';
import { endStream, type StreamEnd, streamQuery } from '../duckdb/stream-query.js';
import { type CsvTable, csvHolesError, noRows, totalsError, withoutFeatures } from './csv-errors.js';
import { type CsvColumn, type CsvFile, findTotals } from './csv-file.js';
import { openCsvFiles } from './csv-files.js';
import { type CheckTypes, resolveKeptText } from './kept.js';
import { hasOddLines } from './look-through.js';
import { type CsvFindings, type CsvHoles, type CsvReading, createHoles, readPlain } from './plain-reader.js';
import { type BlankLines, readRows } from './rows.js';
import { csvSource, numberOf } from './sql.js';

/** The columns that are read, and the reader. */
interface Reading extends CsvTable {
  /** DuckDB, if it reads any of the files. */
  database: Database | undefined;
  /** Grows while rows are read. */
  notes: DataNote[];
}

/**
 * @param sources - the files
 * @param options - without `sql`
 * @param path - the input as the caller wrote it, for messages
 * @throws {GmmError} `IO`, `INVALID_DATA`, `INVALID_OPTION`; the signal's reason
 */
export async function readCsv(
  sources: readonly InputFile[],
  options: ReadOptions,
  path: InputPath,
): Promise<Table> {
  const opened = await openCsvFiles(sources, options, path);
  const { columns, files } = opened;
  const choice = resolveColumns(columns, options, path);
  const skipped = choice.skipped.map((index) => toSkipped(columns[index]));
  if (choice.features.length === 0) throw withoutFeatures(opened, choice.weight, path);
  const database = await openFast(files, options);
  const table: Reading = {
    ...{ opened, options, path, database },
    features: choice.features.map((index) => columns[index]),
    weight: choice.weight === undefined ? undefined : columns[choice.weight],
    kept: [],
    notes: [],
  };
  try {
    const kept = choice.kept.map((index) => columns[index]);
    const isComma = files.some(({ dialect }) => dialect.decimalComma);
    const check: CheckTypes = (types) => checkTypes(table, kept, types);
    table.kept = await resolveKeptText(kept, options.keep?.as ?? 'values', isComma, check);
    const names = table.features.map(({ name }) => name);
    table.notes = [...opened.notes, ...choice.notes, ...noteSkipped(skipped, names, 'input')];
    return {
      columns: names,
      skipped,
      notes: table.notes,
      kept: table.kept.map(({ name, type }) => ({ name, type })),
      batches: readFiles(table),
      close: async () => database?.close(),
    };
  } catch (error) {
    database?.close();
    throw error;
  }
}

/** @returns DuckDB, if there is a file for it and it is installed */
async function openFast(
  files: readonly CsvFile[],
  { reader = 'auto', signal }: ReadOptions,
): Promise<Database | undefined> {
  const isWanted = reader === 'duckdb' || (reader === 'auto' && files.some(({ isShort }) => !isShort));
  if (!isWanted || files.every(({ skip }) => skip === undefined)) return undefined;
  return openDatabase({ files: files.map(({ file }) => file), signal }).catch((error) => {
    if (error instanceof GmmError && error.code === 'MISSING_DEPENDENCY' && reader === 'auto')
      return undefined;
    throw error;
  });
}

function isFast(file: CsvFile, { reader }: ReadOptions): file is CsvFile & { skip: number } {
  return file.skip !== undefined && (reader === 'duckdb' || !file.isShort);
}

async function* readFiles(table: Reading): AsyncGenerator<RowBatch, void, undefined> {
  const { opened, database, path } = table;
  const holes = createHoles(table.features.length + (table.weight ? 1 : 0));
  let nRows = 0;
  try {
    for (const file of opened.files) {
      const inFile = { nRows: 0 };
      yield* readFile(table, file, holes, inFile);
      nRows += inFile.nRows;
    }
    if (nRows === 0) throw noRows(path);
    if (holes.first) throw csvHolesError(table, holes, nRows);
  } finally {
    if (database) await endStream(database);
    database?.close();
  }
}

async function* readFile(
  table: Reading,
  file: CsvFile,
  holes: CsvHoles,
  count: { nRows: number },
): AsyncGenerator<RowBatch, void, undefined> {
  const { database, options, notes } = table;
  const reading = positionsIn(table, file);
  const done: StreamEnd = { nRows: 0, isComplete: false };
  const blanks: BlankLines = { count: 0, first: 0 };
  // After a hole, rows are only counted.
  if (database && isFast(file, options) && holes.first === undefined) {
    const odd = hasOddLines(file, options.signal);
    odd.catch(() => {});
    yield* readFast(database, file, reading, done, options.signal);
    if (done.isComplete && (await odd)) done.isComplete = false;
  }
  count.nRows = done.nRows;
  if (!done.isComplete) {
    const last: CsvFindings['last'] = { row: 0, line: 0 };
    count.nRows = yield* readPlain(file, reading, done.nRows, { holes, blanks, last }, options.signal);
    const totals = last.values && findTotals(file, last.values);
    if (totals !== undefined && last.values)
      throw totalsError(table, file, { ...last, values: last.values }, totals);
  }
  if (blanks.count > 0) {
    const what = blanks.count === 1 ? 'is a blank line' : 'is the first blank line';
    const more = blanks.count === 1 ? '' : ` of ${blanks.count}`;
    notes.push({
      // In a file with a single column, a blank line may be a row without a value.
      level: file.dialect.width === 1 ? 'loss' : 'note',
      message: `${describePath(file.path)}: line ${blanks.first} ${what}${more}, which ${blanks.count === 1 ? 'holds' : 'hold'} no row`,
    });
  }
}

/** Yields the rows that DuckDB reads before it stops, for whatever reason. */
async function* readFast(
  database: Database,
  file: CsvFile & { skip: number },
  { features, weight, kept }: CsvReading,
  end: StreamEnd,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowBatch, void, undefined> {
  const { decimalComma } = file.dialect;
  const numbers = [...features, ...(weight === undefined ? [] : [weight])].map((j) =>
    numberOf(`c${j}`, decimalComma),
  );
  const carried = kept.map(({ position }) => `coalesce(c${position}, '')`);
  try {
    const query = { numbers, nFeatures: features.length, carried, source: csvSource(file) };
    for await (const batch of streamQuery(database, query, end)) {
      const texts = batch.kept as readonly string[][];
      yield {
        ...batch,
        kept: kept.map(({ toValue }, j) => texts[j].map((text) => toValue(text, decimalComma))),
      };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof GmmError) throw error;
    end.isComplete = false;
  }
}

function positionsIn({ features, weight, kept }: Reading, { columns }: CsvFile): CsvReading {
  const find = (name: string) => columns.findIndex((column) => column.name === name);
  return {
    features: features.map(({ name }) => find(name)),
    weight: weight && find(weight.name),
    kept: kept.map(({ name, toValue }) => ({ position: find(name), toValue })),
  };
}

async function checkTypes(
  { opened, database, options }: Reading,
  kept: readonly CsvColumn[],
  types: Parameters<CheckTypes>[0],
): Promise<boolean[]> {
  const lossless = types.map(() => true);
  for (const file of opened.files) {
    const positions = kept.map(({ name }) => file.columns.findIndex((column) => column.name === name));
    const checked =
      database && isFast(file, options) ? await checkFast(database, file, positions, types) : undefined;
    if (checked) for (const [i, isLossless] of checked.entries()) lossless[i] &&= isLossless;
    else
      for await (const { rows } of readRows(file, { count: 0, first: 0 }, options.signal)) {
        for (const [i, { has }] of types.entries()) {
          lossless[i] &&= rows.every((row) => row[positions[i]] === '' || has(row[positions[i]]));
        }
      }
  }
  return lossless;
}

/** @returns undefined if DuckDB can't read the whole file */
async function checkFast(
  { connection }: Database,
  file: CsvFile & { skip: number },
  positions: readonly number[],
  types: Parameters<CheckTypes>[0],
): Promise<boolean[] | undefined> {
  const checks = types.map(
    ({ sql }, i) => `coalesce(bool_and(${sql(`c${positions[i]}`)}) filter (c${positions[i]} <> ''), true)`,
  );
  const query = `select ${checks.join(', ')} from ${csvSource(file)}`;
  const reader = await connection.runAndReadAll(query).catch(() => undefined);
  return reader?.getRows()[0].map((isLossless) => isLossless === true);
}
