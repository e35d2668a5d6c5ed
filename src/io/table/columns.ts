/** Which columns of a file become features, which one the weights, and which are left out. */

import { compose, createNote, describe, GmmError, mention, subject } from '../../errors.js';
import { describePath, type InputPath, onePath } from '../files/system-errors.js';
import type { DataNote } from './data-note.js';
import { findDrawnLabel, findScores } from './score-columns.js';
import type { ReadOptions } from './table.js';

/** A column as a file declares it. */
export interface SourceColumn {
  name: string;
  /** The file's own word for the type, for people. */
  type: string;
  numeric: boolean;
  /** A value that shows why it is not a column of numbers. */
  example?: string | undefined;
  /** How its numbers are written, if they are not plain. */
  reason?: string | undefined;
  /** SQL over the view `input` that reads those numbers. */
  sql?: string | undefined;
}

/** Positions of columns in the file. */
export interface ColumnChoice {
  features: number[];
  /** Undefined if there is none. */
  weight: number | undefined;
  skipped: number[];
  /** Columns to carry along, in the order asked for. */
  kept: number[];
  /** Which numeric columns were left out, and why. */
  notes: DataNote[];
}

/** What the caller asked for. */
export type Wanted = Pick<
  ReadOptions,
  'columns' | 'model' | 'sampleWeight' | 'keep' | 'sql' | 'leaveOutScores'
>;

/** @returns the names that must be among the columns of the file; undefined if all numeric columns are wanted */
export function namedFeatures({ columns, model }: Wanted): readonly string[] | undefined {
  if (columns) return columns;
  return model?.columns.some((name, a) => name !== `x${a}`) ? model.columns : undefined;
}

/**
 * Finds columns by name: the column with exactly this name, or else with this name without the spaces around it, so that
 * `a, b` means `a` and `b`.
 *
 * @param available - the file's columns in order
 * @param path - the file, for messages
 * @returns positions; `features` may be empty if no columns were named
 * @throws {GmmError} `INVALID_OPTION` if a named column is missing or is named twice, `INVALID_DATA` if a column of the model is
 *   missing, or if the only numeric columns are scores that `predict` wrote
 */
export function resolveColumns(
  available: readonly SourceColumn[],
  wanted: Wanted,
  path: InputPath,
): ColumnChoice {
  const { columns, sampleWeight, keep } = wanted;
  const finder = createFinder(available, path);
  const weight = sampleWeight === undefined ? undefined : finder.find('sampleWeight', sampleWeight);
  const kept = finder.findAll('keep', keep?.columns ?? []);
  const rest = { weight, skipped: [], kept, notes: [] };
  if (columns?.length === 0) {
    const message = compose`${subject('columns')} must name at least one column, got []`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns' });
  }
  if (columns) {
    const features = finder.findAll('columns', columns);
    if (weight === undefined || !features.includes(weight)) return { ...rest, features };
    const message = compose`${subject('columns')} and ${subject('sampleWeight')} both name ${describe(sampleWeight)}; weights can't be a feature too`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns', column: sampleWeight });
  }
  if (namedFeatures(wanted) || wanted.model?.columns.every(finder.has))
    return { ...rest, features: finder.findAll(undefined, wanted.model?.columns ?? []) };
  const others = available
    .map((_, index) => index)
    .filter((index) => index !== weight && !kept.includes(index));
  const numeric = others.filter((index) => available[index].numeric);
  const skipped = others.filter((index) => !available[index].numeric);
  const choice = wanted.leaveOutScores
    ? withoutScores(available, numeric, wanted.sql === undefined, path)
    : { features: numeric, notes: [] };
  return { ...rest, ...choice, skipped };
}

/** The columns of a file by their names. */
function createFinder(available: readonly SourceColumn[], path: InputPath) {
  const names = available.map(({ name }) => name);
  const indexOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.indexOf(name.trim()));
  const missing = (option: string | undefined, column: string): GmmError => {
    const there = listNames(names.map((name) => describe(name)));
    const where = `which is not in ${describePath(path)}; its columns are ${there}`;
    const fields = { option, column, path: onePath(path) };
    return option === undefined
      ? new GmmError('INVALID_DATA', `the model was fitted on column ${describe(column)}, ${where}`, fields)
      : new GmmError(
          'INVALID_OPTION',
          compose`${subject(option)} names ${describe(column)}, ${where}`,
          fields,
        );
  };
  const find = (option: string | undefined, name: string): number => {
    const index = indexOf(name);
    if (index < 0) throw missing(option, name);
    return index;
  };
  return {
    has: (name: string) => indexOf(name) >= 0,
    /** @param option - that names the column; undefined for a column of the model */
    find,
    findAll(option: string | undefined, wanted: readonly string[]): number[] {
      const found = wanted.map((name) => find(option, name));
      const twice = found.find((index, i) => found.indexOf(index) !== i);
      if (twice === undefined) return found;
      const column = names[twice];
      throw option === undefined
        ? new GmmError('INVALID_DATA', `the model names column ${describe(column)} twice`, { column })
        : new GmmError('INVALID_OPTION', compose`${subject(option)} names ${describe(column)} twice`, {
            option,
            column,
          });
    },
  };
}

/**
 * Leaves out scores that `predict` wrote and labels that `sample` wrote, unless the caller names them: they are not measurements.
 *
 * @param numeric - positions of the columns that could be features
 * @param isWholeFile - whether these are all columns of the file, not the result of a query
 */
function withoutScores(
  available: readonly SourceColumn[],
  numeric: readonly number[],
  isWholeFile: boolean,
  path: InputPath,
): Pick<ColumnChoice, 'features' | 'notes'> {
  const names = available.map(({ name }) => name);
  const scores = findScores(names);
  const isDrawn = scores.length === 0 && isWholeFile && available.every((column) => column.numeric);
  const left = (isDrawn ? findDrawnLabel(names) : scores).filter((index) => numeric.includes(index));
  const features = numeric.filter((index) => !left.includes(index));
  if (left.length === 0) return { features, notes: [] };
  const list = listNames(left.map((index) => describe(names[index])));
  if (features.length === 0) {
    const message = compose`${describePath(path)} has no numeric columns except those that predict or sample wrote: ${list}; let predict keep the columns to fit, or set ${mention('columns')}`;
    throw new GmmError('INVALID_DATA', message, { path: onePath(path) });
  }
  // The label may be the user's own, so a quiet program must report it as well: its level is `loss`.
  const note = isDrawn
    ? createNote(
        'loss',
        compose`column ${list} is left out, since sample writes such labels; set ${mention('columns')} to use it`,
      )
    : createNote(
        'note',
        compose`the scores that predict wrote are left out: ${list}; set ${mention('columns')} to use them`,
      );
  return { features, notes: [note] };
}

/**
 * @param names - already quoted
 * @returns the names separated by commas, only the first twenty if there are more
 */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
