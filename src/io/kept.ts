/** Columns carried along from a relation: how each is read, and the type that its values then have. */

import { describe, GmmError } from '../errors.js';
import type { Database } from './duckdb.js';
import type { Relation, RelationColumn } from './relation.js';
import type { Keep, KeptColumn } from './table.js';

/** A column carried along, and the SQL for its values. */
export interface KeptExpression extends KeptColumn {
  sql: string;
}

/** Types whose values are carried as they are; those of other types as text. */
const PLAIN_TYPE =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|TIMESTAMP|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE|BLOB)$/;

/**
 * @param kept - positions in the relation
 * @throws {GmmError} `INVALID_OPTION` for a column of text where numbers are wanted
 */
export async function resolveKept(
  database: Database,
  relation: Relation,
  kept: readonly number[],
  as: Keep['as'],
): Promise<KeptExpression[]> {
  const columns = kept.map((index) => relation.columns[index]);
  if (as === 'numbers') return columns.map(asNumber);
  if (as === 'text') return columns.map(asText);
  const lossless = relation.isText ? await findLossless(database, relation, columns) : [];
  return columns.map((column, i) => {
    const { name, type, value } = column;
    if (relation.isText && lossless[i]) return { name, type, sql: `cast(${value} as ${type})` };
    if (/^TIMESTAMP_M?S$/.test(type)) return { name, type: 'TIMESTAMP', sql: `${value}::timestamp` };
    if (!relation.isText && PLAIN_TYPE.test(type)) return { name, type, sql: value };
    return asText(column);
  });
}

function asNumber({ name, type, number, numeric }: RelationColumn): KeptExpression {
  if (numeric) return { name, type: 'DOUBLE', sql: `coalesce(${number}, 'nan'::double)` };
  throw new GmmError(
    'INVALID_OPTION',
    `"keep" names ${describe(name)} (${type}), but a .npy file holds numbers only; write .csv or .parquet`,
  );
}

/** DuckDB writes 7 as 7.0. */
function asText({ name, type, text }: RelationColumn): KeptExpression {
  const isFloat = type === 'DOUBLE' || type === 'FLOAT';
  return { name, type: 'VARCHAR', sql: isFloat ? `regexp_replace(${text}, '\\.0$', '')` : text };
}

/**
 * A CSV has no types, only those that the sniffer sees in its beginning. A column gets its type if no value is lost
 * by it: 007 is no number.
 *
 * @returns for each column whether it does
 */
async function findLossless(
  { connection }: Database,
  { source }: Relation,
  columns: readonly RelationColumn[],
): Promise<boolean[]> {
  const checks = columns.map(({ type, value }) => {
    if (!PLAIN_TYPE.test(type)) return 'false';
    const cast = `try_cast(${value} as ${type})`;
    const same = type === 'BIGINT' ? `${cast}::varchar = trim(${value})` : `${cast} is not null`;
    return `coalesce(bool_and(coalesce(${same}, false)) filter (${value} is not null), true)`;
  });
  if (!checks.some((check) => check !== 'false')) return columns.map(() => false);
  const reader = await connection.runAndReadAll(`select ${checks.join(', ')} from ${source}`);
  return reader.getRows()[0].map((lossless) => lossless === true);
}
