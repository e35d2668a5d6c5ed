/** Tables as the rest of the package sees them: batches of rows that are read or written. */

import type { DataNote } from './data-note.js';

/** Consecutive rows of a table. The consumer owns the arrays: they are not used again. */
export interface RowBatch {
  nRows: number;
  /** (nRows × columns) row-major, finite. */
  rows: Float64Array;
  /** (nRows) finite; present if the table was read with a column of weights. */
  sampleWeight?: Float64Array;
  /** (nRows) values of each kept column, in the order of `kept`; empty if no columns are kept. */
  kept: readonly (readonly KeptValue[])[];
}

/** A value of a kept column; null for an empty cell. The type of the column says how to read an object. */
export type KeptValue = number | string | boolean | bigint | object | null;

/** A column that is copied to the output, and not computed with. */
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
  /** One of its values, as written in the file. */
  readonly example?: string;
  /** How its numbers are written, for example "numbers with a currency sign"; "empty" for a column without values. */
  readonly reason?: string;
  /** SQL over the view `input` that reads those numbers. */
  readonly sql?: string;
}

/** A file, or several of one format, as numeric columns. */
export interface Table {
  /** Names of the columns, in the order of the values of a row. */
  columns: readonly string[];
  /** Columns left out because they are not numeric; empty when the columns were named. */
  skipped: readonly SkippedColumn[];
  /** What a person should know about how the file was read; after the last row, there may be more notes. */
  notes: readonly DataNote[];
  /** Columns to copy, in the order asked for. */
  kept: readonly KeptColumn[];
  /** The rows in file order, for one iteration; its end, an error or a `break` releases the file. */
  batches: AsyncIterable<RowBatch>;
  /** Releases the file if its batches are not iterated; otherwise does nothing. */
  close(): Promise<void>;
}

/** Which part of a file is read. */
export interface ReadOptions {
  /** Names of the columns to use; default: all numeric ones. */
  columns?: readonly string[] | undefined;
  /**
   * A model whose columns to use, found by name, unless `columns` are named. If the columns of the model have only the default
   * names x0, x1, … and the table has others, all its numeric columns are used.
   */
  model?: { readonly columns: readonly string[] } | undefined;
  /** Name of the column of weights, which is then not a feature. */
  sampleWeight?: string | undefined;
  /** A SELECT over a view named `input`; its columns are then the columns of the table. */
  sql?: string | undefined;
  /** Whether to leave out what `predict` and `sample` wrote, unless `columns` are named. */
  leaveOutScores?: boolean | undefined;
  /** Columns to copy, and in which form. */
  keep?: Keep | undefined;
  /** The character between the values of a CSV; default: detected from its beginning. */
  delimiter?: string | undefined;
  /** Whether 1,5 means one and a half in a CSV; default: detected. */
  decimalComma?: boolean | undefined;
  /** Whether the first line of a CSV names its columns; default: detected. */
  header?: boolean | undefined;
  /** The reader of CSV, for tests; `auto` is DuckDB for large files if it is installed, otherwise ours. */
  reader?: 'auto' | 'plain' | 'duckdb' | undefined;
  /** Stops reading, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Columns to copy: as values of their own types, as the text of the file, or as float64. */
export interface Keep {
  columns: readonly string[];
  as: 'values' | 'text' | 'numbers';
}

/** A column to write. The type is `INTEGER` for an Int32Array, `DOUBLE` for a Float64Array, or the type of a kept column. */
export type OutputColumn = KeptColumn;

/** Consecutive rows to write, by column. */
export interface OutputBatch {
  nRows: number;
  /** One array of length nRows per column; it may be refilled when the next batch is requested. */
  values: readonly (Float64Array | Int32Array | readonly KeptValue[])[];
}
