/** Columns that are left out because they hold no numbers: how a message names them, and how SQL reads those with numbers. */

import { compose, createNote, describe, joinMessages, type Message, setting } from '../../errors.js';
import { listNames, type SourceColumn } from './columns.js';
import type { DataNote } from './data-note.js';
import { quoteName } from './quote-sql.js';
import type { SkippedColumn } from './table.js';

/** @returns a column that is left out as the caller sees it */
export function toSkipped({ name, type, example, reason, sql }: SourceColumn): SkippedColumn {
  return {
    name,
    type,
    ...(example !== undefined && { example }),
    ...(reason !== undefined && { reason }),
    ...(sql !== undefined && { sql }),
  };
}

/** @returns `"price" (text, like "$3.50": numbers with a currency sign)` for each column, separated by commas */
export function describeSkipped(skipped: readonly SkippedColumn[]): string {
  const each = skipped.map(({ name, type, example, reason }) => {
    const kind = reason === 'empty' || reason === 'row names' ? reason : type === 'VARCHAR' ? 'text' : type;
    const like = example === undefined ? '' : `, like ${describe(example)}`;
    return `${describe(name)} (${kind}${like}${reason === undefined || reason === kind ? '' : `: ${reason}`})`;
  });
  return listNames(each);
}

/**
 * @param used - names of the columns that are used
 * @param source - what follows FROM in SQL for the table
 * @returns lines that say how to read columns that were left out although they hold numbers
 */
export function adviseSkipped(
  skipped: readonly SkippedColumn[],
  used: readonly string[],
  source: string,
): (string | Message)[] {
  const readable = skipped.filter(({ sql }) => sql !== undefined);
  if (readable.length === 0) return [];
  const select = [...used.map(quoteName), ...readable.map(({ name, sql }) => `${sql} as ${quoteName(name)}`)];
  const query = `select ${select.join(', ')} from ${source}`;
  const lines = [
    `Read ${readable.length === 1 ? 'the numbers' : 'those with numbers'} as well:`,
    compose`  ${setting('sql', query)}`,
  ];
  const isComma = readable.some(({ reason }) => /^numbers with (?:commas|decimal commas)/.test(reason ?? ''));
  return isComma
    ? [...lines, 'Or, if commas are decimal:', compose`  ${setting('decimalComma', true)}`]
    : lines;
}

/** @returns a note that names the columns left out, if there are any */
export function noteSkipped(
  skipped: readonly SkippedColumn[],
  used: readonly string[],
  source: string,
): DataNote[] {
  if (skipped.length === 0) return [];
  const first = `only numeric columns are used; left out: ${describeSkipped(skipped)}`;
  return [createNote('note', joinMessages([first, ...adviseSkipped(skipped, used, source)]))];
}
