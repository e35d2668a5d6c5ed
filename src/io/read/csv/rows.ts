/** A CSV file → its rows. Every line is accounted for: it is a row, a blank line that is counted, or an error with its number. */

import { GmmError } from '../../../errors.js';
import { describePath } from '../../files/system-errors.js';
import type { CsvFile } from './csv-file.js';
import { fits } from './dialect.js';
import { countLines, isBlank, readRecords } from './records.js';
import { readText } from './text.js';

/** Consecutive rows. */
export interface CsvRows {
  /** One value per column of the file; further values of a row are empty. */
  rows: string[][];
  /** (rows) the lines of the rows, from 1. */
  lines: number[];
}

/** Blank lines, which are not rows. */
export interface BlankLines {
  count: number;
  /** Line of the first, from 1. */
  first: number;
}

const BAD_QUOTE = 'has a quote that is never closed, or text after a closing quote';

/**
 * @param blanks - out: counts the blank lines
 * @throws {GmmError} `INVALID_DATA`, `IO`; the signal's reason
 */
export async function* readRows(
  file: CsvFile,
  blanks: BlankLines,
  signal?: AbortSignal,
): AsyncGenerator<CsvRows, void, undefined> {
  const { firstLine, width, newline } = file.dialect;
  let line = 1;
  // In a file with a single column, a blank line between rows is a row without a value; at the end it is ignored.
  let pending: number[] = [];
  const fail = (reason: string) =>
    new GmmError('INVALID_DATA', `cannot read ${describePath(file.path)}: line ${line} ${reason}`, {
      path: file.path,
    });
  for await (const batch of readRecords(readText(file, file.encoding, signal), file.dialect, file.path)) {
    signal?.throwIfAborted();
    const found: CsvRows = { rows: [], lines: [] };
    for (let i = 0; i < batch.records.length; i++) {
      const record = batch.records[i];
      if (line < firstLine) {
        line += countLines(record, newline);
        continue;
      }
      if (i === batch.broken) throw fail(BAD_QUOTE);
      if (record.length === 1 && isBlank(record)) {
        if (width === 1) pending.push(line);
        else countBlank(blanks, line);
      } else {
        if (record.length !== width && !fits(record, width)) throw fail(describeWidth(record.length, width));
        for (const blank of pending) {
          found.rows.push(['']);
          found.lines.push(blank);
        }
        pending = [];
        found.rows.push(record);
        found.lines.push(line);
      }
      line += batch.isQuoted ? countLines(record, newline) : 1;
    }
    if (batch.broken !== undefined && batch.broken >= batch.records.length) throw fail(BAD_QUOTE);
    yield found;
  }
  for (const blank of pending) countBlank(blanks, blank);
}

function countBlank(blanks: BlankLines, line: number): void {
  if (blanks.count++ === 0) blanks.first = line;
}

function describeWidth(found: number, expected: number): string {
  return `has ${found} ${found === 1 ? 'value' : 'values'} where ${expected} ${expected === 1 ? 'is' : 'are'} expected`;
}
