/** Cells without a finite number ("holes"): how many each column has, and the options that read the rest of the table. */

import { compose, describe, GmmError, joinMessages, type Message, setting } from '../../errors.js';
import { listNames } from './columns.js';
import { describePlace, type Place } from './finite.js';
import { quoteName } from './quote-sql.js';

/** A column in which every value must be a finite number, and its holes. */
export interface CheckedColumn {
  name: string;
  /** SQL for its value as a number, over the `source` of `HoleCounts`. */
  sql: string;
  /** SQL that is true if the value is a finite number. */
  finiteSql: string;
  /** Number of cells without a finite number. */
  nHoles: number;
}

/** Holes in all rows. */
export interface HoleCounts {
  features: readonly CheckedColumn[];
  weight?: CheckedColumn | undefined;
  /** Names of columns carried along. */
  kept: readonly string[];
  nRows: number;
  /** Number of rows with a hole. */
  nHoleRows: number;
  /** What follows FROM in SQL for the table; undefined if SQL can't read it. */
  source: string | undefined;
}

/**
 * The error names the first hole, then counts the holes of all columns, then says what to do.
 *
 * @param place - of the first hole
 * @param found - the number that isn't finite, or the text in its place; null for an empty cell
 * @param remarks - lines about the first hole
 */
export function holesError(
  place: Place & { column: string },
  found: number | string | null,
  counts: HoleCounts,
  remarks: readonly (string | Message)[] = [],
): GmmError {
  const what =
    found === null || found === '' ? 'empty' : typeof found === 'string' ? describe(found) : String(found);
  const first = `${describePlace(place)}, column ${describe(place.column)} is ${what}; every value must be a finite number`;
  const { row, column, path } = place;
  return new GmmError('INVALID_DATA', joinMessages([first, ...remarks, ...describeHoles(counts)]), {
    row,
    column,
    path,
  });
}

function describeHoles({
  features,
  weight,
  kept,
  nRows,
  nHoleRows,
  source,
}: HoleCounts): (string | Message)[] {
  const checked = weight ? [...features, weight] : features;
  const holed = checked.filter(({ nHoles }) => nHoles > 0);
  const names = holed.map(({ name, nHoles }) => `${describe(name)} ${nHoles}`);
  const lines: (string | Message)[] = [`Cells without a number, of ${nRows} rows: ${listNames(names)}`];
  const complete = features.filter(({ nHoles }) => nHoles === 0);
  const isWeightComplete = weight === undefined || weight.nHoles === 0;
  if (complete.length > 0 && isWeightComplete) {
    const names = complete.map(({ name }) => name);
    lines.push('Use the columns that are complete:', compose`  ${setting('columns', names)}`);
  }
  if (source !== undefined && nHoleRows < nRows) {
    const select = [
      ...checked.map(({ name, sql }) => (sql === quoteName(name) ? sql : `${sql} as ${quoteName(name)}`)),
      ...kept.filter((name) => !checked.some((column) => column.name === name)).map(quoteName),
    ];
    const where = holed.map(({ finiteSql }) => finiteSql).join(' and ');
    const query = `select ${select.join(', ')} from ${source} where ${where}`;
    const rows = nHoleRows === 1 ? 'the row with a hole' : `the ${nHoleRows} rows with holes`;
    lines.push(
      `${lines.length > 1 ? 'Or leave' : 'Leave'} out ${rows}:`,
      compose`  ${setting('sql', query)}`,
    );
  }
  return lines;
}
