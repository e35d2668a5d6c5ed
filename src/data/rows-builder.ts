/** Copies batches of rows of any kind into shared memory, row by row, and checks every value. */

import { describe, GmmError } from '../errors.js';
import { MOST_FEATURES } from '../limits.js';
import { allocateShared, type Chunk, type SharedRows } from '../rows/shared-rows.js';
import type { NumberArray } from '../types.js';

/** An ml-matrix `Matrix`, or an object with the same reading methods. */
export interface MatrixLike {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): number;
}

/** Rows: nested arrays, a flat row-major array, or a matrix. */
export type RowBatch = NumberArray | readonly NumberArray[] | MatrixLike;

/** Bytes of a chunk: borders are rare, and the unused end of the last chunk is small. */
const CHUNK_BYTES = 1 << 22;

/** Rows of the first chunk at the beginning: most data are far smaller than a chunk, and zeroing a chunk takes 1 ms. */
const FIRST_ROWS = 1024;

function isMatrix(batch: unknown): batch is MatrixLike {
  const matrix = batch as Partial<MatrixLike> | undefined;
  return (
    typeof matrix?.get === 'function' && typeof matrix.rows === 'number' && typeof matrix.columns === 'number'
  );
}

/** Whether `value` is an array of a kind that can hold rows. Its elements are not checked. */
export function isNumbers(value: unknown): value is NumberArray {
  return value instanceof Float64Array || value instanceof Float32Array || Array.isArray(value);
}

/** The error for a value that is no finite number. */
export function badValue(value: unknown, row: number, column: number, columns?: readonly string[]): GmmError {
  const name = columns?.[column] ?? `x${column}`;
  const message = `row ${row}, column ${JSON.stringify(name)} is ${describe(value)}; every value must be a finite number`;
  return new GmmError('INVALID_DATA', message, { row, column: name });
}

/**
 * @returns rows of a flat array
 * @throws GmmError INVALID_DATA if its length is no multiple of the number of columns
 */
export function countRows(length: number, nFeatures: number): number {
  if (length % nFeatures !== 0) {
    const message = `a flat array of ${length} numbers does not divide into rows of ${nFeatures} columns; check "nFeatures"`;
    throw new GmmError('INVALID_DATA', message, { option: 'nFeatures' });
  }
  return length / nFeatures;
}

/** @throws GmmError INVALID_DATA if rows have no columns or too many */
export function checkColumns(d: number): void {
  if (d > 0 && d <= MOST_FEATURES) return;
  const message =
    d === 0
      ? 'row 0 has no columns; every row must have at least one'
      : `row 0 has ${d} columns; there may be at most ${MOST_FEATURES}`;
  throw new GmmError('INVALID_DATA', message, { row: 0 });
}

/** Collects rows in chunks of shared memory. */
export interface RowsBuilder {
  /**
   * Makes room for the next row. Fill it with `set`.
   *
   * @param d - columns, the same for every row
   * @throws GmmError INVALID_DATA
   */
  open(d: number): void;
  /** @throws GmmError INVALID_DATA for a value that is no finite number, or too large for float32 */
  set(column: number, value: unknown): void;
  finish(): SharedRows;
}

export function createRowsBuilder(storage: 'float64' | 'float32', columns?: readonly string[]): RowsBuilder {
  const bytes = storage === 'float64' ? 8 : 4;
  const allocate = (length: number): Chunk => {
    const memory = allocateShared(length * bytes, 'the rows');
    return storage === 'float64' ? new Float64Array(memory) : new Float32Array(memory);
  };
  const chunks: Chunk[] = [];
  let chunk: Chunk | undefined;
  let nFeatures = 0;
  let chunkRows = 0;
  let n = 0;
  let at = 0;
  return {
    open(d) {
      if (n === 0) {
        checkColumns(d);
        nFeatures = d;
        chunkRows = Math.max(1, Math.floor(CHUNK_BYTES / (bytes * d)));
      } else if (d !== nFeatures) {
        const message = `row ${n} has ${d} columns, row 0 has ${nFeatures}; every row must have the same number`;
        throw new GmmError('INVALID_DATA', message, { row: n });
      }
      if (n % chunkRows === 0) {
        chunk = allocate((n === 0 ? Math.min(FIRST_ROWS, chunkRows) : chunkRows) * d);
        chunks.push(chunk);
        at = 0;
      } else {
        at += d;
        if (at === chunk?.length) {
          // Only the first chunk is shorter than its rows need, and it grows.
          const larger = allocate(Math.min(2 * at, chunkRows * d));
          larger.set(chunk);
          chunk = larger;
          chunks[0] = larger;
        }
      }
      n++;
    },
    set(column, value) {
      const stored = value as number;
      if (typeof value !== 'number' || !Number.isFinite(value)) throw badValue(value, n - 1, column, columns);
      (chunk as Chunk)[at + column] = stored;
      if (bytes === 4 && !Number.isFinite((chunk as Chunk)[at + column])) {
        const name = columns?.[column] ?? `x${column}`;
        const message = `row ${n - 1}, column ${JSON.stringify(name)} is ${value}, too large for storage 'float32'; use 'float64'`;
        throw new GmmError('INVALID_DATA', message, { row: n - 1, column: name, option: 'storage' });
      }
    },
    finish() {
      const rest = n % Math.max(1, chunkRows);
      const last = chunks.at(-1);
      if (last && rest !== 0) {
        const trimmed = allocate(rest * nFeatures);
        trimmed.set(last.subarray(0, rest * nFeatures));
        chunks[chunks.length - 1] = trimmed;
      }
      return { nSamples: n, nFeatures, chunkRows: Math.max(1, chunkRows), chunks };
    },
  };
}

