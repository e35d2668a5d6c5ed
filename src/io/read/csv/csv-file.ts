/** A CSV file whose beginning was read: its dialect, its columns, and notes about both. */

import { describe } from '../../../errors.js';
import type { InputFile } from '../../files/read-bytes.js';
import type { SourceColumn } from '../../table/columns.js';
import type { NoteLevel } from '../../table/data-note.js';
import { type Dialect, decideDialect, fits, type GivenDialect, type Line } from './dialect.js';
import { type ColumnKind, describeCells } from './kinds.js';
import { isBlank, splitRecords } from './records.js';
import { type Encoding, readSample } from './text.js';

/** A column of a CSV file. */
export type CsvColumn = SourceColumn & Pick<ColumnKind, 'pure'>;

/** A note about a file: `text` follows its name in the message. */
export interface FileNote {
  level: NoteLevel;
  text: string;
}

/** A file whose beginning was read. */
export interface CsvFile extends InputFile {
  encoding: Encoding;
  dialect: Dialect;
  columns: readonly CsvColumn[];
  notes: readonly FileNote[];
  /** Number of lines above the first row; undefined if DuckDB would not read the same rows with this dialect. */
  skip: number | undefined;
  /** Number of rows in the beginning; 0 if the file has no rows. */
  nSampled: number;
  /** Columns of text without a word like "Total" so far: in the last row, such a word marks totals. */
  labels: readonly number[];
  /** Whether the file is so short that it is read sooner than DuckDB starts. */
  isShort: boolean;
}

/** Names of the delimiters in messages. */
const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'blanks',
};

/** So many values of a line are shown. */
const SHOWN_VALUES = 4;

/** @throws {GmmError} `IO`, `INVALID_DATA`; the signal's reason */
export async function openCsv(
  source: InputFile,
  given: GivenDialect,
  signal?: AbortSignal,
): Promise<CsvFile> {
  const { text, encoding, isWhole } = await readSample(source, signal);
  const dialect = decideDialect(text, isWhole, given);
  const rows = sampleRows(text, isWhole, dialect);
  const { names, notes: nameNotes } = nameColumns(dialect);
  const columns = names.map((name, j): CsvColumn => {
    if (dialect.rowNames && j === 0)
      return { name, type: 'VARCHAR', numeric: false, pure: false, reason: 'row names' };
    const cells = rows.map((row) => row[j]);
    return { name, ...describeCells(name, cells, dialect.decimalComma) };
  });
  const notes = [...dialectNotes(dialect, encoding, given), ...nameNotes];
  const skip = encoding === 'utf-8' ? linesToSkip(text, dialect) : undefined;
  const body = isWhole ? rows.slice(0, -1) : rows;
  const labels = columns.flatMap(({ numeric }, j) =>
    numeric || body.some((row) => isTotalsWord(row[j])) ? [] : [j],
  );
  const nSampled = rows.length;
  return { ...source, encoding, dialect, columns, notes, skip, nSampled, labels, isShort: isWhole };
}

function sampleRows(
  text: string,
  isWhole: boolean,
  { firstLine, width, ...separators }: Dialect,
): string[][] {
  const rest = fromLine(text, firstLine, separators.newline);
  return splitRecords(rest, separators, isWhole).records.filter(
    (record) => !isBlank(record) && fits(record, width),
  );
}

function fromLine(text: string, line: number, newline: string): string {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf(newline, at);
    if (end < 0) return '';
    at = end + 1;
  }
  return text.slice(at);
}

/** DuckDB counts a header with line breaks as one line. For DuckDB a single blank is a delimiter; a run of blanks is several. */
function linesToSkip(text: string, { header, firstLine, delimiter, newline }: Dialect): number | undefined {
  const top = header?.line ?? firstLine;
  const rows = fromLine(text, top, newline);
  const above = text.slice(0, text.length - rows.length);
  if (newline !== '\n' || above.includes('"')) return undefined;
  if (delimiter === ' ' && /(?:^|\s)[ \t]|[ \t]\r?(?:\n|$)|\t/.test(rows)) return undefined;
  return header === undefined ? top - 1 : top;
}

function nameColumns({ header, width, rowNames }: Dialect) {
  const notes: FileNote[] = [];
  const names: string[] = [];
  const taken = new Set<string>(header?.values);
  const given = header === undefined ? [] : rowNames ? ['', ...header.values] : header.values;
  const digits = String(width - 1).length;
  for (let j = 0; j < width; j++) {
    const name = given[j]?.trim() ?? '';
    let unique = name === '' ? `column${String(j).padStart(digits, '0')}` : name;
    for (let i = 1; names.includes(unique); i++) unique = `${name}_${i}`;
    while (unique !== name && taken.has(unique)) unique += '_';
    if (unique !== name && name !== '') {
      const text = ` has two columns named ${describe(name)}; the second is called ${describe(unique)}`;
      notes.push({ level: 'note', text });
    }
    names.push(unique);
  }
  return { names, notes };
}

function dialectNotes(
  { delimiter, decimalComma, header, above, rowNames }: Dialect,
  encoding: Encoding,
  given: GivenDialect,
): FileNote[] {
  const traits: string[] = [];
  if (delimiter !== ',' && given.delimiter === undefined)
    traits.push(`${DELIMITER_NAMES[delimiter]} between values`);
  if (decimalComma && given.decimalComma === undefined) traits.push('decimal commas');
  if (header === undefined && given.header === undefined) traits.push('no header');
  if (encoding === 'windows-1252') traits.push('Latin-1 characters, since it is not UTF-8');
  else if (encoding !== 'utf-8') traits.push('UTF-16');
  const notes: FileNote[] = [];
  if (traits.length > 0) notes.push({ level: 'note', text: ` is read with ${traits.join(', ')}` });
  if (above.length > 0) {
    const lines = above.map((line) => `line ${line.line} (${showValues(line.values)})`);
    const text = `: not read as rows, since they are above the table: ${lines.join(', ')}`;
    notes.push({ level: 'loss', text });
  }
  if (header && given.header === undefined && isNumbersOnly(header))
    notes.push({
      level: 'loss',
      text: `: line ${header.line} (${showValues(header.values)}) is taken for the names of the columns`,
    });
  if (rowNames) {
    const text = ': lines have one more value than the header; the first values are taken for row names';
    notes.push({ level: 'loss', text });
  }
  return notes;
}

const TOTALS =
  /^\W*(?:(?:grand|sub)[\s-]*)?(?:totals?|sums?|summe|gesamt|insgesamt|somme|totale|suma|average|mean|mittelwert|moyenne)\W*$/i;

function isTotalsWord(cell: string): boolean {
  return TOTALS.test(cell);
}

/** @returns the column whose word, such as "Total", makes the last row look like totals; undefined if there is none */
export function findTotals({ labels, columns }: CsvFile, last: readonly string[]): number | undefined {
  const hasNumber = columns.some(({ numeric }, j) => numeric && (last[j] ?? '').trim() !== '');
  return hasNumber ? labels.find((j) => isTotalsWord(last[j] ?? '')) : undefined;
}

function isNumbersOnly({ values }: Line): boolean {
  return values.some((value) => /^\d/.test(value.trim()));
}

/** @returns the values of a line, for messages */
export function showValues(values: readonly string[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map(describe).join(', ');
  return values.length > SHOWN_VALUES ? `${shown}, …` : shown;
}
