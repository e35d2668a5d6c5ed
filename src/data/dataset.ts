/** Rows in shared memory, made once and used by many fits. A fit never changes them. */

import { unlessAborted } from '../abort.js';
import { compose, describe, GmmError, subject } from '../errors.js';
import { resolveFile } from '../io/files/file-name.js';
import { describePath, onePath } from '../io/files/system-errors.js';
import { readTable, type SkippedColumn } from '../io/read/read-table.js';
import type { DataNote } from '../io/table/data-note.js';
import { resolveRowsOptions } from '../option-checks.js';
import type { FileUrl, Signal } from '../platform-types.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';
import type { RowsOptions } from '../types.js';
import { collectRows, type RowSource } from './collect-rows.js';
import { noteColumns } from './column-notes.js';
import {
  checkShape,
  type DatasetOptions,
  type ReadOptions,
  type ResolvedReadOptions,
  resolveDatasetOptions,
  resolveFiles,
  resolveReadOptions,
} from './dataset-options.js';
import { addFlat, createRowsBuilder } from './rows-builder.js';
import { concatenate, shareWeights } from './shared-weights.js';

export type { DataNote } from '../io/table/data-note.js';
export type { RowSource } from './collect-rows.js';
export type { DatasetOptions, ReadOptions } from './dataset-options.js';

/** The constructor's proof that `Dataset` itself calls it: JavaScript has no private constructors. */
const MADE = Symbol('made');

/** Everything that a Dataset is made of. */
interface Content {
  readonly rows: SharedRows;
  readonly columns: readonly string[];
  readonly skipped?: readonly SkippedColumn[];
  readonly readingNotes?: readonly DataNote[];
  /** Whether the caller named the features, so that their names raise no doubt. */
  readonly areColumnsChosen?: boolean;
}

