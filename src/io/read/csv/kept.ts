/** Kept columns of a CSV. A column gets a type other than text only if that loses nothing: 007 is not a number. */

import { compose, describe, GmmError, subject } from '../../../errors.js';
import type { Keep, KeptColumn, KeptValue } from '../../table/table.js';
import type { CsvColumn } from './csv-file.js';
import { WHOLE_NUMBER } from './kinds.js';
import { parseNumber } from './number.js';

/** A type of values: which texts have it, and their values, in the form that DuckDB returns. */
interface KeptType {
  type: string;
  has: (text: string) => boolean;
  /** The same test as SQL, over a column of text. */
  sql: (text: string) => string;
  valueOf: (text: string) => KeptValue;
}

/** Digits that would not survive as a number: 007, and more digits than float64 holds. */
const CODE = /^[+-]?(?:0[0-9]|[0-9]{16,}$)/;

const DAY_MS = 86_400_000;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/;

/** @returns milliseconds since 1970; NaN if there is no such day or time */
function timeOf(text: string): number {
  const time = Date.parse(`${text}Z`);
  // Date reads 2020-02-31 as the 2nd of March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(text) ? Number.NaN : time;
}

const TEXT: KeptType = { type: 'VARCHAR', has: () => true, sql: () => 'true', valueOf: (text) => text };

/** @returns the type with DuckDB's name; text for any other name */
function keptType(type: string, decimalComma: boolean): KeptType {
  const matches = (text: string, pattern: RegExp) => `regexp_full_match(${text}, '${pattern.source}')`;
  if (type === 'BIGINT')
    return {
      type,
      has: (text) => WHOLE_NUMBER.test(text),
      sql: (text) => matches(text, WHOLE_NUMBER),
      valueOf: (text) => BigInt(text),
    };
  if (type === 'DOUBLE' && !decimalComma)
    return {
      type,
      has: (text) => !CODE.test(text) && !Number.isNaN(parseNumber(text, false)),
      sql: (text) =>
        `(not regexp_matches(${text}, '${CODE.source}') and coalesce(not isnan(try_cast(${text} as double)), false))`,
      valueOf: (text) => parseNumber(text, false),
    };
  if (type === 'BOOLEAN')
    return {
      type,
      has: (text) => /^(?:true|false)$/i.test(text),
      sql: (text) => `lower(${text}) in ('true', 'false')`,
      valueOf: (text) => text.toLowerCase() === 'true',
    };
  if (type === 'DATE')
    return {
      type,
      has: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(timeOf(`${text}T00:00:00`)),
      sql: (text) =>
        `(regexp_full_match(${text}, '\\d{4}-\\d{2}-\\d{2}') and try_cast(${text} as date) is not null)`,
      valueOf: (text) => ({ days: timeOf(`${text}T00:00:00`) / DAY_MS }),
    };
  if (type === 'TIMESTAMP')
    return {
      type,
      has: (text) => microsecondsOf(text) !== undefined,
      sql: (text) => `(${matches(text, TIMESTAMP)} and try_cast(${text} as timestamp) is not null)`,
      valueOf: (text) => ({ micros: microsecondsOf(text) ?? 0n }),
    };
  return TEXT;
}

function microsecondsOf(text: string): bigint | undefined {
  const [, day, minute, second = '00', fraction = ''] = TIMESTAMP.exec(text) ?? [];
  const time = day === undefined ? Number.NaN : timeOf(`${day}T${minute}:${second}`);
  if (Number.isNaN(time)) return undefined;
  return BigInt(time) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** A kept column, and the function from its text to its values. */
export interface KeptText extends KeptColumn {
  toValue: (text: string, decimalComma: boolean) => KeptValue;
}

/** Checks for each column whether its type loses nothing. */
export type CheckTypes = (
  types: readonly { has: KeptType['has']; sql: KeptType['sql'] }[],
) => Promise<boolean[]>;

/**
 * @param columns - the kept columns
 * @param decimalComma - whether any file has decimal commas; then numbers stay text
 * @param check - called only if there is a type to check
 * @throws {GmmError} `INVALID_OPTION` for a column of text if numbers are wanted
 */
export async function resolveKeptText(
  columns: readonly CsvColumn[],
  as: Keep['as'],
  decimalComma: boolean,
  check: CheckTypes,
): Promise<KeptText[]> {
  if (as === 'numbers') return columns.map(asNumber);
  let types = columns.map(({ type }) => (as === 'text' ? TEXT : keptType(type, decimalComma)));
  if (types.some((type) => type !== TEXT)) {
    const lossless = await check(types);
    types = types.map((type, i) => (lossless[i] ? type : TEXT));
  }
  return columns.map(({ name }, i) => ({
    name,
    type: types[i].type,
    toValue: (text) => (text === '' ? null : types[i].valueOf(text)),
  }));
}

function asNumber({ name, type, numeric }: CsvColumn): KeptText {
  if (!numeric) {
    throw new GmmError(
      'INVALID_OPTION',
      compose`${subject('keep')} names ${describe(name)} (${type}), but a .npy file holds numbers only; write .csv or .parquet`,
      { option: 'keep', column: name },
    );
  }
  return { name, type: 'DOUBLE', toValue: parseNumber };
}
