/** Columns → CSV by RFC 4180, but with \n; every number in the shortest form that reads back the same. */

import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { KeptValue, OutputBatch, OutputColumn } from './table.js';

/** Values turned to text at once: some hundred kilobytes, some milliseconds. */
const VALUES_PER_WRITE = 1 << 15;

/** Writes a batch's file whole, to the path it gets. */
export async function writeCsvFile(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  signal?: AbortSignal,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const text of csvText(columns, batches, signal)) await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** Writes to a stream, at its pace, and leaves it open. */
export async function writeCsvStream(
  stream: Writable,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  signal?: AbortSignal,
): Promise<void> {
  // A failed write is also an `error` event, after its callback; without a listener it ends the process.
  const ignore = () => {};
  stream.on('error', ignore);
  for await (const text of csvText(columns, batches, signal)) {
    await new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }
  stream.off('error', ignore);
}

async function* csvText(
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const header = `${columns.map(({ name }) => quoteField(name)).join(',')}\n`;
  let nBatches = 0;
  for await (const { nRows, values } of batches) {
    // Where there is no first batch but an error, nothing is written.
    if (nBatches++ === 0) yield header;
    const fields = values.map((column) => (Array.isArray(column) ? column.map(formatKept) : column));
    const step = Math.max(1, Math.floor(VALUES_PER_WRITE / fields.length));
    for (let first = 0; first < nRows; first += step) {
      const last = Math.min(nRows, first + step);
      let text = '';
      for (let i = first; i < last; i++) {
        for (let j = 0; j < fields.length; j++) text += j === 0 ? fields[j][i] : `,${fields[j][i]}`;
        text += '\n';
      }
      yield text;
      // A batch may take a second to format.
      signal?.throwIfAborted();
    }
  }
  if (nBatches === 0) yield header;
}

function formatKept(value: KeptValue): string {
  return value === null ? '' : quoteField(String(value));
}

function quoteField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
