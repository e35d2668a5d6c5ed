/** Raw files of float64 numbers in the machine's byte order. They bring rows and start values to other programs. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes of one read or write, well below the limit of a system call. */
const BYTES_AT_ONCE = 1 << 28;

/** @param arrays - written in this order */
export function writeRaw(path, ...arrays) {
  const file = openSync(path, 'w');
  try {
    for (const array of arrays) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let at = 0; at < bytes.length; )
        at += writeSync(file, bytes, at, Math.min(BYTES_AT_ONCE, bytes.length - at));
    }
  } finally {
    closeSync(file);
  }
}

/** @returns the numbers, over shared memory */
export function readRaw(path) {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size));
    for (let at = 0; at < bytes.length; ) {
      const got = readSync(file, bytes, at, Math.min(BYTES_AT_ONCE, bytes.length - at), null);
      if (got === 0) throw new Error(`${path} is shorter than it was`);
      at += got;
    }
    return new Float64Array(bytes.buffer);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the numbers in batches, so that they are never all in memory. Batches share their memory.
 *
 * @param length - numbers of a batch
 */
export async function* readBatches(path, length) {
  const file = openSync(path, 'r');
  const batch = new Float64Array(length);
  try {
    for (;;) {
      const got = readSync(file, batch, 0, batch.byteLength, null);
      if (got === 0) return;
      yield batch.subarray(0, got / 8);
    }
  } finally {
    closeSync(file);
  }
}
