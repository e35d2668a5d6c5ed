/** The error for a cell without a finite number in a relation: its place, its content, and the count of all such cells. */

import type { GmmError } from '../../../errors.js';
import { type InputPath, onePath } from '../../files/system-errors.js';
import type { ColumnChoice } from '../../table/columns.js';
import type { Place } from '../../table/finite.js';
import { type CheckedColumn, holesError } from '../../table/holes.js';
import type { Database } from '../duckdb/database.js';
import type { StreamEnd } from '../duckdb/stream-query.js';
import type { KeptExpression } from './kept.js';
import type { Relation, RelationColumn } from './relation.js';

/** The columns that are read from a relation. */
export interface Reading extends Pick<ColumnChoice, 'features' | 'weight'> {
  database: Database;
  relation: Relation;
  kept: readonly KeptExpression[];
  /** The input as the caller wrote it. */
  path: InputPath;
}

/** Features, then the weight. */
export function checkedColumns({ relation, features, weight }: Reading): RelationColumn[] {
  return (weight === undefined ? features : [...features, weight]).map((index) => relation.columns[index]);
}

/** A NaN may stand for itself, NULL or text. So the row is read again to tell which, and all rows to count the holes. */
export async function explainHole(
  reading: Reading,
  { row, column: index, value }: NonNullable<StreamEnd['bad']>,
): Promise<GmmError> {
  const { connection } = reading.database;
  const { source } = reading.relation;
  const column = checkedColumns(reading)[index];
  const reader = await connection.runAndReadAll(
    `select ${column.text}, ${column.number} from ${source} limit 1 offset ${row}`,
  );
  // A query without ORDER BY may return another row the second time.
  const [text, number] = reader.currentRowCount > 0 ? reader.getRows()[0] : [null, null];
  const found = number === null && Number.isNaN(value) ? (text as string | null) : value;
  const place = { ...(await locate(reading, row)), column: column.name };
  return holesError(place, found, await countHoles(reading));
}

async function countHoles(reading: Reading) {
  const { database, relation, features, kept } = reading;
  const columns = checkedColumns(reading);
  const finite = columns.map(({ number }) => `coalesce(isfinite(${number}), false)`);
  const counts = columns.flatMap(({ number }, j) => [
    `count(*) filter (not ${finite[j]})`,
    `count(*) filter (not isfinite(${number}))`,
  ]);
  const reader = await database.connection.runAndReadAll(
    `select count(*), count(*) filter (not (${finite.join(' and ')})), ${counts.join(', ')} from ${relation.source}`,
  );
  const [nRows, nHoleRows, ...found] = reader.getRows()[0].map(Number);
  const checked = columns.map(({ name, named, numeric }, j): CheckedColumn => {
    const isEmpty = numeric && found[2 * j + 1] === 0;
    return {
      name,
      sql: named,
      finiteSql: isEmpty ? `${named} is not null` : `isfinite(${named})`,
      nHoles: found[2 * j],
    };
  });
  return {
    features: checked.slice(0, features.length),
    weight: checked[features.length],
    kept: kept.map(({ name }) => name),
    nRows,
    nHoleRows,
    source: relation.named,
  };
}

/** A row of the table → the file that it comes from, and its row in that file. */
async function locate({ database, path, relation: { parts } }: Reading, row: number): Promise<Place> {
  if (parts.length < 2) return { row, path: onePath(path) };
  let first = 0;
  for (const { path, source } of parts) {
    const reader = await database.connection.runAndReadAll(`select count(*) from ${source}`);
    const nRows = Number(reader.getRows()[0][0]);
    if (row < first + nRows) return { row: row - first, file: path, path };
    first += nRows;
  }
  return { row };
}
