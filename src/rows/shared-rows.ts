/**
 * Rows in shared memory, which every thread reads: chunks of row-major numbers over SharedArrayBuffers.
 *
 * A chunk is a unit of storage only, and its size does not affect results. Work is divided into shards (shards.ts), and
 * rows are copied out across the borders of chunks.
 */

import { GmmError } from '../errors.js';

/**
 * Allocates memory that threads share.
 *
 * @param what - the content, in the plural, for the message
 * @throws GmmError INVALID_DATA if the system does not give this much memory
 */
export function allocateShared(byteLength: number, what: string): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(byteLength);
  } catch (cause) {
    const gigabytes = Number((byteLength / 1e9).toPrecision(3));
    const message = `${what} need ${gigabytes} GB of shared memory, more than the system gives; use fewer rows`;
    throw new GmmError('INVALID_DATA', message, { cause });
  }
}

/** The numbers of one chunk, over a SharedArrayBuffer. */
export type Chunk = Float64Array | Float32Array;

/** A table of n rows and d columns. Posting it to workers copies no rows. */
export interface SharedRows {
  readonly nSamples: number;
  readonly nFeatures: number;
  /** Rows of a chunk; the last chunk may have fewer. */
  readonly chunkRows: number;
  readonly chunks: readonly Chunk[];
  /** (n) weights of the rows, >= 0; undefined if every row counts once. */
  readonly sampleWeight?: Float64Array | undefined;
}

/**
 * Copies rows [first, first + count) into `out`.
 *
 * @param out - out: (count × d) row-major; it may be longer
 */
export function copyRowsInto(out: Float64Array, rows: SharedRows, first: number, count: number): void {
  const { nFeatures: d, chunkRows, chunks } = rows;
  for (let done = 0; done < count; ) {
    const row = first + done;
    const chunk = Math.floor(row / chunkRows);
    const within = row - chunk * chunkRows;
    const length = Math.min(count - done, chunkRows - within);
    out.set(chunks[chunk].subarray(within * d, (within + length) * d), done * d);
    done += length;
  }
}

/** @returns the number of rows with positive weight */
export function countingRows({ nSamples, sampleWeight }: SharedRows): number {
  return sampleWeight ? sampleWeight.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0) : nSamples;
}

/** The effective sample size, (Σ w)² / Σ w² (Kish, Survey Sampling, 1965); n without weights. */
export function effectiveRows({ nSamples, sampleWeight }: SharedRows): number {
  if (!sampleWeight) return nSamples;
  // Relative to the largest weight, whose square might overflow.
  const largest = sampleWeight.reduce((most, weight) => Math.max(most, weight), 0);
  let sum = 0;
  let squares = 0;
  for (const weight of sampleWeight) {
    const relative = weight / largest;
    sum += relative;
    squares += relative * relative;
  }
  return (sum * sum) / squares;
}

/** @returns (n × d) a copy of all rows, row-major */
export function copyAllRows(rows: SharedRows): Float64Array {
  const out = new Float64Array(rows.nSamples * rows.nFeatures);
  copyRowsInto(out, rows, 0, rows.nSamples);
  return out;
}
