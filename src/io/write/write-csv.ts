/** Columns → CSV as in RFC 4180, but with \n. Every number has the shortest form that reads back to the same bits. */

import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import type { KeptValue, OutputBatch, OutputColumn } from '../table/table.js';
import { escapeControls } from './escape-controls.js';

/** Number of values formatted at once: some hundred kilobytes, some milliseconds. */
const VALUES_PER_WRITE = 1 << 15;

/** How CSV is written. */
export interface CsvOptions {
  signal?: AbortSignal | undefined;
  /** Whether to put a `'` before texts that a spreadsheet would run as formulas, and to quote every text. */
  escapeFormulas?: boolean | undefined;
}

/** A spreadsheet takes text that begins so for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A number is not a formula, whatever its sign. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Writes the complete file. If the path is a terminal, control characters are written as `\u001b`. */
export async function writeCsvFile(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  options: CsvOptions = {},
): Promise<void> {
  const file = await open(path, 'w');
  try {
    const write = createTextWriter(options, isatty(file.fd));
    for await (const text of csvText(columns, batches, write, options.signal)) await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** Writes to a stream at its pace, and leaves it open. On a terminal, control characters are written as `\u001b`. */
export async function writeCsvStream(
  stream: Writable & { isTTY?: boolean },
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  options: CsvOptions = {},
): Promise<void> {
  const write = createTextWriter(options, stream.isTTY === true);
  // After its callback, a failed write also emits `error`; without a listener that would end the process.
  const ignore = () => {};
  stream.on('error', ignore);
  for await (const text of csvText(columns, batches, write, options.signal)) {
    await new Promise<void>((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }
  stream.off('error', ignore);
}

async function* csvText(
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
  write: (text: string) => string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const header = `${columns.map(({ name }) => write(name)).join(',')}\n`;
  const writeKept = (value: KeptValue) => (value === null ? '' : write(String(value)));
  let nBatches = 0;
  for await (const { nRows, values } of batches) {
    // The header waits for the first batch: if that fails, nothing is written.
    if (nBatches++ === 0) yield header;
    const fields = values.map((column) => (Array.isArray(column) ? column.map(writeKept) : column));
    const step = Math.max(1, Math.floor(VALUES_PER_WRITE / fields.length));
    for (let first = 0; first < nRows; first += step) {
      const last = Math.min(nRows, first + step);
      let text = '';
      for (let i = first; i < last; i++) {
        for (let j = 0; j < fields.length; j++) text += j === 0 ? fields[j][i] : `,${fields[j][i]}`;
        text += '\n';
      }
      yield text;
      // Formatting a batch may take a second.
      signal?.throwIfAborted();
    }
  }
  if (nBatches === 0) yield header;
}

/** @returns a function from a text to its CSV field */
function createTextWriter({ escapeFormulas }: CsvOptions, isTerminal: boolean): (text: string) => string {
  const show = isTerminal ? escapeControls : (text: string) => text;
  if (!escapeFormulas) return (text) => (/[",\r\n]/.test(text) ? quote(show(text)) : show(text));
  return (text) => {
    if (NUMBER.test(text)) return text;
    // Quoted, so that a `;` does not begin a cell in a spreadsheet that separates by `;`.
    return quote(show(FORMULA.test(text) ? `'${text}` : text));
  };
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
