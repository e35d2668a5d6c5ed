/**
 * Columns → Parquet, by hyparquet-writer. Each batch is a row group, so memory is bounded by the batch. Nothing is compressed,
 * since probabilities hardly shrink. Leaving out the statistics of columns saves a third of the time.
 */

import { type FileHandle, open } from 'node:fs/promises';
import type { ByteWriter, ColumnSource, SchemaElement } from 'hyparquet-writer';
import { loadOptional, type Need } from '../../optional-packages.js';
import type { KeptValue, OutputBatch, OutputColumn } from '../table/table.js';

type Writer = typeof import('hyparquet-writer');

const WRITING: Need = { purpose: 'writing Parquet', packages: ['hyparquet-writer'] };

/** The type of a column in the schema. */
type Meaning = Omit<SchemaElement, 'name' | 'repetition_type'>;

/** How values of one type are written. */
interface ParquetType {
  readonly meaning: Meaning;
  /** Converts one of DuckDB's value objects; other values are written unchanged. */
  readonly unwrap?: (value: never) => KeptValue;
}

const plain = (type: SchemaElement['type'], converted?: SchemaElement['converted_type']): ParquetType => ({
  meaning: { type, ...(converted && { converted_type: converted }) },
});

const timestamp = (unit: 'MICROS' | 'NANOS', isAdjustedToUTC: boolean): Meaning => ({
  type: 'INT64',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit },
});

const microseconds = ({ micros }: { micros: bigint }) => micros;

/** By DuckDB's names of the types of kept columns (read/relation/kept.ts). */
const TYPES: Readonly<Record<string, ParquetType>> = {
  BOOLEAN: plain('BOOLEAN'),
  TINYINT: plain('INT32', 'INT_8'),
  SMALLINT: plain('INT32', 'INT_16'),
  INTEGER: plain('INT32', 'INT_32'),
  BIGINT: plain('INT64', 'INT_64'),
  UTINYINT: plain('INT32', 'UINT_8'),
  USMALLINT: plain('INT32', 'UINT_16'),
  UINTEGER: plain('INT32', 'UINT_32'),
  UBIGINT: plain('INT64', 'UINT_64'),
  FLOAT: plain('FLOAT'),
  DOUBLE: plain('DOUBLE'),
  VARCHAR: plain('BYTE_ARRAY', 'UTF8'),
  BLOB: { ...plain('BYTE_ARRAY'), unwrap: ({ bytes }: { bytes: Uint8Array }) => bytes },
  DATE: { ...plain('INT32', 'DATE'), unwrap: ({ days }: { days: number }) => days },
  TIME: {
    meaning: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
    unwrap: microseconds,
  },
  TIMESTAMP: { meaning: timestamp('MICROS', false), unwrap: microseconds },
  TIMESTAMP_NS: { meaning: timestamp('NANOS', false), unwrap: ({ nanos }: { nanos: bigint }) => nanos },
  'TIMESTAMP WITH TIME ZONE': { meaning: timestamp('MICROS', true), unwrap: microseconds },
};

/** A decimal number of any precision takes so many bytes. */
const DECIMAL_BYTES = 16;

function parquetTypeOf(type: string): ParquetType {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return TYPES[type];
  return {
    meaning: {
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: DECIMAL_BYTES,
      converted_type: 'DECIMAL',
      precision: Number(precision),
      scale: Number(scale),
    },
    unwrap: ({ value }: { value: bigint }) => value,
  };
}

/**
 * Writes the complete file.
 *
 * @throws {GmmError} `MISSING_DEPENDENCY`
 */
export async function writeParquetFile(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  const { ByteWriter, ParquetWriter } = await loadOptional<Writer>('hyparquet-writer', WRITING);
  const types = columns.map(({ type }) => parquetTypeOf(type));
  const file = await open(path, 'w');
  try {
    const sink = flushInto(new ByteWriter(), file);
    let writer: InstanceType<typeof ParquetWriter> | undefined;
    const begin = (isKept: (column: number) => boolean) =>
      new ParquetWriter({
        writer: sink,
        schema: [
          { name: 'rows', num_children: columns.length },
          ...columns.map(({ name }, j) => ({
            ...types[j].meaning,
            name,
            // Only kept columns may have empty cells.
            repetition_type: isKept(j) ? ('OPTIONAL' as const) : ('REQUIRED' as const),
          })),
        ],
        codec: 'UNCOMPRESSED',
        statistics: false,
        createdBy: 'parallel-gmm',
      });
    for await (const { nRows, values } of batches) {
      if (nRows === 0) continue;
      writer ??= begin((j) => Array.isArray(values[j]));
      await writer.write({
        columnData: columns.map(({ name }, j) => toSource(name, types[j], values[j])),
        rowGroupSize: nRows,
      });
    }
    await (writer ?? begin(() => false)).finish();
  } finally {
    await file.close();
  }
}

/** After every row group and at the end, the writer's buffer is appended to the file and reused. */
function flushInto(writer: ByteWriter, file: FileHandle) {
  const flush = async () => {
    await file.appendFile(writer.getBytes());
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

function toSource(
  name: string,
  { meaning, unwrap }: ParquetType,
  values: OutputBatch['values'][number],
): ColumnSource {
  const data =
    unwrap && Array.isArray(values)
      ? values.map((value) => (value === null ? null : unwrap(value as never)))
      : (values as ColumnSource['data']);
  // A dictionary would turn −0 into 0.
  const isFloat = meaning.type === 'DOUBLE' || meaning.type === 'FLOAT';
  return { name, data, ...(isFloat && { encoding: 'PLAIN' as const }) };
}
