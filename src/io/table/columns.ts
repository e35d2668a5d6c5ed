/** Which columns of a file become features, which one the weights, and which are left out. */

import { describe, GmmError } from '../../errors.js';
import type { DataNote } from '../../types.js';
import { describePath } from '../files/system-errors.js';
import { quoteName } from './quote-sql.js';
import { findDrawnLabel, findScores } from './score-columns.js';
import type { ReadOptions, SkippedColumn } from './table.js';

/** A column as a file declares it. */
export interface SourceColumn {
  name: string;
  /** The file's own word for the type, for people. */
  type: string;
  numeric: boolean;
  /** A value that shows why it is no column of numbers. */
  example?: string | undefined;
  /** How numbers are written in it, where they are not plain. */
  reason?: string | undefined;
  /** SQL that reads those, over the view `input`. */
  sql?: string | undefined;
}

/** Positions of columns in the file. */
export interface ColumnChoice {
  features: number[];
  /** -1 if there is none. */
  weight: number;
  skipped: number[];
  /** To be carried along, in the order asked for. */
  kept: number[];
  /** Which numeric columns were left out, and why. */
  notes: DataNote[];
}

/**
 * A name is that of the column written exactly so, or else without the spaces around it: `a, b` → `a` and `b`.
 *
 * @param available - the file's columns in order
 * @param options - what the caller asked for
 * @param path - the file, for messages
 * @returns positions; `features` may be empty if no columns were named
 * @throws {GmmError} `INVALID_OPTION` when a named column isn't there or is named twice, `INVALID_DATA` when all that could
 *   be features are scores that `predict` wrote
 */
export function resolveColumns(
  available: readonly SourceColumn[],
  {
    columns,
    sampleWeight,
    keep,
    sql,
    leaveOutScores,
  }: Pick<ReadOptions, 'columns' | 'sampleWeight' | 'keep' | 'sql' | 'leaveOutScores'>,
  path: string,
): ColumnChoice {
  const names = available.map(({ name }) => name);
  const find = (option: string, name: string): number => {
    const index = names.includes(name) ? names.indexOf(name) : names.indexOf(name.trim());
    if (index >= 0) return index;
    const there = listNames(names.map((one) => describe(one)));
    throw new GmmError(
      'INVALID_OPTION',
      `"${option}" names ${describe(name)}, which is not in ${describePath(path)}; its columns are ${there}`,
    );
  };
  const findAll = (option: string, wanted: readonly string[]): number[] => {
    const found = wanted.map((name) => find(option, name));
    const twice = found.find((index, i) => found.indexOf(index) !== i);
    if (twice === undefined) return found;
    throw new GmmError('INVALID_OPTION', `"${option}" names ${describe(names[twice])} twice`);
  };
  const weight = sampleWeight === undefined ? -1 : find('sampleWeight', sampleWeight);
  const kept = findAll('keep', keep?.columns ?? []);
  if (columns === undefined) {
    const others = names
      .map((_, index) => index)
      .filter((index) => index !== weight && !kept.includes(index));
    const numeric = others.filter((index) => available[index].numeric);
    const skipped = others.filter((index) => !available[index].numeric);
    const choice = leaveOutScores
      ? withoutScores(available, numeric, sql === undefined, path)
      : { features: numeric, notes: [] };
    return { ...choice, weight, skipped, kept };
  }
  if (columns.length === 0)
    throw new GmmError('INVALID_OPTION', '"columns" must name at least one column, got []');
  const features = findAll('columns', columns);
  if (features.includes(weight)) {
    throw new GmmError(
      'INVALID_OPTION',
      `"columns" and "sampleWeight" both name ${describe(sampleWeight)}; weights can't be a feature too`,
    );
  }
  return { features, weight, skipped: [], kept, notes: [] };
}

/**
 * Scores that `predict` wrote and labels that `sample` wrote are no measurements. They are left out unless they are named.
 *
 * @param numeric - positions of the columns that could be features
 * @param isWholeFile - whether the columns are those of the file, not those that a query chose
 */
function withoutScores(
  available: readonly SourceColumn[],
  numeric: readonly number[],
  isWholeFile: boolean,
  path: string,
): Pick<ColumnChoice, 'features' | 'notes'> {
  const names = available.map(({ name }) => name);
  const scores = findScores(names);
  const isDrawn = scores.length === 0 && isWholeFile && available.every((column) => column.numeric);
  const left = (isDrawn ? findDrawnLabel(names) : scores).filter((index) => numeric.includes(index));
  const features = numeric.filter((index) => !left.includes(index));
  if (left.length === 0) return { features, notes: [] };
  const list = listNames(left.map((index) => describe(names[index])));
  if (features.length === 0) {
    throw new GmmError(
      'INVALID_DATA',
      `${describePath(path)} has no numeric column but what predict or sample wrote: ${list}; let predict keep the columns to fit, or set columns`,
    );
  }
  // A label may be the user's own, so even a program that hides notes says that it is not used.
  const note: DataNote = isDrawn
    ? {
        level: 'loss',
        message: `column ${list} is left out, since sample writes such labels; set columns to use it`,
      }
    : {
        level: 'note',
        message: `the scores that predict wrote are left out: ${list}; set columns to use them`,
      };
  return { features, notes: [note] };
}

/**
 * @param names - already quoted
 * @returns the names with commas between, the first twenty if there are many
 */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}

/** @returns what is told of a column that is left out */
export function toSkipped({ name, type, example, reason, sql }: SourceColumn): SkippedColumn {
  return {
    name,
    type,
    ...(example !== undefined && { example }),
    ...(reason !== undefined && { reason }),
    ...(sql !== undefined && { sql }),
  };
}

/** @returns `"price" (text, like "$3.50": numbers with a currency sign)` for each, with commas between */
export function describeSkipped(skipped: readonly SkippedColumn[]): string {
  const each = skipped.map(({ name, type, example, reason }) => {
    const kind = reason === 'empty' || reason === 'row names' ? reason : type === 'VARCHAR' ? 'text' : type;
    const like = example === undefined ? '' : `, like ${describe(example)}`;
    return `${describe(name)} (${kind}${like}${reason === undefined || reason === kind ? '' : `: ${reason}`})`;
  });
  return listNames(each);
}

/**
 * @param used - columns that are numeric
 * @param source - what follows FROM in SQL for the table
 * @returns lines that say how to read the columns left out that hold numbers after all
 */
export function adviseSkipped(
  skipped: readonly SkippedColumn[],
  used: readonly string[],
  source: string,
): string[] {
  const readable = skipped.filter(({ sql }) => sql !== undefined);
  if (readable.length === 0) return [];
  const select = [...used.map(quoteName), ...readable.map(({ name, sql }) => `${sql} as ${quoteName(name)}`)];
  const query = `select ${select.join(', ')} from ${source}`;
  const lines = [
    `Read ${readable.length === 1 ? 'the numbers' : 'those with numbers'} as well:`,
    `  sql: ${JSON.stringify(query)}`,
  ];
  const isComma = readable.some(({ reason }) => /^numbers with (?:commas|decimal commas)/.test(reason ?? ''));
  return isComma ? [...lines, 'Or, if commas are decimal:', '  decimalComma: true'] : lines;
}

/** @returns the note that names the columns left out; none if there are none */
export function noteSkipped(
  skipped: readonly SkippedColumn[],
  used: readonly string[],
  source: string,
): DataNote[] {
  if (skipped.length === 0) return [];
  const first = `only numeric columns are used; left out: ${describeSkipped(skipped)}`;
  return [{ level: 'note', message: [first, ...adviseSkipped(skipped, used, source)].join('\n') }];
}
