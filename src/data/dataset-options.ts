/** Options of `Dataset.from` and `Dataset.read`, and their checks. */

import { compose, GmmError, subject } from '../errors.js';
import { resolveFile } from '../io/files/file-name.js';
import type { ReadOptions as TableOptions } from '../io/read/read-table.js';
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
import type { Signal } from '../platform-types.js';
import type { NumberArray, RowsOptions } from '../types.js';

/** The kind of number in memory; arithmetic is in float64 always. */
export type Storage = 'float64' | 'float32';

/** Options of `Dataset.from`. */
export interface DatasetOptions extends RowsOptions {
  /** (n) weights >= 0: a weight of 2 counts a row twice, 0 leaves it out. */
  sampleWeight?: NumberArray | undefined;
  /** `'float32'` halves the memory; arithmetic is in float64 all the same. Default `'float64'`. */
  storage?: 'float64' | 'float32' | undefined;
  /**
   * Stops reading an `AsyncIterable`. The promise rejects with the signal's reason, even while the iterator's `next` is
   * pending, and the iterator's `return` is called.
   */
  signal?: Signal | undefined;
}

/** Options of `Dataset.read`. */
export interface ReadOptions {
  /** The columns to use, in this order; default: all numeric columns. */
  columns?: readonly string[] | undefined;
  /**
   * A model whose columns to use, without `columns`: the columns of the file with the model's names. If the model's columns
   * have the default names x0, x1, … and the file has other names, all numeric columns of the file are used.
   */
  model?: { readonly columns: readonly string[] } | undefined;
  /** Name of the column of weights. */
  sampleWeight?: string | undefined;
  /**
   * A SELECT over the file, which is the view `input`; for a CSV, the view `input_text` has every cell as text. The
   * statement can read no other file, reach no network, load no extension and change no setting. Use trusted statements
   * only: their time and memory have no limit.
   */
  sql?: string | undefined;
  /**
   * The one character between the values of a CSV; default: found from the beginning of the file. A blank stands for any
   * number of blanks.
   */
  delimiter?: string | undefined;
  /** Whether 1,5 means 1.5 in a CSV; default: found from the beginning of the file. */
  decimalComma?: boolean | undefined;
  /** Whether the first line of a CSV names its columns; default: found from the beginning of the file. */
  header?: boolean | undefined;
  /** `'float32'` halves the memory; arithmetic is in float64 all the same. Default `'float64'`. */
  storage?: 'float64' | 'float32' | undefined;
  /**
   * Without `columns`: leaves out the columns that the commands `predict` (label, p0, p1, …, uncertainty, log_density)
   * and `sample` (label, after columns that are all numeric) have written, and says so in `notes`. Default false.
   */
  leaveOutScores?: boolean | undefined;
  /** Stops reading: the promise rejects with the signal's reason. */
  signal?: Signal | undefined;
}

const DATASET_OPTIONS = [...ROWS_OPTIONS, 'sampleWeight', 'storage', 'signal'];
const READ_OPTIONS = [
  ...['columns', 'model', 'sampleWeight', 'sql', 'delimiter', 'decimalComma', 'header', 'storage'],
  ...['leaveOutScores', 'signal'],
];

/** Options of `Dataset.from`, checked; the weights are checked with the rows. */
export interface ResolvedDatasetOptions {
  readonly storage: Storage;
  readonly signal: AbortSignal | undefined;
  readonly nFeatures?: number | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly sampleWeight: NumberArray | undefined;
}

/** @throws GmmError INVALID_OPTION */
export function resolveDatasetOptions(options: DatasetOptions): ResolvedDatasetOptions {
  checkOptionNames(options, DATASET_OPTIONS);
  return {
    storage: resolveStorage(options.storage),
    signal: resolveSignal(options.signal),
    ...resolveRowsOptions(options),
    sampleWeight: options.sampleWeight,
  };
}

/** Options of `Dataset.read`, checked. */
export type ResolvedReadOptions = TableOptions & { readonly storage: Storage };

/** @throws GmmError INVALID_OPTION */
export function resolveReadOptions(options: ReadOptions): ResolvedReadOptions {
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

/** @throws GmmError INVALID_OPTION if there is no file, or a name is not that of a local file */
export function resolveFiles(paths: readonly unknown[]): string[] {
  if (paths.length > 0) return Array.from(paths, resolveFile);
  const message = compose`${subject('path')} must name at least one file, got []`;
  throw new GmmError('INVALID_OPTION', message, { option: 'path' });
}

/**
 * @param d - columns of the rows
 * @throws GmmError INVALID_OPTION if the options name another number of columns
 */
export function checkShape(d: number, { nFeatures, columns }: RowsOptions): void {
  if (nFeatures !== undefined && nFeatures !== d) {
    throw invalidOption('nFeatures', `the number of columns, ${d}`, nFeatures);
  }
  if (columns && columns.length !== d) {
    const message = compose`${subject('columns')} must name all ${d} columns, got ${columns.length} names`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns' });
  }
}

function resolveStorage(storage: unknown): Storage {
  return resolveOneOf('storage', storage, ['float64', 'float32'], 'float64');
}

function resolveModel(model: unknown): TableOptions['model'] {
  if (model === undefined) return undefined;
  const { columns } = Object(model) as { columns?: unknown };
  if (Array.isArray(columns) && Array.from(columns).every((name) => typeof name === 'string'))
    return { columns };
  throw invalidOption('model', 'a GaussianMixture', model);
}

function resolveText(name: string, wanted: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw invalidOption(name, wanted, value);
}
