import { describe, expect, test } from 'vitest';
import { readTable } from '../../../../src/io/read/read-table.js';
import { HARD_NUMBERS, readAll, useFolder } from '../../files.js';

const { write } = useFolder();

/** A .npy file as NumPy writes it: the header padded with spaces so that the data begin at a multiple of 64. */
function npy(descr: string, shape: string, data: ArrayBuffer, { fortran = false, version = 1 } = {}): Buffer {
  const start = version === 1 ? 10 : 12;
  const order = fortran ? 'True' : 'False';
  const dict = `{'descr': ${descr.startsWith('[') ? descr : `'${descr}'`}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const length = Math.ceil((start + dict.length + 1) / 64) * 64 - start;
  const header = Buffer.alloc(start + length, ' ');
  header.write('\x93NUMPY', 'latin1');
  header[6] = version;
  header[7] = 0;
  if (version === 1) header.writeUInt16LE(length, 8);
  else header.writeUInt32LE(length, 8);
  header.write(dict, start);
  header[start + length - 1] = 10;
  return Buffer.concat([header, Buffer.from(data)]);
}

const doubles = (values: readonly number[]) => new Float64Array(values).buffer;

describe('arrays', () => {
  test.each([1, 2, 3])('version %i.0 gives back the same bits', async (version) => {
    const file = await write('v.npy', npy('<f8', '(3, 2)', doubles(HARD_NUMBERS), { version }));
    expect(await readAll(file)).toEqual({
      columns: ['x0', 'x1'],
      skipped: [],
      rows: HARD_NUMBERS,
      weights: [],
    });
  });

  test('Fortran order is turned', async () => {
    const file = await write(
      'fortran.npy',
      npy('<f8', '(3, 2)', doubles([1, 3, 5, 2, 4, 6]), { fortran: true }),
    );
    expect((await readAll(file)).rows).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('big-endian numbers are swapped', async () => {
    const f8 = Buffer.from(doubles(HARD_NUMBERS)).swap64();
    const f4 = Buffer.from(new Float32Array([1.5, -2.25]).buffer).swap32();
    const i2 = Buffer.from(new Int16Array([1, -2]).buffer).swap16();
    const bytes = (buffer: Buffer) => new Uint8Array(buffer).buffer;
    expect((await readAll(await write('big8.npy', npy('>f8', '(6,)', bytes(f8))))).rows).toEqual(
      HARD_NUMBERS,
    );
    expect((await readAll(await write('big4.npy', npy('>f4', '(2,)', bytes(f4))))).rows).toEqual([
      1.5, -2.25,
    ]);
    expect((await readAll(await write('big2.npy', npy('>i2', '(2,)', bytes(i2))))).rows).toEqual([1, -2]);
  });

  test.each([
    ['<f4', new Float32Array([1.5, -2.25])],
    ['|i1', new Int8Array([1, -2])],
    ['<i2', new Int16Array([1, -2])],
    ['<i4', new Int32Array([1, -2])],
    ['<i8', new BigInt64Array([1n, -2n])],
    ['|u1', new Uint8Array([1, 255])],
    ['<u2', new Uint16Array([1, 65535])],
    ['<u4', new Uint32Array([1, 2 ** 32 - 1])],
    ['<u8', new BigUint64Array([1n, 2n])],
  ])('%s is read', async (descr, values) => {
    const file = await write('type.npy', npy(descr, '(2, 1)', values.buffer as ArrayBuffer));
    expect((await readAll(file)).rows).toEqual(Array.from(values, Number));
  });

  test.each([false, true])('an array of many batches is whole (Fortran order: %s)', async (fortran) => {
    const [n, d] = [50001, 3];
    const rows = Array.from({ length: n * d }, (_, i) => i);
    const stored = fortran ? rows.map((_, i) => (i % n) * d + Math.floor(i / n)) : rows;
    const file = await write('many.npy', npy('<f8', `(${n}, ${d})`, doubles(stored), { fortran }));
    expect((await readAll(file)).rows).toEqual(rows);
  });

  test('an array without rows gives no batches', async () => {
    const file = await write('none.npy', npy('<f8', '(0, 3)', new ArrayBuffer(0)));
    expect(await readAll(file)).toMatchObject({ columns: ['x0', 'x1', 'x2'], rows: [] });
  });

  test('columns and weights are chosen by name', async () => {
    const file = await write('choose.npy', npy('<f8', '(2, 3)', doubles([1, 2, 3, 4, 5, 6])));
    expect((await readAll(file, { columns: ['x2', 'x0'] })).rows).toEqual([3, 1, 6, 4]);
    expect(await readAll(file, { sampleWeight: 'x1' })).toMatchObject({
      rows: [1, 3, 4, 6],
      weights: [2, 5],
    });
  });

  test('a glob joins files', async () => {
    await write('join-1.npy', npy('<f8', '(1, 2)', doubles([1, 2])));
    const last = await write('join-2.npy', npy('<f4', '(1, 2)', new Float32Array([3, 4]).buffer));
    expect((await readAll(last.replace('join-2', 'join-*'))).rows).toEqual([1, 2, 3, 4]);
  });
});

describe('refusals', () => {
  const cases: [string, Buffer, string][] = [
    [
      'other types',
      npy('<f2', '(1, 1)', new ArrayBuffer(2)),
      'its numbers are <f2; float64, float32 and whole numbers can be read',
    ],
    [
      'records',
      npy("[('a', '<i4'), ('b', '<f8')]", '(1,)', new ArrayBuffer(12)),
      "its numbers are [('a', '<i4'), ('b', '<f8')]; float64, float32 and whole numbers can be read",
    ],
    [
      'three dimensions',
      npy('<f8', '(1, 1, 1)', doubles([1])),
      'its shape is (1, 1, 1); one or two dimensions can be read',
    ],
    ['a single number', npy('<f8', '()', doubles([1])), 'its shape is (); one or two dimensions can be read'],
    [
      'missing numbers',
      npy('<f8', '(2, 1)', doubles([1])),
      'it is cut short: 136 bytes where its header says 144',
    ],
    ['another kind of file', Buffer.from('a,b\n1,2\n3,4\n'), 'it does not begin like a .npy file'],
    ['an empty file', Buffer.alloc(0), 'it does not begin like a .npy file'],
    ['a cut header', npy('<f8', '(1, 1)', doubles([1])).subarray(0, 40), 'its header is cut short'],
    [
      'a newer version',
      npy('<f8', '(1, 1)', doubles([1]), { version: 4 }),
      'its version is 4.0; 1.0 to 3.0 are known',
    ],
    ['a damaged header', npy('<f8', 'many', doubles([1])), 'its header is damaged'],
  ];
  test.each(cases)('%s are refused', async (_, bytes, reason) => {
    const file = await write('bad.npy', bytes);
    await expect(readTable(file)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: `cannot read "${file}": ${reason}`,
    });
  });

  test('NaN is named by row and column', async () => {
    const file = await write('nan.npy', npy('<f8', '(2, 2)', doubles([1, 2, 3, Number.NaN])));
    await expect(readAll(file)).rejects.toThrow(
      'row 1, column "x1" is NaN; every value must be a finite number',
    );
    await expect(readAll(file, { columns: ['x1'] })).rejects.toThrow('row 1, column "x1" is NaN');
    await expect(readAll(file, { sampleWeight: 'x1' })).rejects.toThrow('row 1, column "x1" is NaN');
  });

  test('SQL is refused', async () => {
    const file = await write('sql.npy', npy('<f8', '(1, 1)', doubles([1])));
    await expect(readTable(file, { sql: 'select 1' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
