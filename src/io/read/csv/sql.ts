/** A CSV file in SQL: DuckDB gets the dialect and detects nothing. */

import { quoteName, quotePath, quoteText } from '../../table/quote-sql.js';
import type { CsvColumn, CsvFile } from './csv-file.js';
import { MISSING_WORDS } from './number.js';

/** A file that DuckDB reads. */
export type SqlCsv = Pick<CsvFile, 'file' | 'isPacked' | 'dialect' | 'columns'> & { skip: number };

/** @returns what follows FROM for all rows of a file; its columns c0, c1, … are text */
export function csvSource({ file, isPacked, dialect, columns, skip }: SqlCsv): string {
  const types = columns.map((_, j) => `'c${j}': 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect=false',
    `columns={${types}}`,
    'header=false',
    `skip=${skip}`,
    `delim=${quoteText(dialect.delimiter)}`,
    `quote='"'`,
    `escape='"'`,
    `comment=''`,
    'strict_mode=true',
    'null_padding=false',
    'ignore_errors=false',
    'hive_partitioning=false',
    `compression=${isPacked ? "'gzip'" : "'none'"}`,
    // Room for four lines of the greatest length. The default is four times as much, and DuckDB holds several buffers
    // (10⁶ × 8: peak 350 → 280 MB, in the same time).
    'buffer_size=8000000',
  ];
  return `read_csv(${quotePath(file)}, ${options.join(', ')})`;
}

/** @returns SQL for a text as a number; NULL if it is not a number */
export function numberOf(text: string, decimalComma: boolean): string {
  if (!decimalComma) return `try_cast(${text} as double)`;
  return `case when contains(${text}, '.') then null else try_cast(replace(${text}, ',', '.') as double) end`;
}

/**
 * SQL for the value of a column in the view `input`, in the type of the column: a number, a date, … A word for a missing value is
 * NULL; any other text among numbers is an error.
 *
 * @param keptAsIs - whether whole numbers must keep all digits
 */
export function typedValue(
  { type, pure }: CsvColumn,
  text: string,
  decimalComma: boolean,
  keptAsIs: boolean,
): string {
  const isNumber = type === 'BIGINT' || type === 'DOUBLE';
  if (type === 'VARCHAR' || (isNumber && !pure)) return text;
  const words = MISSING_WORDS.map(quoteText);
  const present = `case when lower(trim(${text})) in (${words.join(', ')}) then null else ${text} end`;
  if (!isNumber || (type === 'BIGINT' && keptAsIs)) return `cast(${present} as ${type})`;
  // In a file with decimal commas, a decimal point must make the cast fail.
  return `cast(${decimalComma ? `replace(replace(${present}, '.', '?'), ',', '.')` : present} as double)`;
}

/** @returns a query for the columns of a file by name, in the order of `names` */
export function selectColumns(
  source: string,
  columns: readonly CsvColumn[],
  names: readonly string[],
  expressionOf: (column: CsvColumn, text: string) => string,
): string {
  const list = names.map((name) => {
    const position = columns.findIndex((column) => column.name === name);
    return `${expressionOf(columns[position], `c${position}`)} as ${quoteName(name)}`;
  });
  return `select ${list.join(', ')} from ${source}`;
}
