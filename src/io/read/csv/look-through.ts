/** Finds in a file that DuckDB reads what DuckDB does not report: blank lines, invalid UTF-8, totals in the last row. */

import { isAscii } from 'node:buffer';
import { readBytes } from '../../files/read-bytes.js';
import { type CsvFile, findTotals } from './csv-file.js';
import { splitRecords } from './records.js';

/** The last line is searched in so many bytes. */
const TAIL_BYTES = 1 << 16;

/**
 * Scans the bytes while DuckDB reads (148 MB: 0.1 s). This also finds a truncated packed file.
 *
 * @returns whether the plain reader must read the file
 * @throws {GmmError} `IO`, `INVALID_DATA`; the signal's reason
 */
export async function hasOddLines(file: CsvFile, signal?: AbortSignal): Promise<boolean> {
  let isOdd = false;
  const isUtf8 = createUtf8Check();
  let tail = Buffer.alloc(0);
  for await (const bytes of readBytes(file, signal)) {
    // Two bytes on either side of a chunk border are enough to find "\n\r\n" across it.
    const seam = Buffer.concat([tail.subarray(-2), bytes.subarray(0, 2)]);
    isOdd ||= hasDoubleBreak(seam) || hasDoubleBreak(bytes) || !isUtf8(bytes);
    tail = Buffer.concat([tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    if (isOdd && !file.isPacked) return true;
  }
  return isOdd || (file.labels.length > 0 && endsInTotals(file, tail.toString('utf8')));
}

/** DuckDB does not check the encoding of columns that it does not read. */
function createUtf8Check(): (bytes: Buffer) => boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isAllAscii = true;
  return (bytes) => {
    // While everything is ASCII, no character lies across a chunk border.
    isAllAscii &&= isAscii(bytes);
    if (isAllAscii) return true;
    try {
      decoder.decode(bytes, { stream: true });
      return true;
    } catch {
      return false;
    }
  };
}

function hasDoubleBreak(bytes: Buffer): boolean {
  return bytes.includes('\n\n') || bytes.includes('\n\r\n');
}

function endsInTotals(file: CsvFile, tail: string): boolean {
  const text = tail.trimEnd();
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const last = splitRecords(line, file.dialect, true).records[0];
  return last !== undefined && findTotals(file, last) !== undefined;
}
