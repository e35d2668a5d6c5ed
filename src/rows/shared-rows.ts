/**
 * Rows in shared memory, as every thread sees them: chunks of row-major numbers over SharedArrayBuffers.
 *
 * How rows are cut into chunks is a matter of how they arrived, and has no bearing on results: work is cut
 * into shards by shards.ts, and a stretch of rows is copied out across chunk borders.
 */

import { GmmError } from '../errors.js';

/**
 * Memory that threads share.
 *
 * @param what - it is for, in the plural, for the message
 * @throws GmmError INVALID_DATA where there is not as much
 */
export function allocateShared(byteLength: number, what: string): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(byteLength);
  } catch (cause) {
    const gigabytes = Number((byteLength / 1e9).toPrecision(3));
    const message = `${what} need ${gigabytes} GB of shared memory, which is not to be had; give fewer rows at once`;
    throw new GmmError('INVALID_DATA', message, { cause });
  }
}

/** The numbers of one chunk; both kinds are over a SharedArrayBuffer. */
export type Chunk = Float64Array | Float32Array;

/** A table of n rows and d columns; posted to workers as it is, without a copy. */
export interface SharedRows {
  readonly nSamples: number;
  readonly nFeatures: number;
  /** Rows of every chunk but the last, which has the rest. */
  readonly chunkRows: number;
  readonly chunks: readonly Chunk[];
  /** (n) weights of the rows, if they have any. */
  readonly sampleWeight?: Float64Array | undefined;
}

/**
 * Copies rows [first, first + count) into `out`.
 *
 * @param out - out: (count × d) row-major, at its beginning
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

/** How many rows count: those whose weight is not 0. */
export function countingRows({ nSamples, sampleWeight }: SharedRows): number {
  return sampleWeight ? sampleWeight.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0) : nSamples;
}

/**
 * Rows of equal weight that would tell as much: (Σ w)² / Σ w² (Kish, Survey Sampling, 1965). Their number where they are
 * not weighted.
 */
export function effectiveRows({ nSamples, sampleWeight }: SharedRows): number {
  if (!sampleWeight) return nSamples;
  // In units of the largest, whose square might overflow.
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

/**
 * All rows in one array of the caller's own.
 *
 * @returns (n × d) row-major
 */
export function copyAllRows(rows: SharedRows): Float64Array {
  const out = new Float64Array(rows.nSamples * rows.nFeatures);
  copyRowsInto(out, rows, 0, rows.nSamples);
  return out;
}
