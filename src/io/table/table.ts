/** What passes between files and the rest of the package: rows by the batch, one way and the other. */

import type { DataNote } from '../../types.js';

/** Consecutive rows of a table. Its arrays belong to whoever gets it: they are not used again. */
export interface RowBatch {
  nRows: number;
  /** (nRows × columns) row-major, finite. */
  rows: Float64Array;
  /** (nRows) finite; there if the table was read with a column of weights. */
  sampleWeight?: Float64Array;
  /** (nRows) values of every column carried along, in the order of `kept`; none where there are none. */
  kept: readonly (readonly KeptValue[])[];
}

/** A value carried along as it is; null where there is none. What an object is, its column's type tells. */
export type KeptValue = number | string | boolean | bigint | object | null;

/** A column that is carried along and not computed with. */
export interface KeptColumn {
  name: string;
  /** DuckDB's word for the type of its values. */
  type: string;
}

/** A column left out because it is not numeric. */
export interface SkippedColumn {
  readonly name: string;
  /** DuckDB's word for the type of its values. */
  readonly type: string;
  /** A value of it, as the file has it. */
  readonly example?: string;
  /** How numbers are written in it, as in "numbers with a currency sign"; "empty" for a column without values. */
  readonly reason?: string;
  /** SQL over the view `input` that reads those numbers. */
  readonly sql?: string;
}

/** A file, or several of one kind, as numeric columns. */
export interface Table {
  /** Names of the columns, in the order of a row's values. */
  columns: readonly string[];
  /** Columns left out because they are not numeric; empty when the columns were named. */
  skipped: readonly SkippedColumn[];
  /** What a person should know about how the file was read; there may be more at the end of the rows. */
  notes: readonly DataNote[];
  /** Columns carried along, in the order asked for. */
  kept: readonly KeptColumn[];
  /** The rows in the file's order, to be iterated once; the end, an error and a `break` all release the file. */
  batches: AsyncIterable<RowBatch>;
  /** Releases the file of a table whose batches are not iterated; otherwise it does nothing. */
  close(): Promise<void>;
}

/** Which part of a file is read. */
export interface ReadOptions {
  /** Names of the columns to use; default: all numeric ones. */
  columns?: readonly string[] | undefined;
  /**
   * Whose columns to use, unless `columns` are named: those with the model's names. For a model whose columns have no names but
   * x0, x1, …, a table with other names gives all its numeric columns.
   */
  model?: { readonly columns: readonly string[] } | undefined;
  /** Name of a column of weights, which then is no feature. */
  sampleWeight?: string | undefined;
  /** A SELECT over a view named `input`, whose columns are then the table's. */
  sql?: string | undefined;
  /** Whether to leave out what `predict` and `sample` wrote, unless `columns` are named. */
  leaveOutScores?: boolean | undefined;
  /** Columns to carry along, and as what. */
  keep?: Keep | undefined;
  /** How a CSV is written, where its beginning does not tell: the one character between values. */
  delimiter?: string | undefined;
  /** Whether 1,5 is one and a half in a CSV. */
  decimalComma?: boolean | undefined;
  /** Whether the first line of a CSV names its columns. */
  header?: boolean | undefined;
  /** Which reader of CSV, for tests; `auto` is DuckDB for large files where it is installed. */
  reader?: 'auto' | 'plain' | 'duckdb' | undefined;
  /** Ends reading, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Columns to carry along: in types of their own, as the text that the file has, or as float64. */
export interface Keep {
  columns: readonly string[];
  as: 'values' | 'text' | 'numbers';
}

/** A column to be written: a name, and `INTEGER` for an Int32Array, `DOUBLE` for a Float64Array, or that of a kept column. */
export type OutputColumn = KeptColumn;

/** Consecutive rows to be written, a column at a time. */
export interface OutputBatch {
  nRows: number;
  /** One array of length nRows a column; it may be filled anew when the next batch is asked for. */
  values: readonly (Float64Array | Int32Array | readonly KeptValue[])[];
}
