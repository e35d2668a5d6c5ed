/**
 * Columns → Parquet, a row group a batch, so that memory is bounded by the batch. Nothing is compressed:
 * probabilities hardly can be (10⁶ rows, k = 8: 84 MB, 81 MB by DuckDB with Snappy).
 * https://github.com/apache/parquet-format
 *
 *   offset | length | content
 *   0      | 4      | PAR1
 *   4      | …      | for every row group, for every column: a page's header, which values are there, the values
 *   then   | …      | the footer: schema and places of all pages, in Thrift's compact protocol
 *   then   | 4      | its length, little-endian
 *   then   | 4      | PAR1
 */

import { type FileHandle, open } from 'node:fs/promises';
import { GmmError } from '../errors.js';
import { encodeBits, type ParquetType, parquetTypeOf } from './parquet-types.js';
import type { KeptValue, OutputBatch, OutputColumn } from './table.js';
import { i32, i64, list, struct, type ThriftValue, text, varint } from './thrift.js';

const MAGIC = Buffer.from('PAR1');

/** Numbers of the format's enums. */
const DATA_PAGE = 0;
const PLAIN = 0;
const RLE = 3;
const UNCOMPRESSED = 0;
const REQUIRED = 0;
const OPTIONAL = 1;

/** Lengths are 32 bits wide. */
const LONGEST_PAGE = 2 ** 31 - 1;

/** Writes the file whole, to the path it gets. */
export async function writeParquetFile(
  path: string,
  columns: readonly OutputColumn[],
  batches: AsyncIterable<OutputBatch>,
): Promise<void> {
  const types = columns.map(({ type }) => parquetTypeOf(type));
  const file = await open(path, 'w');
  try {
    await file.appendFile(MAGIC);
    let position = MAGIC.length;
    let nRows = 0;
    const groups: ThriftValue[] = [];
    let optional = columns.map(() => false);
    for await (const batch of batches) {
      if (batch.nRows === 0) continue;
      // What is kept may lack values, what is computed does not.
      optional = batch.values.map((values) => Array.isArray(values));
      const group = await writeRowGroup(file, position, columns, types, batch);
      position = group.end;
      nRows += batch.nRows;
      groups.push(group.description);
    }
    const footer = struct({
      1: i32(1),
      2: list([
        struct({ 4: text('rows'), 5: i32(columns.length) }),
        ...columns.map(({ name }, j) => schemaElement(name, types[j], optional[j])),
      ]),
      3: i64(nRows),
      4: list(groups),
      6: text('parallel-gmm'),
    }).bytes;
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await file.appendFile(Buffer.concat([footer, length, MAGIC]));
  } finally {
    await file.close();
  }
}

function schemaElement(name: string, type: ParquetType, optional: boolean): ThriftValue {
  return struct({
    1: i32(type.physical),
    2: type.length === undefined ? undefined : i32(type.length),
    3: i32(optional ? OPTIONAL : REQUIRED),
    4: text(name),
    ...type.meaning,
  });
}

async function writeRowGroup(
  file: FileHandle,
  start: number,
  columns: readonly OutputColumn[],
  types: readonly ParquetType[],
  { nRows, values }: OutputBatch,
): Promise<{ end: number; description: ThriftValue }> {
  const chunks: ThriftValue[] = [];
  let end = start;
  for (let j = 0; j < columns.length; j++) {
    const page = encodePage(types[j], values[j], nRows);
    for (const part of page) await file.appendFile(part);
    const byteLength = page.reduce((sum, part) => sum + part.length, 0);
    const description = struct({
      1: i32(types[j].physical),
      2: list([i32(PLAIN), i32(RLE)]),
      3: list([text(columns[j].name)]),
      4: i32(UNCOMPRESSED),
      5: i64(nRows),
      6: i64(byteLength),
      7: i64(byteLength),
      9: i64(end),
    });
    chunks.push(struct({ 2: i64(end), 3: description }));
    end += byteLength;
  }
  return { end, description: struct({ 1: list(chunks), 2: i64(end - start), 3: i64(nRows) }) };
}

/** @returns a page's header and body */
function encodePage(type: ParquetType, values: OutputBatch['values'][number], nRows: number): Buffer[] {
  const body = Array.isArray(values) ? encodeOptional(type, values) : [type.encode(values)];
  const byteLength = body.reduce((sum, part) => sum + part.length, 0);
  if (byteLength > LONGEST_PAGE) {
    throw new GmmError(
      'IO',
      `one column of ${nRows} rows takes ${byteLength} bytes, too many for Parquet; write .csv`,
    );
  }
  const header = struct({
    1: i32(DATA_PAGE),
    2: i32(byteLength),
    3: i32(byteLength),
    5: struct({ 1: i32(nRows), 2: i32(PLAIN), 3: i32(RLE), 4: i32(RLE) }),
  });
  return [header.bytes, ...body];
}

/** Which values are there, as the length and then a single run of bits, eight to a byte; then those values. */
function encodeOptional(type: ParquetType, values: readonly KeptValue[]): Buffer[] {
  const bits = encodeBits(values.map((value) => value !== null));
  const head = varint(2n * BigInt(bits.length) + 1n);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length + bits.length);
  return [length, head, bits, type.encode(values.filter((value) => value !== null))];
}
