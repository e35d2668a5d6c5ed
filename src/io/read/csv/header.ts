/** The top of a CSV file: lines above the table, the header, and where the rows begin. */

import { isMissing, parseNumber } from './number.js';
import { countLines, isBlank, type Separators, splitRecords } from './records.js';

/** The dialect of a file. */
export interface Dialect extends Separators {
  /** Whether 1,5 means one and a half. */
  decimalComma: boolean;
  /** Names of the columns as written in the file; undefined if it has no header. */
  header?: Line;
  /** Lines above the table, which are neither header nor rows. */
  above: readonly Line[];
  /** Line from 1 at which the rows begin; blank lines may come first. */
  firstLine: number;
  /** Number of values in a row. */
  width: number;
  /** Whether rows begin with a row name that the header does not mention, as in R's files. */
  rowNames: boolean;
}

/** A record and its line. */
export interface Line {
  /** From 1. */
  line: number;
  values: readonly string[];
}

/** The beginning of a file, split into values. */
export interface RawTable extends Separators {
  lines: readonly Line[];
  decimalComma: boolean;
  /** The most common number of values in a line. */
  width: number;
}

/** Most lines above a table: a title, a source, a date. More lines are not a preamble but another table. */
const MOST_ABOVE = 20;

/**
 * Decides where the rows begin, and what their columns are called.
 *
 * @param given - whether there is a header, if the caller says so
 */
export function resolveRows(table: RawTable, given: boolean | undefined): Dialect {
  const { delimiter, newline, decimalComma, lines, width } = table;
  const isNumber = (cell: string) => !Number.isNaN(parseNumber(cell, decimalComma));
  const dialect = { delimiter, newline, decimalComma, rowNames: false };
  // If the caller says what the first line is, only comments can be above it.
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
 * Whether a line is above the table: a comment, or one of a few lines of text with fewer values than a row. A line with a number
 * is a row, and three lines with the same number of values are a table.
 */
function isAbove(
  lines: readonly Line[],
  i: number,
  width: number,
  isNumber: (cell: string) => boolean,
): boolean {
  const { values } = lines[i];
  // `sep=;` is a hint for spreadsheets.
  if (i === 0 && /^sep=.?$/i.test(values.join(''))) return true;
  const next = lines.slice(i + 1).find((line) => !isBlank(line.values));
  if (isComment(values)) {
    // "#id,x" above rows is a header; "# by hand, x" above a header is a comment.
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
 * A header may have one name less than a row has values: if all rows end with a delimiter, and in R's files, whose rows begin with
 * a name or a number.
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

/** The name of a column is not a number, except that years may be names. */
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

/** @returns whether a line begins with `#` */
export function isComment(values: readonly string[]): boolean {
  return values[0].startsWith('#');
}
