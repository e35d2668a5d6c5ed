/** What passes between files and the rest of the package: rows by the batch, one way and the other. */

/** Consecutive rows of a table. Its arrays belong to whoever gets it: they are not used again. */
export interface RowBatch {
  nRows: number;
  /** (nRows × columns) row-major, finite. */
  rows: Float64Array;
  /** (nRows) finite; there if the table was read with a column of weights. */
  sampleWeight?: Float64Array;
}

/** A file, or several of one kind, as numeric columns. */
export interface Table {
  /** Names of the columns, in the order of a row's values. */
  columns: readonly string[];
  /** Columns left out because they are not numeric; empty when the columns were named. */
  skipped: readonly { name: string; type: string }[];
  /** The rows in the file's order, to be iterated once; the end, an error and a `break` all release the file. */
  batches: AsyncIterable<RowBatch>;
  /** Releases the file of a table whose batches are not iterated; otherwise it does nothing. */
  close(): Promise<void>;
}

/** Which part of a file is read. */
export interface ReadOptions {
  /** Names of the columns to use; default: all numeric ones. */
  columns?: readonly string[] | undefined;
  /** Name of a column of weights, which then is no feature. */
  sampleWeight?: string | undefined;
  /** A SELECT over a view named `input`, whose columns are then the table's. */
  sql?: string | undefined;
}

/** Consecutive rows to be written, a column at a time. */
export interface OutputBatch {
  nRows: number;
  /** One array of length >= nRows a column; its type is the same in every batch. */
  values: readonly (Float64Array | Int32Array)[];
}
