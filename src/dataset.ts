/** Rows in shared memory, made once, used by many fits; never changed by a fit. */

import { unlessAborted } from './abort.js';
import { describe, GmmError } from './errors.js';
import { readTable, type SkippedColumn } from './io/read.js';
import { resolveSignal } from './options.js';
import { type Chunk, copyRowsInto, type SharedRows } from './parallel/shared-rows.js';
import {
  addBatch,
  addFlat,
  badValue,
  countRows,
  createRowsBuilder,
  isNumbers,
  type RowBatch,
} from './rows-builder.js';
import type { DataNote, NumberArray } from './types.js';

/** Whatever rows can be made from. */
export type RowSource = RowBatch | AsyncIterable<RowBatch>;

/** Options of `Dataset.from`. */
export interface DatasetOptions {
  /** Columns of a flat array; default 1. */
  nFeatures?: number | undefined;
  /** Names of the columns; default `x0`, `x1`, … */
  columns?: readonly string[] | undefined;
  /** (n) weights >= 0: a weight of 2 counts a row twice, 0 leaves it out. */
  sampleWeight?: NumberArray | undefined;
  /** `'float32'` halves the memory; arithmetic is in float64 all the same. Default `'float64'`. */
  storage?: 'float64' | 'float32' | undefined;
}

/** Options of `Dataset.read`. */
export interface ReadOptions {
  /** The columns to use, in this order; default: all that are numeric. */
  columns?: readonly string[] | undefined;
  /** Name of the column that holds the rows' weights. */
  sampleWeight?: string | undefined;
  /** A SELECT over the file, which is the view `input`; of a CSV there is also `input_text`, every cell as text. */
  sql?: string | undefined;
  /** How a CSV is written, where its beginning does not tell: the one character between values; a blank stands for runs of them. */
  delimiter?: string | undefined;
  /** Whether 1,5 is one and a half in a CSV; default: what its beginning looks like. */
  decimalComma?: boolean | undefined;
  /** Whether the first line of a CSV names its columns; default: what it looks like. */
  header?: boolean | undefined;
  storage?: 'float64' | 'float32' | undefined;
  /** Ends reading, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const DATASET_OPTIONS = ['nFeatures', 'columns', 'sampleWeight', 'storage'];
const READ_OPTIONS = [
  ...['columns', 'sampleWeight', 'sql', 'delimiter', 'decimalComma', 'header', 'storage', 'signal'],
];

/** Rows in shared memory. Made by `Dataset.from` and `Dataset.read`. */
export class Dataset {
  /** Number of rows. */
  readonly nSamples: number;
  /** Number of columns. */
  readonly nFeatures: number;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Columns of the file that were left out because they hold no numbers. */
  readonly skipped: readonly SkippedColumn[];
  /** What a person should know about how the rows were read; empty for rows from memory. */
  readonly notes: readonly DataNote[];
  /** The rows as worker threads see them. Not for writing. */
  readonly sharedRows: SharedRows;

  private constructor(
    sharedRows: SharedRows,
    columns: readonly string[],
    skipped: readonly SkippedColumn[] = [],
    notes: readonly DataNote[] = [],
  ) {
    this.nSamples = sharedRows.nSamples;
    this.nFeatures = sharedRows.nFeatures;
    this.columns = Object.freeze([...columns]);
    this.skipped = skipped;
    this.notes = notes;
    this.sharedRows = sharedRows;
    Object.freeze(this);
  }