/** `Dataset.from` for callers who know the columns of a flat array; not public. */
let createDataset: (
  source: RowSource,
  options: DatasetOptions,
  flatFeatures: number | undefined,
) => Promise<Dataset>;

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
  /** The rows as worker threads read them. Do not write to them. */
  readonly sharedRows: SharedRows;
  readonly #readingNotes: readonly DataNote[];
  readonly #areColumnsChosen: boolean;
  #notes: readonly DataNote[] | undefined;

  static {
    createDataset = (...args) => Dataset.#from(...args);
  }

  /** Call {@link Dataset.from} or {@link Dataset.read} instead: both are asynchronous. */
  private constructor(made: typeof MADE, content: Content) {
    if (made !== MADE) {
      const message =
        'a Dataset is not made by "new"; call: await Dataset.from(rows), or await Dataset.read(path)';
      throw new GmmError('INVALID_OPTION', message);
    }
    const { rows, columns, skipped = [], readingNotes = [], areColumnsChosen = false } = content;
    this.nSamples = rows.nSamples;
    this.nFeatures = rows.nFeatures;
    this.columns = Object.freeze([...columns]);
    this.skipped = skipped;
    this.#readingNotes = readingNotes;
    this.#areColumnsChosen = areColumnsChosen;
    this.sharedRows = rows;
    Object.freeze(this);
  }

  /**
   * Notes to read before a fit: how the rows were read, and which columns are doubtful as features (running numbers,
   * constants, columns of two values, labels and scores from a mixture). The first access examines the rows.
   */
  get notes(): readonly DataNote[] {
    this.#notes ??= [
      ...this.#readingNotes,
      ...noteColumns(this.sharedRows, this.columns, this.#areColumnsChosen),
    ];
    return this.#notes;
  }

  /**
   * Copies rows into shared memory. A typed array over a `SharedArrayBuffer` is adopted without a copy if its kind is
   * that of `storage`. Do not change such an array afterwards.
   *
   * @param source - `number[][]`; a flat array or typed array (row-major, with `nFeatures` or `columns` in the options); an
   *   ml-matrix `Matrix`; or an `AsyncIterable` of these, as batches of any number of rows. Every batch is copied before
   *   the next is requested, so that batches may share their memory
   * @throws GmmError INVALID_DATA, with row and column, for a value that is no finite number, and for a flat array
   *   without its number of columns; INVALID_OPTION; the reason of `signal`; the error of `source`
   * @example
   * const data = await Dataset.from([[1, 2], [3, 4], [5, 6]], { columns: ['height', 'width'] });
   * const same = await Dataset.from(Float64Array.of(1, 2, 3, 4, 5, 6), { nFeatures: 2 });
   */
  static async from(source: RowSource, options: DatasetOptions = {}): Promise<Dataset> {
    return Dataset.#from(source, options, undefined);
  }

  /** @param flatFeatures - columns of a flat array, if the caller knows them and the options do not say */
  static async #from(
    source: RowSource,
    options: DatasetOptions,
    flatFeatures: number | undefined,
  ): Promise<Dataset> {
    const resolved = resolveDatasetOptions(options);
    resolved.signal?.throwIfAborted();
    const rows = await collectRows(source, resolved, flatFeatures);
    checkShape(rows.nFeatures, resolved);
    const { columns = defaultColumns(rows.nFeatures), sampleWeight: weights } = resolved;
    const sampleWeight = weights === undefined ? undefined : shareWeights(weights, rows.nSamples);
    return new Dataset(MADE, { rows: { ...rows, sampleWeight }, columns });
  }

  /**
   * Reads files into shared memory, in row order: CSV, Parquet, JSON lines or .npy. Every number becomes the nearest
   * float64: float32 and float64 keep all their bits, and so do whole numbers up to 2⁵³.
   *
   * The format of a CSV is found from the beginning of the file, and `notes` states it. Every line is a row, an error or
   * named in `notes`. CSV needs no optional package; `sql`, Parquet and JSON need DuckDB.
   *
   * @param path - a file's path or `file:` URL, a glob, `-` for standard input, or an array of these for one table
   * @throws GmmError IO, INVALID_DATA (with row, column and, for several files, the file), INVALID_OPTION or
   *   MISSING_DEPENDENCY; the signal's reason
   * @example
   * const data = await Dataset.read('data/faithful.csv', { columns: ['eruptions', 'waiting'] });
   */
  static async read(
    path: string | FileUrl | readonly (string | FileUrl)[],
    options: ReadOptions = {},
  ): Promise<Dataset> {
    const resolved = resolveReadOptions(options);
    const files = Array.isArray(path) ? resolveFiles(path) : resolveFile(path);
    return unlessAborted(resolved.signal, () => Dataset.#read(files, resolved));
  }

  static async #read(path: string | readonly string[], options: ResolvedReadOptions): Promise<Dataset> {
    const { storage, ...reading } = options;
    const table = await readTable(path, reading);
    const { columns, skipped } = table;
    const builder = createRowsBuilder(storage, columns);
    const weights: Float64Array[] = [];
    for await (const batch of table.batches) {
      addFlat(builder, batch.rows, columns.length);
      if (batch.sampleWeight) weights.push(batch.sampleWeight.slice(0, batch.nRows));
    }
    const rows = builder.finish();
    if (rows.nSamples === 0) {
      const files = [path].flat().map(describePath).join(', ');
      throw new GmmError('INVALID_DATA', `${files} has no rows; give at least one`, {
        path: onePath(path),
      });
    }
    const isWeighted = reading.sampleWeight !== undefined;
    const sampleWeight = isWeighted ? shareWeights(concatenate(weights), rows.nSamples) : undefined;
    return new Dataset(MADE, {
      rows: { ...rows, sampleWeight },
      columns,
      skipped,
      // The table adds notes until all its rows are read.
      readingNotes: [...table.notes],
      areColumnsChosen: reading.columns !== undefined || reading.model !== undefined,
    });
  }

  /**
   * Copies one row.
   *
   * @param i - 0-based
   * @returns (nFeatures)
   * @throws GmmError INVALID_OPTION if there is no such row
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
 * Returns a Dataset as it is, and makes one from any other source.
 *
 * @param flatFeatures - columns of a flat array, if the caller knows them and the options do not say
 * @throws GmmError INVALID_OPTION if the options contradict a Dataset; the errors of `Dataset.from`
 */
export async function resolveDataset(
  data: Dataset | RowSource,
  { nFeatures, columns, signal }: RowsOptions & { signal?: Signal | undefined } = {},
  flatFeatures?: number,
): Promise<Dataset> {
  signal?.throwIfAborted();
  if (!(data instanceof Dataset)) return createDataset(data, { nFeatures, columns, signal }, flatFeatures);
  const wanted = resolveRowsOptions({ nFeatures, columns });
  checkShape(data.nFeatures, wanted);
  wanted.columns?.forEach((name, a) => {
    const there = data.columns[a];
    if (name === there) return;
    const [own, given] = [there, name].map(describe);
    const message = compose`${subject('columns')} must be those of the Dataset, whose column ${a} is ${own}, got ${given}; leave them out`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns', column: there });
  });
  return data;
}

function defaultColumns(d: number): string[] {
  return Array.from({ length: d }, (_, a) => `x${a}`);
}
