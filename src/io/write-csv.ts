/** Columns of numbers → CSV by RFC 4180, but with \n; every number in the shortest form that reads back the same. */

import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { OutputBatch } from './table.js';

/** Rows turned to text at once: some hundred kilobytes. */
const ROWS_PER_WRITE = 4096;

/** Writes a batch's file whole, to the path it gets. */
export async function writeCsvFile(
  path: string,
  columns: readonly string[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const text of csvText(columns, batches)) await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** Writes to a stream, at its pace, and leaves it open. */
export async function writeCsvStream(
  stream: Writable,
  columns: readonly string[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  // A failed write is also an `error` event, after its callback; without a listener it ends the process.
  const ignore = () => {};
  stream.on('error', ignore);
  for await (const text of csvText(columns, batches)) {
    await new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }
  stream.off('error', ignore);
}

async function* csvText(
  columns: readonly string[],
  batches: AsyncIterable<OutputBatch>,
): AsyncGenerator<string> {
  yield `${columns.map(quoteField).join(',')}\n`;
  for await (const { nRows, values } of batches) {
    for (let first = 0; first < nRows; first += ROWS_PER_WRITE) {
      const last = Math.min(nRows, first + ROWS_PER_WRITE);
      let text = '';
      for (let i = first; i < last; i++) {
        for (let j = 0; j < values.length; j++) text += j === 0 ? values[j][i] : `,${values[j][i]}`;
        text += '\n';
      }
      yield text;
    }
  }
}

function quoteField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
