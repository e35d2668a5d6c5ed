/**
 * The dialect of a CSV file, decided once from its beginning: the delimiter, decimal commas, where the rows begin, the names of
 * the columns.
 *
 * As in CleverCSV (van den Burg, Nazábal, Sutton 2019, "Wrangling messy CSV files by detecting row and type patterns"), the score
 * of a delimiter combines two shares: lines with the most common number of values, and values of a known type (number, date,
 * missing). Unlike other detectors, this one skips no row: all lines above the rows are in `above`, and a later line with another
 * number of values is an error.
 */

import { type Dialect, isComment, type Line, type RawTable, resolveRows } from './header.js';
import { isDressed } from './kinds.js';
import { isMissing, parseNumber } from './number.js';
import { countLines, isBlank, newlineOf, type Separators, splitRecords } from './records.js';

export type { Dialect, Line } from './header.js';

/** The part of a dialect that the caller has set. */
export interface GivenDialect {
  delimiter?: string | undefined;
  decimalComma?: boolean | undefined;
  header?: boolean | undefined;
}

/** A blank stands for runs of blanks. If scores are equal, the first delimiter is used. */
const DELIMITERS = [',', ';', '\t', '|', ' '];

const TIME =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** The sample as read with one delimiter. */
interface Reading extends RawTable {
  /** Share of the lines that have the most common number of values. */
  regular: number;
  /** Share of their values that have a known type. */
  typed: number;
  /** Whether the first line is like them: a header has as many names as a row has values, or nearly so. */
  hasTop: boolean;
}

/**
 * @param text - the beginning of a file
 * @param isWhole - whether this is the whole file; otherwise the last line may be incomplete and is left out
 */
export function decideDialect(text: string, isWhole: boolean, given: GivenDialect = {}): Dialect {
  const newline = newlineOf(text);
  const delimiters = given.delimiter === undefined ? DELIMITERS : [given.delimiter];
  const readings = delimiters
    // With decimal commas, the delimiter can be a comma only if values are quoted.
    .filter(
      (delimiter) =>
        delimiter !== ',' || !given.decimalComma || given.delimiter === ',' || text.includes('"'),
    )
    .map((delimiter) => readAs(text, isWhole, { delimiter, newline }, given.decimalComma));
  const best = readings.reduce((a, b) => (scoreOf(b) > scoreOf(a) + 1e-9 ? b : a));
  const alone = given.delimiter === undefined ? asOneColumn(text, isWhole, newline, given) : undefined;
  return resolveRows(alone && best.regular < 1 ? alone : best, given.header);
}

/** A single column scores lowest: every file can be read as a single column of text. */
function scoreOf({ width, regular, typed, hasTop }: Reading): number {
  return (width > 1 ? regular : 0.05) * (hasTop ? 1 : 0.5) * (0.1 + typed);
}

function readAs(
  text: string,
  isWhole: boolean,
  separators: Separators,
  decimalComma: boolean | undefined,
): Reading {
  const lines = toLines(text, isWhole, separators);
  const body = lines.filter(({ values }) => !isBlank(values) && !isComment(values));
  const width = commonWidth(body.map(({ values }) => values.length));
  const regularLines = body.filter(({ values }) => values.length === width);
  // The first line may be a header, unless it is the only line.
  const cells = regularLines
    .slice(regularLines.length > 1 ? 1 : 0)
    .flatMap(({ values }) => values.slice(0, width));
  const isComma = decimalComma ?? hasDecimalCommas(cells, separators.delimiter);
  const typed = cells.filter((cell) => isTyped(cell, isComma)).length;
  return {
    ...separators,
    lines,
    decimalComma: isComma,
    width,
    regular: body.length === 0 ? 0 : regularLines.length / body.length,
    typed: cells.length === 0 ? 0 : typed / cells.length,
    hasTop: body.length > 0 && Math.abs(body[0].values.length - width) <= (width > 2 ? 1 : 0),
  };
}

/**
 * Reads a single column of numbers with decimal commas, whose header has no comma. At least half of its values must have a comma:
 * a few lines with a comma are rows with a value too many.
 *
 * @returns undefined for any other text
 */
function asOneColumn(
  text: string,
  isWhole: boolean,
  newline: '\n' | '\r',
  { decimalComma }: GivenDialect,
): Reading | undefined {
  const reading = readAs(text, isWhole, { delimiter: ';', newline }, decimalComma ?? true);
  const [head, ...body] = reading.lines.filter(({ values }) => !isBlank(values));
  if (reading.width !== 1 || decimalComma === false || body.length === 0) return undefined;
  const isNumber = ({ values }: Line) => values.length === 1 && isTyped(values[0], true);
  if (head.values[0].includes(',') || isNumber(head) || !body.every(isNumber)) return undefined;
  const withComma = body.filter(({ values }) => values[0].includes(','));
  return 2 * withComma.length >= body.length ? reading : undefined;
}

function toLines(text: string, isWhole: boolean, separators: Separators): Line[] {
  const { records } = splitRecords(text, separators, isWhole);
  // If the first line is longer than the sample, its beginning must do.
  const all = records.length > 0 ? records : splitRecords(text, separators, true).records;
  let line = 1;
  return all.map((values) => {
    const first = line;
    line += countLines(values, separators.newline);
    return { line: first, values };
  });
}

/** @returns whether a record has `width` values; further values must be empty */
export function fits(values: readonly string[], width: number): boolean {
  if (values.length < width) return false;
  for (let j = width; j < values.length; j++) if (values[j] !== '') return false;
  return true;
}

/** The most frequent width; of equally frequent widths, the first. */
function commonWidth(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  let common = 1;
  for (const [width, count] of counts) if (count > (counts.get(common) ?? 0)) common = width;
  return common;
}

function isTyped(cell: string, decimalComma: boolean): boolean {
  const text = cell.trim();
  return (
    isMissing(text) || !Number.isNaN(parseNumber(text, decimalComma)) || TIME.test(text) || isDressed(text)
  );
}

/**
 * Commas are decimal if more numbers have a comma that can't separate thousands than have a decimal point. If the delimiter is a
 * comma, only the caller can declare decimal commas.
 */
function hasDecimalCommas(cells: readonly string[], delimiter: string): boolean {
  if (delimiter === ',') return false;
  let commas = 0;
  let points = 0;
  for (const cell of cells) {
    const text = cell.trim();
    if (/^[+-]?(?:0,\d+|\d+,(?!\d{3}$)\d*|\d{4,},\d+|,\d+)(?:[eE][+-]?\d+)?$/.test(text)) commas++;
    else if (/^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/.test(text)) points++;
  }
  return commas > points;
}
