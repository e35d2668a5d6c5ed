/** The kept columns of a relation: the SQL that reads each, and the type of its values. */

import { compose, describe, GmmError, subject } from '../../../errors.js';
import type { Keep, KeptColumn } from '../../table/table.js';
import type { Relation, RelationColumn } from './relation.js';

/** A kept column, and the SQL for its values. */
export interface KeptExpression extends KeptColumn {
  sql: string;
}

/** Values of these types are copied unchanged, other values as text. */
const PLAIN_TYPE =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|TIMESTAMP|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE|BLOB)$/;

/**
 * @param kept - positions in the relation
 * @throws {GmmError} `INVALID_OPTION` for a column of text if numbers are wanted
 */
export function resolveKept(
  { columns }: Relation,
  kept: readonly number[],
  as: Keep['as'],
): KeptExpression[] {
  return kept.map((index) => {
    const column = columns[index];
    const { name, type, value } = column;
    if (as === 'numbers') return asNumber(column);
    if (as === 'text') return asText(column);
    if (/^TIMESTAMP_M?S$/.test(type)) return { name, type: 'TIMESTAMP', sql: `${value}::timestamp` };
    return PLAIN_TYPE.test(type) ? { name, type, sql: value } : asText(column);
  });
}

function asNumber({ name, type, number, numeric }: RelationColumn): KeptExpression {
  if (numeric) return { name, type: 'DOUBLE', sql: `coalesce(${number}, 'nan'::double)` };
  throw new GmmError(
    'INVALID_OPTION',
    compose`${subject('keep')} names ${describe(name)} (${type}), but a .npy file holds numbers only; write .csv or .parquet`,
    { option: 'keep', column: name },
  );
}

/** DuckDB writes 7 as 7.0. */
function asText({ name, type, text }: RelationColumn): KeptExpression {
  const isFloat = type === 'DOUBLE' || type === 'FLOAT';
  return { name, type: 'VARCHAR', sql: isFloat ? `regexp_replace(${text}, '\\.0$', '')` : text };
}
