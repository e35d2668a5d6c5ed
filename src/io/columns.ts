/** Which columns of a file become features, which one the weights, and which are left out. */

import { describe, GmmError } from '../errors.js';
import { describePath } from './system-errors.js';
import type { ReadOptions } from './table.js';

/** A column as a file declares it. */
export interface SourceColumn {
  name: string;
  /** The file's own word for the type, for people. */
  type: string;
  numeric: boolean;
}

/** Positions of columns in the file. */
export interface ColumnChoice {
  features: number[];
  /** -1 if there is none. */
  weight: number;
  skipped: number[];
  /** To be carried along, in the order asked for. */
  kept: number[];
}

/**
 * @param available - the file's columns in order
 * @param options - what the caller asked for
 * @param path - the file, for messages
 * @returns positions; `features` may be empty if no columns were named
 * @throws {GmmError} `INVALID_OPTION` when a named column isn't there or is named twice
 */
export function resolveColumns(
  available: readonly SourceColumn[],
  { columns, sampleWeight, keep }: Pick<ReadOptions, 'columns' | 'sampleWeight' | 'keep'>,
  path: string,
): ColumnChoice {
  const find = (option: string, name: string): number => {
    const index = available.findIndex((column) => column.name === name);
    if (index >= 0) return index;
    const there = listNames(available.map((column) => describe(column.name)));
    throw new GmmError(
      'INVALID_OPTION',
      `"${option}" names ${describe(name)}, which is not in ${describePath(path)}; its columns are ${there}`,
    );
  };
  const checkOnce = (option: string, names: readonly string[]) => {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new GmmError('INVALID_OPTION', `"${option}" names ${describe(twice)} twice`);
  };
  const weight = sampleWeight === undefined ? -1 : find('sampleWeight', sampleWeight);
  const kept = (keep?.columns ?? []).map((name) => find('keep', name));
  checkOnce('keep', keep?.columns ?? []);
  if (columns === undefined) {
    const others = available.map((_, index) => index).filter((index) => index !== weight);
    return {
      features: others.filter((index) => available[index].numeric && !kept.includes(index)),
      weight,
      skipped: others.filter((index) => !available[index].numeric && !kept.includes(index)),
      kept,
    };
  }
  if (columns.length === 0)
    throw new GmmError('INVALID_OPTION', '"columns" must name at least one column, got []');
  const features = columns.map((name) => find('columns', name));
  checkOnce('columns', columns);
  if (features.includes(weight)) {
    throw new GmmError(
      'INVALID_OPTION',
      `"columns" and "sampleWeight" both name ${describe(sampleWeight)}; weights can't be a feature too`,
    );
  }
  return { features, weight, skipped: [], kept };
}

/**
 * @param names - already quoted
 * @returns the names with commas between, the first twenty if there are many
 */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
