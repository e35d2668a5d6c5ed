/** Rows in shared memory, made once, used by many fits; never changed by a fit. */

import { unlessAborted, untilAborted } from '../abort.js';
import { compose, describe, GmmError, subject } from '../errors.js';
import { resolveFile } from '../io/files/file-name.js';
import { describePath, onePath } from '../io/files/system-errors.js';
import { readTable, type SkippedColumn, type ReadOptions as TableOptions } from '../io/read/read-table.js';
import type { DataNote } from '../io/table/data-note.js';
import {
  checkOptionNames,
  invalidOption,
  ROWS_OPTIONS,
  resolveColumns,
  resolveFlag,
  resolveOneOf,
  resolveRowsOptions,
  resolveSignal,
} from '../option-checks.js';
import type { FileUrl, Signal } from '../platform-types.js';
import { allocateShared, type Chunk, copyRowsInto, type SharedRows } from '../rows/shared-rows.js';
import type { NumberArray, RowsOptions } from '../types.js';
import { noteColumns } from './column-notes.js';
import {
  addBatch,
  addFlat,
  badValue,
  checkColumns,
  countRows,
  createRowsBuilder,
  isNumbers,
  type RowBatch,
  throwAmbiguous,
} from './rows-builder.js';

/** Whatever rows can be made from. */
export type RowSource = RowBatch | AsyncIterable<RowBatch>;

/** Options of `Dataset.from`. */
export interface DatasetOptions extends RowsOptions {
  /** (n) weights >= 0: a weight of 2 counts a row twice, 0 leaves it out. */
  sampleWeight?: NumberArray | undefined;
  /** `'float32'` halves the memory; arithmetic is in float64 all the same. Default `'float64'`. */
  storage?: 'float64' | 'float32' | undefined;
  /**
   * Ends the reading of an `AsyncIterable`: its iterator's `return` is called, and the promise rejects with the signal's
   * reason, even while the iterator's `next` is pending.
   */
  signal?: Signal | undefined;
}

/** Options of `Dataset.read`. */
export interface ReadOptions {
  /** The columns to use, in this order; default: all that are numeric. */
  columns?: readonly string[] | undefined;
  /**
   * A model whose columns to use, unless `columns` are named: those with the model's names. For a model whose columns have no
   * names but x0, x1, …, a file with other names gives all its numeric columns.
   */
  model?: { readonly columns: readonly string[] } | undefined;
  /** Name of the column that holds the rows' weights. */
  sampleWeight?: string | undefined;
  /**
   * One SELECT over the file, which is the view `input`; of a CSV there is also `input_text`, every cell as text. It can
   * read no other file, reach no network, load no extension and change no setting. It is trusted input all the same: it
   * can take time and memory without end.
   */
  sql?: string | undefined;
  /** How a CSV is written, where its beginning does not tell: the one character between values; a blank stands for runs of them. */
  delimiter?: string | undefined;
  /** Whether 1,5 is one and a half in a CSV; default: what its beginning looks like. */
  decimalComma?: boolean | undefined;
  /** Whether the first line of a CSV names its columns; default: what it looks like. */
  header?: boolean | undefined;
  storage?: 'float64' | 'float32' | undefined;
  /**
   * Unless `columns` are named, leave out what the commands `predict` (label, p0, p1, …, uncertainty, log_density) and `sample`
   * (label, after columns that are all numeric) wrote, and say so in `notes`; default false.
   */
  leaveOutScores?: boolean | undefined;
  /** Ends reading, which then rejects with the signal's reason. */
  signal?: Signal | undefined;
}

const DATASET_OPTIONS = [...ROWS_OPTIONS, 'sampleWeight', 'storage', 'signal'];
const READ_OPTIONS = [
  ...['columns', 'model', 'sampleWeight', 'sql', 'delimiter', 'decimalComma', 'header', 'storage'],
  ...['leaveOutScores', 'signal'],
];

/** Passed to the constructor by those who may call it: JavaScript knows no private one. */
const MADE = Symbol('made');

