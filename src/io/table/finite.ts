/** Every value must be a finite number: finds the first value of a batch that is not, and composes the error. */

import { describe, GmmError } from '../../errors.js';
import { describePath } from '../files/system-errors.js';
import type { RowBatch } from './table.js';

/**
 * @param batch - rows and, if any, weights
 * @param nColumns - columns of `rows`
 * @returns the first value that is NaN or infinite, by row, then by column; the weight comes last, as column `nColumns`
 */
export function findNonFinite(batch: Pick<RowBatch, 'rows' | 'sampleWeight'>, nColumns: number) {
  const inRows = indexOfNonFinite(batch.rows);
  const inWeight = batch.sampleWeight && indexOfNonFinite(batch.sampleWeight);
  if (inRows !== undefined) {
    const row = Math.floor(inRows / nColumns);
    if (inWeight === undefined || row <= inWeight) {
      return { row, column: inRows % nColumns, value: batch.rows[inRows] };
    }
  }
  if (!batch.sampleWeight || inWeight === undefined) return undefined;
  return { row: inWeight, column: nColumns, value: batch.sampleWeight[inWeight] };
}

function indexOfNonFinite(values: Float64Array): number | undefined {
  // x − x is 0 for finite x and NaN otherwise, and a sum with NaN is NaN: one sum instead of a branch per value.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0 ? undefined : values.findIndex((value) => !Number.isFinite(value));
}

/** Where a row is. */
export interface Place {
  /** Index from 0, in the file. */
  row: number;
  /** Line of the file from 1, if it has lines. */
  line?: number | undefined;
  /** The file that the message names, if there are several. */
  file?: string | undefined;
  /** The file in any case, for the field `path` of the error; undefined if it is not known. */
  path?: string | undefined;
}

/** @returns `row 12 (line 14) of "b.csv"` */
export function describePlace({ row, line, file }: Place): string {
  const inFile = file === undefined ? '' : ` of ${describePath(file)}`;
  return `row ${row}${line === undefined ? '' : ` (line ${line})`}${inFile}`;
}

/**
 * @param place - of the row
 * @param column - the column's name
 * @param found - a number that isn't finite
 * @returns the error to throw
 */
export function nonFiniteError(place: Place, column: string, found: number): GmmError {
  return new GmmError(
    'INVALID_DATA',
    `${describePlace(place)}, column ${describe(column)} is ${found}; every value must be a finite number`,
    { row: place.row, column, path: place.path },
  );
}
