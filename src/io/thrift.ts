/**
 * Thrift's compact protocol, as much of it as Parquet's headers need, written only.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A value: the protocol's number for its type, and its bytes. */
export interface ThriftValue {
  type: number;
  bytes: Buffer;
}

const BOOLEAN_TRUE = 1;
const BOOLEAN_FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Seven bits a byte, the lowest first. */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Small numbers of either sign become small numbers: 0, −1, 1, −2 → 0, 1, 2, 3. */
function zigzag(value: number): Buffer {
  const whole = BigInt(value);
  return varint(whole < 0n ? -2n * whole - 1n : 2n * whole);
}

export const i32 = (value: number): ThriftValue => ({ type: I32, bytes: zigzag(value) });

export const i64 = (value: number): ThriftValue => ({ type: I64, bytes: zigzag(value) });

export const boolean = (value: boolean): ThriftValue => ({
  type: value ? BOOLEAN_TRUE : BOOLEAN_FALSE,
  bytes: Buffer.alloc(0),
});

export function text(value: string): ThriftValue {
  const bytes = Buffer.from(value);
  return { type: BINARY, bytes: Buffer.concat([varint(BigInt(bytes.length)), bytes]) };
}

/** @param values - of one type, at least one */
export function list(values: readonly ThriftValue[]): ThriftValue {
  const { type } = values[0] ?? { type: STRUCT };
  const n = values.length;
  const head =
    n < 15 ? Buffer.of((n << 4) | type) : Buffer.concat([Buffer.of(0xf0 | type), varint(BigInt(n))]);
  return { type: LIST, bytes: Buffer.concat([head, ...values.map(({ bytes }) => bytes)]) };
}

/** @param fields - by their ids, which are at most 15 apart; those undefined are left out */
export function struct(fields: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue {
  const parts: Buffer[] = [];
  let last = 0;
  for (const [id, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    parts.push(Buffer.of(((Number(id) - last) << 4) | value.type), value.bytes);
    last = Number(id);
  }
  parts.push(Buffer.of(0));
  return { type: STRUCT, bytes: Buffer.concat(parts) };
}
