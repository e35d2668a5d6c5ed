/**
 * Columns of values → the bytes of a Parquet page, PLAIN encoded, and what the schema says of their type.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md, LogicalTypes.md
 */

import type { OutputBatch } from './table.js';
import { boolean, i32, struct, type ThriftValue } from './thrift.js';

type Values = OutputBatch['values'][number];

/** How values of one type are written. */
export interface ParquetType {
  /** Parquet's number for the type of the bytes. */
  physical: number;
  /** Bytes of a value, where the physical type doesn't tell. */
  length?: number;
  /** Fields of the schema's element that say what the bytes mean. */
  meaning?: Readonly<Record<number, ThriftValue>>;
  /** @param values - none of them null */
  encode(values: Values): Buffer;
}

const PHYSICAL = { boolean: 0, int32: 1, int64: 2, float: 4, double: 5, bytes: 6, fixedBytes: 7 } as const;

/** Ids of fields of the schema's element. */
const CONVERTED_TYPE = 6;
const SCALE = 7;
const PRECISION = 8;
const LOGICAL_TYPE = 10;

/** `ConvertedType` of the format. */
const CONVERTED = {
  ...{ UTF8: 0, DECIMAL: 5, DATE: 6, UTINYINT: 11, USMALLINT: 12, UINTEGER: 13, UBIGINT: 14 },
  ...{ TINYINT: 15, SMALLINT: 16, INTEGER: 17, BIGINT: 18 },
} as const;

/** Ids in the unions `LogicalType` and `TimeUnit`. */
const LOGICAL_TIME = 7;
const LOGICAL_TIMESTAMP = 8;
const MICROSECONDS = 2;
const NANOSECONDS = 3;

const converted = (type: number) => ({ [CONVERTED_TYPE]: i32(type) });

/** @returns a time of day or a point in time, whose values are objects with a field for `unit` */
function timeType(logical: number, unit: number, field: 'micros' | 'nanos', isUtc = false): ParquetType {
  const time = struct({ 1: boolean(isUtc), 2: struct({ [unit]: struct({}) }) });
  return {
    physical: PHYSICAL.int64,
    meaning: { [LOGICAL_TYPE]: struct({ [logical]: time }) },
    encode: (values) => encodeInt64(values, (value) => (value as Record<string, bigint>)[field]),
  };
}

const whole32 = (name: keyof typeof CONVERTED): ParquetType => ({
  physical: PHYSICAL.int32,
  meaning: converted(CONVERTED[name]),
  encode: (values) => encodeInt32(values, (value) => value as number),
});

const whole64 = (name: keyof typeof CONVERTED): ParquetType => ({
  physical: PHYSICAL.int64,
  meaning: converted(CONVERTED[name]),
  encode: (values) => encodeInt64(values, (value) => BigInt(value as bigint | number)),
});

const TYPES = new Map<string, ParquetType>([
  ['BOOLEAN', { physical: PHYSICAL.boolean, encode: encodeBits }],
  ...(['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT', 'UINTEGER'] as const).map(
    (name) => [name, whole32(name)] as const,
  ),
  ...(['BIGINT', 'UBIGINT'] as const).map((name) => [name, whole64(name)] as const),
  ['FLOAT', { physical: PHYSICAL.float, encode: encodeFloat }],
  ['DOUBLE', { physical: PHYSICAL.double, encode: encodeDouble }],
  [
    'DATE',
    {
      physical: PHYSICAL.int32,
      meaning: converted(CONVERTED.DATE),
      encode: (values) => encodeInt32(values, (value) => (value as { days: number }).days),
    },
  ],
  ['TIME', timeType(LOGICAL_TIME, MICROSECONDS, 'micros')],
  ['TIMESTAMP', timeType(LOGICAL_TIMESTAMP, MICROSECONDS, 'micros')],
  ['TIMESTAMP_NS', timeType(LOGICAL_TIMESTAMP, NANOSECONDS, 'nanos')],
  ['TIMESTAMP WITH TIME ZONE', timeType(LOGICAL_TIMESTAMP, MICROSECONDS, 'micros', true)],
  [
    'VARCHAR',
    {
      physical: PHYSICAL.bytes,
      meaning: converted(CONVERTED.UTF8),
      encode: (values) => encodeBytes(values, (value) => Buffer.from(value as string)),
    },
  ],
  [
    'BLOB',
    {
      physical: PHYSICAL.bytes,
      encode: (values) => encodeBytes(values, (value) => (value as { bytes: Uint8Array }).bytes),
    },
  ],
]);

/**
 * @param type - DuckDB's word: one of those that columns are kept in (kept.ts)
 * @throws {RangeError} for others
 */
export function parquetTypeOf(type: string): ParquetType {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) return decimalType(Number(precision), Number(scale));
  const found = TYPES.get(type);
  if (!found) throw new RangeError(`no Parquet type for ${type}`);
  return found;
}

/** Bytes of a decimal number of any precision. */
const DECIMAL_BYTES = 16;

function decimalType(precision: number, scale: number): ParquetType {
  return {
    physical: PHYSICAL.fixedBytes,
    length: DECIMAL_BYTES,
    meaning: {
      ...converted(CONVERTED.DECIMAL),
      [SCALE]: i32(scale),
      [PRECISION]: i32(precision),
    },
    encode(values) {
      const bytes = Buffer.alloc(values.length * DECIMAL_BYTES);
      for (let i = 0; i < values.length; i++) {
        const { value } = values[i] as unknown as { value: bigint };
        bytes.writeBigInt64BE(value >> 64n, i * DECIMAL_BYTES);
        bytes.writeBigUInt64BE(BigInt.asUintN(64, value), i * DECIMAL_BYTES + 8);
      }
      return bytes;
    },
  };
}

/** Every machine that Node runs on but s390x and the like is little-endian, as Parquet is. */
const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function littleEndian(numbers: Float64Array | Float32Array | Int32Array | BigInt64Array): Buffer {
  const bytes = Buffer.from(numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength);
  if (HOST_IS_LITTLE) return bytes;
  const copy = Buffer.from(bytes);
  return numbers.BYTES_PER_ELEMENT === 8 ? copy.swap64() : copy.swap32();
}

function encodeDouble(values: Values): Buffer {
  return littleEndian(values instanceof Float64Array ? values : Float64Array.from(values as number[]));
}

function encodeFloat(values: Values): Buffer {
  return littleEndian(Float32Array.from(values as number[]));
}

function encodeInt32(values: Values, numberOf: (value: unknown) => number): Buffer {
  return littleEndian(values instanceof Int32Array ? values : Int32Array.from(values as unknown[], numberOf));
}

function encodeInt64(values: Values, numberOf: (value: unknown) => bigint): Buffer {
  return littleEndian(BigInt64Array.from(values as unknown[], numberOf));
}

/** Each value after its length. */
function encodeBytes(values: Values, bytesOf: (value: unknown) => Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (const value of values) {
    const bytes = bytesOf(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/**
 * @param values - truths
 * @returns a bit for each, the lowest of a byte first
 */
export function encodeBits(values: Values): Buffer {
  const bytes = Buffer.alloc(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) if (values[i]) bytes[i >> 3] |= 1 << (i & 7);
  return bytes;
}
