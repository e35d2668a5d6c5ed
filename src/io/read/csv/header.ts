/** The top of a CSV file: which lines are above the table, which one names the columns, where the rows begin. */

import { isMissing, parseNumber } from './number.js';
import { countLines, isBlank, type Separators, splitRecords } from './records.js';

/** How a file is written. */
export interface Dialect extends Separators {
  /** 1,5 is one and a half. */
  decimalComma: boolean;
  /** Names of the columns, as the file has them; undefined where it has none. */
  header?: Line;
  /** Lines above header and rows that are neither. */
  above: readonly Line[];
  /** 1-based line that the first row is looked for at. */
  firstLine: number;
  /** Values of a row. */
  width: number;
  /** Whether rows begin with a value that the header has no name for, as R writes them. */
  rowNames: boolean;
}

/** A record and where it stands. */
export interface Line {
  /** 1-based. */
  line: number;
  values: readonly string[];
}

/** The beginning of a file, its values told apart. */
export interface RawTable extends Separators {
  lines: readonly Line[];
  decimalComma: boolean;
  /** Values that most lines have. */
  width: number;
}

/** Lines above a table: a title, a source, a date. More are no preamble, but a table of another shape. */
const MOST_ABOVE = 20;

/**
 * Decides where the rows begin, and under which names.
 *
 * @param given - whether the caller says that there is a header
 */
export function resolveRows(table: RawTable, given: boolean | undefined): Dialect {
  const { delimiter, newline, decimalComma, lines, width } = table;
  const isNumber = (cell: string) => !Number.isNaN(parseNumber(cell, decimalComma));
  const dialect = { delimiter, newline, decimalComma, rowNames: false };
  // Who says what the first line is leaves nothing above it but comments.
  const mayBeAbove = ({ values }: Line) => given === undefined || isComment(values);
  let first = lines.findIndex(
    (line, i) => !isBlank(line.values) && !(mayBeAbove(line) && isAbove(lines, i, width, isNumber)),
  );
  if (first < 0) first = lines.length;
  const [top, ...below] = lines.slice(first).filter(({ values }) => !isBlank(values));
  const above = lines.slice(0, first).filter(({ values }) => !isBlank(values));
  if (top === undefined) return { ...dialect, above: [], firstLine: 1, width: Math.max(1, width) };
  const next = (lines[lines.indexOf(top) + 1] ?? { line: top.line + countLines(top.values, newline) }).line;
  if (given ?? isHeader(top.values, below, isNumber)) {
    const rowNames = shortHeader(top.values, below, isNumber) === 'row names';
    return {
      ...dialect,
      header: top,
      above,
      firstLine: next,
      rowNames,
      width: top.values.length + (rowNames ? 1 : 0),
    };
  }
  const named = given === undefined ? commentedHeader(above.at(-1), top, delimiter, newline) : undefined;
  return {
    ...dialect,
    ...(named && { header: named }),
    above: named ? above.slice(0, -1) : above,
    firstLine: top.line,
    width: top.values.length,
  };
}

/**
 * A line above the table: a comment, or a few of text with fewer values than the table has. Rows are never above: what
 * begins with a number is one, and three lines alike are a table.
 */
function isAbove(
  lines: readonly Line[],
  i: number,
  width: number,
  isNumber: (cell: string) => boolean,
): boolean {
  const { values } = lines[i];
  // Spreadsheets write `sep=;` for each other.
  if (i === 0 && /^sep=.?$/i.test(values.join(''))) return true;
  const next = lines.slice(i + 1).find((line) => !isBlank(line.values));
  if (isComment(values)) {
    // Under "#id,x" come rows, under "# by hand, x" comes the header.
    return values.length !== width || !next || !next.values.some(isNumber) || next.values.length !== width;
  }
  const below = lines.slice(i + 1).filter((line) => !isBlank(line.values));
  if (shortHeader(values, below, isNumber) !== undefined) return false;
  if (i >= MOST_ABOVE || width === 1 || values.length >= width || values.some(isNumber)) return false;
  const start = lines.findIndex((line) => line.values.length >= width);
  if (start < 0 || start > MOST_ABOVE) return false;
  const alike = lines.slice(i, start).filter((line) => line.values.length === values.length);
  return values.length === 1 || alike.length < 3;
}

/**
 * A header may have a name less than the rows have values: where all rows end with a delimiter, and in R's files, whose
 * rows begin with a name or their number.
 */
function shortHeader(
  top: readonly string[],
  below: readonly Line[],
  isNumber: (cell: string) => boolean,
): 'spare delimiter' | 'row names' | undefined {
  const isLonger = below.length > 0 && below.every(({ values }) => values.length === top.length + 1);
  if (!isLonger || top.some((cell) => isNumber(cell) || isMissing(cell))) return undefined;
  if (below.every(({ values }) => values.at(-1) === '')) return 'spare delimiter';
  const isNamed = below.every(({ values }) => !isNumber(values[0]));
  const isCounted = below.every(({ values }, row) => values[0] === String(row + 1));
  const hasNumbers = below.some(({ values }) => values.slice(1).some(isNumber));
  return (isNamed || isCounted) && hasNumbers ? 'row names' : undefined;
}

/** A name is no number; but years may be names of columns. */
function isHeader(
  top: readonly string[],
  below: readonly Line[],
  isNumber: (cell: string) => boolean,
): boolean {
  const numbers = top.filter(isNumber);
  const isHole = (cell: string) => isMissing(cell) && cell.trim() !== '';
  if (numbers.length === 0) return top.some((cell) => !isMissing(cell)) && !top.some(isHole);
  if (below.length === 0) return false;
  const isYear = (cell: string) => /^(?:19|20)\d\d$/.test(cell.trim());
  if (!numbers.every(isYear) || new Set(numbers).size < numbers.length) return false;
  return !top.some((cell, j) => isYear(cell) && below.every(({ values }) => isYear(values[j] ?? '')));
}

/** numpy.savetxt writes its header as a comment: `# x y`. */
function commentedHeader(
  comment: Line | undefined,
  top: Line,
  delimiter: string,
  newline: '\n' | '\r',
): Line | undefined {
  if (comment === undefined || !isComment(comment.values)) return undefined;
  const text = comment.values.join(delimiter).replace(/^#+\s*/, '');
  const values = splitRecords(text, { delimiter, newline }, true).records[0] ?? [];
  const isNames =
    values.length === top.values.length && values.every((name) => /^[^\d\s.+-]/.test(name.trim()));
  return isNames && values.length > 1 ? { line: comment.line, values } : undefined;
}

/** @returns whether a line is one by its first character */
export function isComment(values: readonly string[]): boolean {
  return values[0].startsWith('#');
}
