/** Our own reader of CSV: rows → numbers. After the first hole it reads on, to count all holes. */

import type { KeptValue, RowBatch } from '../../table/table.js';
import type { CsvFile } from './csv-file.js';
import { isMissing, parseNumber } from './number.js';
import { type BlankLines, readRows } from './rows.js';

/** Rows of a batch: 64 kB of a column. */
const BATCH_ROWS = 8192;

/** The columns that are read, by their positions in the file. */
export interface CsvReading {
  features: readonly number[];
  /** Undefined if there is none. */
  weight: number | undefined;
  kept: readonly { position: number; toValue: (text: string, decimalComma: boolean) => KeptValue }[];
}

/** What a reading finds besides the rows. */
export interface CsvFindings {
  /** Holes in this file and in earlier files. */
  holes: CsvHoles;
  blanks: BlankLines;
  /** The last row. */
  last: { values?: readonly string[]; row: number; line: number };
}

/** The cells without a finite number. */
export interface CsvHoles {
  /** The first hole. */
  first?: { row: number; line: number; column: number; found: string | number; file: string };
  /** (features, then weight) number of holes. */
  nHoles: number[];
  /** (features, then weight) number of holes with text other than a word for a missing value. */
  nTexts: number[];
  /** (features, then weight) number of infinite values. */
  nInfinite: number[];
  nHoleRows: number;
}

/**
 * Yields the rows before the first hole, then only counts.
 *
 * @param nDone - number of rows to skip, which DuckDB has read
 * @param findings - in/out
 * @returns number of rows of the file
 */
export async function* readPlain(
  file: CsvFile,
  { features, weight, kept }: CsvReading,
  nDone: number,
  { holes, blanks, last }: CsvFindings,
  signal?: AbortSignal,
): AsyncGenerator<RowBatch, number, undefined> {
  const { decimalComma } = file.dialect;
  const checked = weight === undefined ? features : [...features, weight];
  const d = features.length;
  let row = 0;
  for await (const { rows, lines } of readRows(file, blanks, signal)) {
    for (let first = Math.max(0, nDone - row); first < rows.length; first += BATCH_ROWS) {
      const part = rows.slice(first, first + BATCH_ROWS);
      const batch: RowBatch = {
        nRows: part.length,
        rows: new Float64Array(part.length * d),
        ...(weight !== undefined && { sampleWeight: new Float64Array(part.length) }),
        kept: kept.map(({ position, toValue }) =>
          part.map((cells) => toValue(cells[position], decimalComma)),
        ),
      };
      for (let i = 0; i < part.length; i++) {
        const cells = part[i];
        let isHole = false;
        for (let j = 0; j < checked.length; j++) {
          const value = parseNumber(cells[checked[j]], decimalComma);
          if (j < d) batch.rows[i * d + j] = value;
          else if (batch.sampleWeight) batch.sampleWeight[i] = value;
          if (Number.isFinite(value)) continue;
          isHole = true;
          countHole(holes, j, cells[checked[j]], value);
          holes.first ??= {
            row: row + first + i,
            line: lines[first + i],
            column: j,
            found: nameFound(cells[checked[j]], value),
            file: file.path,
          };
        }
        if (isHole) holes.nHoleRows++;
      }
      if (holes.first === undefined) yield batch;
    }
    row += rows.length;
    if (rows.length > 0) Object.assign(last, { values: rows.at(-1), row: row - 1, line: lines.at(-1) });
  }
  return row;
}

function countHole(holes: CsvHoles, column: number, text: string, value: number): void {
  holes.nHoles[column]++;
  if (!Number.isNaN(value)) holes.nInfinite[column]++;
  else if (!isMissing(text)) holes.nTexts[column]++;
}

/** Messages show infinite values and NaN as numbers, other text as text. */
function nameFound(text: string, value: number): string | number {
  if (!Number.isNaN(value)) return value;
  return /^[+-]?nan$/i.test(text.trim()) ? value : text;
}

/** @param nColumns - features and weight */
export function createHoles(nColumns: number): CsvHoles {
  const zeros = () => new Array<number>(nColumns).fill(0);
  return { nHoles: zeros(), nTexts: zeros(), nInfinite: zeros(), nHoleRows: 0 };
}