/** `Dataset.from` for callers who know the columns of a flat array; no part of what the class shows. */
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
  /** The rows as worker threads see them. Not for writing. */
  readonly sharedRows: SharedRows;
  readonly #readingNotes: readonly DataNote[];
  /** Whether the caller named the features among other columns. */
  readonly #areColumnsChosen: boolean;
  #notes: readonly DataNote[] | undefined;

  static {
    createDataset = (...args) => Dataset.#from(...args);
  }

  /** Made by {@link Dataset.from} and {@link Dataset.read}, which are asynchronous. */
  private constructor(
    made: typeof MADE,
    sharedRows: SharedRows,
    columns: readonly string[],
    skipped: readonly SkippedColumn[] = [],
    readingNotes: readonly DataNote[] = [],
    areColumnsChosen = false,
  ) {
    if (made !== MADE) {
      const message =
        'a Dataset is not made by "new"; call: await Dataset.from(rows), or await Dataset.read(path)';
      throw new GmmError('INVALID_OPTION', message);
    }
    this.nSamples = sharedRows.nSamples;
    this.nFeatures = sharedRows.nFeatures;
    this.columns = Object.freeze([...columns]);
    this.skipped = skipped;
    this.#readingNotes = readingNotes;
    this.#areColumnsChosen = areColumnsChosen;
    this.sharedRows = sharedRows;
    Object.freeze(this);
  }

  /**
   * What a person should know before a fit: how the rows were read, and which columns are doubtful as features (running numbers,
   * constants, two values only, labels and scores that a mixture gave). The rows are looked at when this is first asked for.
   */
  get notes(): readonly DataNote[] {
    this.#notes ??= [
      ...this.#readingNotes,
      ...noteColumns(this.sharedRows, this.columns, this.#areColumnsChosen),
    ];
    return this.#notes;
  }

  /**
   * Copies rows into shared memory. A typed array over a `SharedArrayBuffer` is adopted without a copy, if its
   * kind is that of `storage`; it must not be changed afterwards.
   *
   * @param source - `number[][]`, a flat array or typed array (row-major, with `nFeatures` or `columns` in the options), an
   *   ml-matrix `Matrix`, or an `AsyncIterable` of any of these, row batches of any length; each is copied before the next is
   *   asked for, which may come in the same memory
   * @throws GmmError INVALID_DATA naming row and column of a value that is no finite number, or where a flat array comes
   *   without its number of columns; INVALID_OPTION; the reason of `signal`
   * @example
   * const data = await Dataset.from([[1, 2], [3, 4], [5, 6]], { columns: ['height', 'width'] });
   * const same = await Dataset.from(Float64Array.of(1, 2, 3, 4, 5, 6), { nFeatures: 2 });
   */
  static async from(source: RowSource, options: DatasetOptions = {}): Promise<Dataset> {
    return Dataset.#from(source, options, undefined);
  }

  /** @param flatFeatures - columns of a flat array, where the caller knows them and the options don't say */
  static async #from(
    source: RowSource,
    options: DatasetOptions,
    flatFeatures: number | undefined,
  ): Promise<Dataset> {
    checkOptionNames(options, DATASET_OPTIONS);
    const storage = resolveStorage(options.storage);
    const signal = resolveSignal(options.signal);
    signal?.throwIfAborted();
    const { nFeatures, columns } = resolveRowsOptions(options);
    // Names of all columns tell their number, too.
    const flat = nFeatures ?? columns?.length ?? flatFeatures;
    const adopted = adopt(source, flat, storage);
    let rows: SharedRows;
    if (adopted) {
      checkAdopted(adopted, columns);
      rows = adopted;
    } else {
      const builder = createRowsBuilder(storage, columns);
      if (isAsyncIterable(source)) {
        for await (const batch of untilAborted(source, signal)) addBatch(builder, batch, flat, true);
      } else addBatch(builder, source, flat, false);
      rows = builder.finish();
    }
    if (rows.nSamples === 0) throw new GmmError('INVALID_DATA', 'there are no rows; give at least one');
    checkShape(rows.nFeatures, { nFeatures, columns });
    const { sampleWeight: weights } = options;
    const sampleWeight = weights === undefined ? undefined : shareWeights(weights, rows.nSamples);
    return new Dataset(MADE, { ...rows, sampleWeight }, columns ?? defaultColumns(rows.nFeatures));
  }

  /**
   * Reads a CSV, Parquet, JSON lines or .npy file, or a glob of these, into shared memory, in row order. Every number
   * becomes the nearest float64: float32 and float64 keep all their bits, and whole numbers up to 2⁵³.
   *
   * How a CSV is written is decided from its beginning, and told in `notes`. Every line is a row, an error, or named
   * in `notes`. CSV needs no optional package; `sql`, Parquet and JSON need DuckDB.
   *
   * @param path - of the file, also as a `file:` URL, a glob, several of these for one table, or `-` for standard input
   * @throws GmmError IO, INVALID_DATA (row, column and, of several, the file named), INVALID_OPTION, MISSING_DEPENDENCY;
   *   the signal's reason
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
    const { columns, model, sampleWeight } = reading;
    const table = await readTable(path, reading);
    const d = table.columns.length;
    const builder = createRowsBuilder(storage, table.columns);
    const weights: Float64Array[] = [];
    for await (const batch of table.batches) {
      addFlat(builder, batch.rows, d);
      if (batch.sampleWeight) weights.push(batch.sampleWeight.slice(0, batch.nRows));
    }
    const rows = builder.finish();
    if (rows.nSamples === 0)
      throw new GmmError(
        'INVALID_DATA',
        `${[path].flat().map(describePath).join(', ')} has no rows; give at least one`,
        { path: onePath(path) },
      );
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
    // Copied at the end: some things are known only then.
    return new Dataset(
      MADE,
      { ...rows, sampleWeight: shared },
      table.columns,
      table.skipped,
      [...table.notes],
      columns !== undefined || model !== undefined,
    );
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
 * @param flatFeatures - columns of a flat array, where the caller knows them and the options don't say
 * @throws GmmError INVALID_OPTION where the options contradict a Dataset; as `Dataset.from`, and the reason of `signal`
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
  const differing = wanted.columns?.findIndex((name, a) => name !== data.columns[a]) ?? -1;
  if (differing < 0) return data;
  const [there, here] = [data.columns, wanted.columns ?? []].map((names) => describe(names[differing]));
  const message = compose`${subject('columns')} must be those of the Dataset, whose column ${differing} is ${there}, got ${here}; leave them out`;
  throw new GmmError('INVALID_OPTION', message, { option: 'columns', column: data.columns[differing] });
}

/** @throws GmmError INVALID_OPTION where the options say another number of columns than there are */
function checkShape(d: number, { nFeatures, columns }: RowsOptions): void {
  if (nFeatures !== undefined && nFeatures !== d) {
    throw invalidOption('nFeatures', `the number of columns, ${d}`, nFeatures);
  }
  if (columns && columns.length !== d) {
    const message = compose`${subject('columns')} must name all ${d} columns, got ${columns.length} names`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns' });
  }
}