/** @param values - (n × d) row-major */
export function addFlat(builder: RowsBuilder, values: NumberArray, d: number): void {
  const n = countRows(values.length, d);
  for (let i = 0; i < n; i++) {
    builder.open(d);
    for (let a = 0; a < d; a++) builder.set(a, values[i * d + a]);
  }
}

function addMatrix(builder: RowsBuilder, matrix: MatrixLike): void {
  const { rows, columns } = matrix;
  for (const [name, size] of Object.entries({ rows, columns })) {
    if (Number.isSafeInteger(size) && size >= 0) continue;
    throw new GmmError('INVALID_DATA', `a matrix must have a whole number of ${name}, got ${describe(size)}`);
  }
  for (let i = 0; i < rows; i++) {
    builder.open(columns);
    for (let a = 0; a < columns; a++) builder.set(a, matrix.get(i, a));
  }
}

function addNested(builder: RowsBuilder, rows: readonly unknown[]): void {
  // `forEach` would skip holes.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!isNumbers(row)) {
      const message = `row ${i} must be an array of numbers, got ${describe(row)}`;
      throw new GmmError('INVALID_DATA', message, { row: i });
    }
    builder.open(row.length);
    for (let a = 0; a < row.length; a++) builder.set(a, row[a]);
  }
}

/**
 * Adds the rows of a batch of any kind.
 *
 * @param flatFeatures - columns of a flat array; undefined if unknown
 * @param isPart - whether there may be further batches, for the message
 * @throws GmmError INVALID_DATA
 */
export function addBatch(
  builder: RowsBuilder,
  batch: RowBatch,
  flatFeatures: number | undefined,
  isPart: boolean,
): void {
  if (isMatrix(batch)) addMatrix(builder, batch);
  else if (!isNumbers(batch)) {
    const takes =
      'number[][], a flat array, a Float64Array or Float32Array, an ml-matrix Matrix or an AsyncIterable of these';
    const hint = typeof batch === 'function' ? '; call it, and pass what it returns' : '';
    throw new GmmError('INVALID_DATA', `rows must be ${takes}, got ${describe(batch)}${hint}`);
  } else if (isNested(batch)) addNested(builder, batch);
  else if (batch.length > 0) addFlat(builder, batch, flatFeatures ?? throwAmbiguous(batch, isPart));
}

function isNested(batch: NumberArray | readonly unknown[]): batch is readonly unknown[] {
  if (!Array.isArray(batch) || typeof batch[0] === 'number') return false;
  return isNumbers(batch[0]) || batch.some(isNumbers);
}

/** @throws GmmError INVALID_DATA, always: a flat array without its number of columns is ambiguous */
export function throwAmbiguous(values: NumberArray, isPart: boolean): never {
  const { length } = values;
  const kind = Array.isArray(values) ? 'a flat array' : `a ${values.constructor.name}`;
  const array = `${kind} of ${length} ${length === 1 ? 'number' : 'numbers'}`;
  const message = isPart
    ? `a batch is ${array}, which may be one row or ${length}; add nFeatures: ${length} if it is one row, ` +
      'nFeatures: 1 if there is one column, or yield arrays of rows, [row]'
    : `the rows are ${array}, which may be rows of any length; add the number of columns, ` +
      'nFeatures: 1 for one column, nFeatures: 2 for two, …, or pass an array for each row';
  throw new GmmError('INVALID_DATA', message, { option: 'nFeatures' });
}
