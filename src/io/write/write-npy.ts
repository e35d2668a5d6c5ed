/** Columns of numbers → a `.npy` file: float64, (n × columns) in C order. The header is written last, once n is known. */

import { type FileHandle, open } from 'node:fs/promises';
import { formatNpyHeader } from '../table/npy-format.js';
import type { OutputBatch, OutputColumn } from '../table/table.js';

/** Number of rows converted at once. */
const ROWS_PER_WRITE = 8192;

/** Writes the complete file. */
export async function writeNpyFile(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    let position = await writeFully(file, formatNpyHeader(0, columns.length), 0);
    let total = 0;
    for await (const { nRows, values } of batches) {
      for (let first = 0; first < nRows; first += ROWS_PER_WRITE) {
        const rows = interleave(values, first, Math.min(ROWS_PER_WRITE, nRows - first));
        position += await writeFully(file, rows, position);
      }
      total += nRows;
    }
    await writeFully(file, formatNpyHeader(total, columns.length), 0);
  } finally {
    await file.close();
  }
}

/** @returns little-endian float64, (nRows × columns) row-major */
function interleave(values: OutputBatch['values'], first: number, nRows: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(nRows * values.length * 8));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let i = first; i < first + nRows; i++) {
    for (const column of values) {
      view.setFloat64(at, column[i] as number, true);
      at += 8;
    }
  }
  return bytes;
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
  return bytes.length;
}