/** Options of `Dataset.read`, checked. */
type ResolvedReadOptions = TableOptions & { readonly storage: 'float64' | 'float32' };

/** @throws GmmError INVALID_OPTION */
function resolveReadOptions(options: ReadOptions): ResolvedReadOptions {
  checkOptionNames(options, READ_OPTIONS);
  return {
    storage: resolveStorage(options.storage),
    signal: resolveSignal(options.signal),
    columns: resolveColumns(options.columns),
    model: resolveModel(options.model),
    sampleWeight: resolveText('sampleWeight', 'the name of a column', options.sampleWeight),
    sql: resolveText('sql', 'a SELECT statement', options.sql),
    delimiter: options.delimiter,
    decimalComma: options.decimalComma,
    header: options.header,
    leaveOutScores: resolveFlag('leaveOutScores', options.leaveOutScores),
  };
}

function resolveModel(model: unknown): TableOptions['model'] {
  if (model === undefined) return undefined;
  const { columns } = Object(model) as { columns?: unknown };
  if (Array.isArray(columns) && Array.from(columns).every((name) => typeof name === 'string'))
    return { columns };
  throw invalidOption('model', 'a GaussianMixture', model);
}

function resolveStorage(storage: unknown): 'float64' | 'float32' {
  return resolveOneOf('storage', storage, ['float64', 'float32'], 'float64');
}

function resolveText(name: string, wanted: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw invalidOption(name, wanted, value);
}

function resolveFiles(paths: readonly unknown[]): string[] {
  if (paths.length > 0) return Array.from(paths, resolveFile);
  const message = compose`${subject('path')} must name at least one file, got []`;
  throw new GmmError('INVALID_OPTION', message, { option: 'path' });
}

function defaultColumns(d: number): string[] {
  return Array.from({ length: d }, (_, a) => `x${a}`);
}

function isAsyncIterable(source: unknown): source is AsyncIterable<RowBatch> {
  return typeof (source as AsyncIterable<RowBatch> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** A typed array over shared memory of the wanted kind becomes a chunk as it is. */
function adopt(
  source: RowSource,
  nFeatures: number | undefined,
  storage: 'float64' | 'float32',
): SharedRows | undefined {
  const kind = storage === 'float64' ? Float64Array : Float32Array;
  if (!(source instanceof kind && source.buffer instanceof SharedArrayBuffer)) return undefined;
  // An empty one is refused for having no rows.
  if (source.length === 0) return undefined;
  if (nFeatures === undefined) throwAmbiguous(source, false);
  checkColumns(nFeatures);
  const nSamples = countRows(source.length, nFeatures);
  return { nSamples, nFeatures, chunkRows: nSamples, chunks: [source as Chunk] };
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
      compose`${subject('sampleWeight')} must have a number for each of the ${n} rows, got ${got}`,
      { option: 'sampleWeight' },
    );
  }
  const out = new Float64Array(allocateShared(8 * n, 'the weights'));
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i];
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new GmmError(
        'INVALID_DATA',
        `the weight of row ${i} is ${describe(weight)}; weights must be finite and >= 0`,
        { row: i, option: 'sampleWeight' },
      );
    }
    out[i] = weight;
    total += weight;
  }
  if (total === Number.POSITIVE_INFINITY) {
    throw new GmmError('INVALID_DATA', 'the sum of the weights overflows; divide them by the largest', {
      option: 'sampleWeight',
    });
  }
  if (!(total > 0))
    throw new GmmError('INVALID_DATA', 'all weights are 0; at least one row must count', {
      option: 'sampleWeight',
    });
  return out;
}