  /**
   * Copies rows into shared memory. A typed array over a `SharedArrayBuffer` is adopted without a copy, if its
   * kind is that of `storage`; it must not be changed afterwards.
   *
   * @param source - `number[][]`, a flat array or typed array (row-major, `nFeatures` columns), an ml-matrix
   *   `Matrix`, or an `AsyncIterable` of any of these, row batches of any length; each is copied before the next is
   *   asked for, which may come in the same memory
   * @throws GmmError INVALID_DATA naming row and column of a value that is no finite number; INVALID_OPTION
   * @example
   * const data = await Dataset.from([[1, 2], [3, 4], [5, 6]], { columns: ['height', 'width'] });
   */
  static async from(source: RowSource, options: DatasetOptions = {}): Promise<Dataset> {
    checkNames(options, DATASET_OPTIONS);
    const storage = resolveStorage(options.storage);
    const { columns } = options;
    if (
      columns !== undefined &&
      !(Array.isArray(columns) && columns.every((name) => typeof name === 'string'))
    ) {
      throw new GmmError('INVALID_OPTION', `"columns" must be an array of strings, got ${describe(columns)}`);
    }
    const flatFeatures = options.nFeatures ?? 1;
    if (!Number.isInteger(flatFeatures) || flatFeatures < 1) {
      throw new GmmError(
        'INVALID_OPTION',
        `"nFeatures" must be a whole number >= 1, got ${describe(flatFeatures)}`,
      );
    }

    const adopted = adopt(source, flatFeatures, storage);
    let rows: SharedRows;
    if (adopted) {
      checkAdopted(adopted, columns);
      rows = adopted;
    } else {
      const builder = createRowsBuilder(storage, columns);
      if (isAsyncIterable(source)) for await (const batch of source) addBatch(builder, batch, flatFeatures);
      else addBatch(builder, source, flatFeatures);
      rows = builder.finish();
    }
    if (rows.nSamples === 0) throw new GmmError('INVALID_DATA', 'there are no rows; give at least one');
    if (options.nFeatures !== undefined && rows.nFeatures !== options.nFeatures) {
      const message = `"nFeatures" must be the number of columns, ${rows.nFeatures}, got ${options.nFeatures}`;
      throw new GmmError('INVALID_OPTION', message);
    }
    if (columns && columns.length !== rows.nFeatures) {
      const message = `"columns" must name all ${rows.nFeatures} columns, got ${columns.length} names`;
      throw new GmmError('INVALID_OPTION', message);
    }
    const { sampleWeight: weights } = options;
    const sampleWeight = weights === undefined ? undefined : shareWeights(weights, rows.nSamples);
    return new Dataset({ ...rows, sampleWeight }, columns ?? defaultColumns(rows.nFeatures));
  }

  /**
   * Reads a CSV, Parquet, JSON lines or .npy file, or a glob of these, into shared memory, in row order. Every number
   * becomes the nearest float64: float32 and float64 keep all their bits, and whole numbers up to 2⁵³.
   *
   * How a CSV is written is decided from its beginning, and told in `notes`. Every line is a row, an error, or named
   * in `notes`. CSV needs no optional package; `sql`, Parquet and JSON need DuckDB.
   *
   * @param path - of the file, a glob, several of these for one table, or `-` for standard input
   * @throws GmmError IO, INVALID_DATA (row, column and, of several, the file named), INVALID_OPTION, MISSING_DEPENDENCY;
   *   the signal's reason
   * @example
   * const data = await Dataset.read('data/faithful.csv', { columns: ['eruptions', 'waiting'] });
   */
  static async read(path: string | readonly string[], options: ReadOptions = {}): Promise<Dataset> {
    checkNames(options, READ_OPTIONS);
    const storage = resolveStorage(options.storage);
    const signal = resolveSignal(options.signal);
    return unlessAborted(signal, () => Dataset.#read(path, options, storage, signal));
  }

  static async #read(
    path: string | readonly string[],
    options: ReadOptions,
    storage: 'float64' | 'float32',
    signal: AbortSignal | undefined,
  ): Promise<Dataset> {
    const { columns, sampleWeight, sql, delimiter, decimalComma, header } = options;
    const csv = { delimiter, decimalComma, header };
    const table = await readTable(path, { columns, sampleWeight, sql, ...csv, signal });
    const d = table.columns.length;
    const builder = createRowsBuilder(storage, table.columns);
    const weights: Float64Array[] = [];
    for await (const batch of table.batches) {
      addFlat(builder, batch.rows, d);
      if (batch.sampleWeight) weights.push(batch.sampleWeight.slice(0, batch.nRows));
    }
    const rows = builder.finish();
    if (rows.nSamples === 0)
      throw new GmmError('INVALID_DATA', `${describe(String(path))} has no rows; give at least one`);
    let shared: Float64Array | undefined;
    if (sampleWeight !== undefined) {
      const all = new Float64Array(rows.nSamples);
      let at = 0;
      for (const part of weights) {
        all.set(part, at);
        at += part.length;
      }
      shared = shareWeights(all, rows.nSamples);
    }
    return new Dataset({ ...rows, sampleWeight: shared }, table.columns, table.skipped, [...table.notes]);
  }

