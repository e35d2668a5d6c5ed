/** The kind of a column of text: plain numbers, decorated numbers ("$3.50", "1,200") that SQL can read, dates, words. */

import { quoteName } from '../../table/quote-sql.js';
import { isMissing, parseNumber } from './number.js';

/** The kind of a column. */
export interface ColumnKind {
  /** DuckDB's name of the type that loses nothing. */
  type: string;
  /** At least half of the cells that have a value are numbers. */
  numeric: boolean;
  /** Every cell that has a value is a number. */
  pure: boolean;
  /** The first value that is not a plain number. */
  example?: string;
  /** How its numbers are written, if they are not plain. */
  reason?: string;
  /** SQL over the view `input` that reads those numbers. */
  sql?: string;
}

/** A way to write numbers that are not plain: a pattern, a name for messages, and SQL that reads them. */
interface Dress {
  looks: RegExp;
  reason: string;
  /** SQL for the plain number, as text. */
  undress: (name: string) => string;
}

const SIGN = '[$€£¥₹]|USD|EUR|GBP|CHF|Fr\\.|kr|zł';
const PLAIN = '[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const GROUPED = `[+-]?(?:\\d{1,3}(?:[,.' \\u00a0\\u202f]\\d{3})+|\\d+)(?:[.,]\\d+)?`;

/** Drops everything that is not part of a plain number: currency signs, blanks, percent signs, commas between thousands. */
const keepDigits = (name: string) => `regexp_replace(${name}, '[^0-9.eE+-]', '', 'g')`;

const UNIT = 'numbers with a unit';

/** They are tried in this order; the first that all numbers of a column match is used. */
const DRESSES: readonly Dress[] = [
  {
    looks: /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/,
    reason: 'numbers with commas between thousands',
    undress: (name) => `replace(${name}, ',', '')`,
  },
  {
    looks: /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?$/,
    reason: 'numbers with decimal commas',
    undress: (name) => `replace(${name}, ',', '.')`,
  },
  {
    looks: /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$|^[+-]?\d+,\d*$/,
    reason: 'numbers with dots between thousands and decimal commas',
    undress: (name) => `replace(replace(${name}, '.', ''), ',', '.')`,
  },
  {
    looks: new RegExp(`^${PLAIN}\\s*%$`),
    reason: 'percentages',
    undress: (name) => `replace(${name}, '%', '')`,
  },
  {
    looks: /^[+-]?\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:\.\d*)?$/,
    reason: 'numbers with blanks between thousands',
    undress: keepDigits,
  },
  {
    looks: new RegExp(`^[+-]?(?:${SIGN})\\s*${GROUPED}$|^${GROUPED}\\s*(?:${SIGN})$`),
    reason: 'numbers with a currency sign',
    undress: keepDigits,
  },
  {
    looks: new RegExp(`^${PLAIN}\\s*[a-zA-Zµ°]{1,3}$`),
    reason: UNIT,
    undress: (name) => `regexp_extract(${name}, '^[-+0-9.]+')`,
  },
];

/** For a file with decimal commas. */
const COMMA_DRESSES: readonly Dress[] = [
  DRESSES[2],
  { looks: new RegExp(`^${PLAIN}$`), reason: 'numbers with decimal points', undress: (name) => name },
];

/** Types of text other than numbers. */
const WORD_TYPES: readonly [string, RegExp][] = [
  ['BOOLEAN', /^(?:true|false)$/i],
  ['DATE', /^\d{4}-\d{2}-\d{2}$/],
  ['TIMESTAMP', /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$/],
];

/** Whole numbers that a BIGINT holds and writes in the same way. */
export const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,17})$/;

/**
 * @param name - of the column
 * @param cells - of the column, from the top
 * @param decimalComma - whether 1,5 means one and a half
 */
export function describeCells(name: string, cells: readonly string[], decimalComma: boolean): ColumnKind {
  const values = cells.filter((cell) => !isMissing(cell));
  const stray = values.filter((cell) => Number.isNaN(parseNumber(cell, decimalComma)));
  const nNumbers = values.length - stray.length;
  if (nNumbers > 0 && 2 * nNumbers >= values.length) {
    const whole = values.every((cell) => WHOLE_NUMBER.test(cell));
    return dressed(name, stray, values, decimalComma, {
      type: whole ? 'BIGINT' : 'DOUBLE',
      numeric: true,
      pure: stray.length === 0,
    });
  }
  if (values.length === 0) return { type: 'VARCHAR', numeric: false, pure: false, reason: 'empty' };
  const type = WORD_TYPES.find(([, looks]) => values.every((cell) => looks.test(cell)))?.[0] ?? 'VARCHAR';
  return dressed(name, stray, values, decimalComma, { type, numeric: false, pure: false, example: stray[0] });
}

/**
 * Adds how the numbers of a column are decorated, if only the decoration prevents that they are read. Of 900 and "1,200", only
 * the second shows it.
 */
function dressed(
  name: string,
  stray: readonly string[],
  values: readonly string[],
  decimalComma: boolean,
  kind: ColumnKind,
): ColumnKind {
  // Half of the values must be stray: a column of words with a single "5 kg" is a column of words.
  if (stray.length === 0 || (!kind.numeric && 2 * stray.length < values.length)) return kind;
  const dress = (decimalComma ? COMMA_DRESSES : DRESSES).find(({ looks }) =>
    stray.every((cell) => looks.test(cell.trim())),
  );
  if (!dress || (dress.reason === UNIT && new Set(stray.map(unitOf)).size > 1)) return kind;
  const sql = `try_cast(${dress.undress(quoteName(name))} as double)`;
  return { ...kind, example: stray[0], reason: dress.reason, sql };
}

/** @returns whether text is a decorated number */
export function isDressed(text: string): boolean {
  return DRESSES.some(({ looks }) => looks.test(text));
}

function unitOf(cell: string): string {
  return cell.trim().replace(/^[-+0-9.]+\s*/, '');
}