  /**
   * One row, copied.
   *
   * @param i - 0-based
   * @returns (nFeatures)
   */
  row(i: number): Float64Array {
    if (!Number.isInteger(i) || i < 0 || i >= this.nSamples) {
      throw new GmmError(
        'INVALID_OPTION',
        `the row must be a whole number from 0 to ${this.nSamples - 1}, got ${describe(i)}`,
      );
    }
    const out = new Float64Array(this.nFeatures);
    copyRowsInto(out, this.sharedRows, i, 1);
    return out;
  }
}

/**
 * A Dataset as it is, or made from anything that `Dataset.from` takes.
 *
 * @param nFeatures - columns of a flat array, where the caller knows them
 */
export async function resolveDataset(data: Dataset | RowSource, nFeatures?: number): Promise<Dataset> {
  if (data instanceof Dataset) return data;
  return Dataset.from(data, isFlat(data) ? { nFeatures } : {});
}

function isFlat(data: RowSource): boolean {
  if (data instanceof Float64Array || data instanceof Float32Array) return true;
  return Array.isArray(data) && typeof data[0] === 'number';
}

function checkNames(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new GmmError('INVALID_OPTION', `options must be an object, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new GmmError('INVALID_OPTION', `unknown option ${describe(name)}; there are ${known.join(', ')}`);
  }
}

function resolveStorage(storage: unknown): 'float64' | 'float32' {
  if (storage === undefined) return 'float64';
  if (storage === 'float64' || storage === 'float32') return storage;
  throw new GmmError('INVALID_OPTION', `"storage" must be 'float64' or 'float32', got ${describe(storage)}`);
}

function defaultColumns(d: number): string[] {
  return Array.from({ length: d }, (_, a) => `x${a}`);
}

function isAsyncIterable(source: unknown): source is AsyncIterable<RowBatch> {
  return typeof (source as AsyncIterable<RowBatch> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** A typed array over shared memory of the wanted kind becomes a chunk as it is. */
function adopt(source: RowSource, nFeatures: number, storage: 'float64' | 'float32'): SharedRows | undefined {
  const kind = storage === 'float64' ? Float64Array : Float32Array;
  if (!(source instanceof kind && source.buffer instanceof SharedArrayBuffer)) return undefined;
  const nSamples = countRows(source.length, nFeatures);
  return { nSamples, nFeatures, chunkRows: Math.max(1, nSamples), chunks: [source as Chunk] };
}

function checkAdopted({ chunks, nFeatures: d }: SharedRows, columns?: readonly string[]): void {
  const values = chunks[0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw badValue(values[i], Math.floor(i / d), i % d, columns);
  }
}

function shareWeights(weights: NumberArray, n: number): Float64Array {
  if (!isNumbers(weights) || weights.length !== n) {
    const got = isNumbers(weights) ? weights.length : describe(weights);
    throw new GmmError(
      'INVALID_DATA',
      `"sampleWeight" must have a number for each of the ${n} rows, got ${got}`,
    );
  }
  const out = new Float64Array(new SharedArrayBuffer(8 * n));
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i];
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new GmmError(
        'INVALID_DATA',
        `the weight of row ${i} is ${describe(weight)}; weights must be finite and >= 0`,
      );
    }
    out[i] = weight;
    total += weight;
  }
  if (!(total > 0)) throw new GmmError('INVALID_DATA', 'all weights are 0; at least one row must count');
  return out;
}
