import { fileURLToPath, pathToFileURL } from 'node:url';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { Dataset, type DatasetOptions, type RowSource, resolveDataset } from '../../src/data/dataset.js';
import type { RowBatch } from '../../src/data/rows-builder.js';

const FAITHFUL = fileURLToPath(new URL('../../data/faithful.csv', import.meta.url));

const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const FLAT = [1, 2, 3, 4, 5, 6];

/** Every batch in the same memory. */
async function* refilled(...parts: number[][]) {
  const batch = new Float64Array(4);
  for (const part of parts) {
    batch.fill(Number.NaN);
    batch.set(part);
    yield batch.subarray(0, part.length);
  }
}

async function* batches<T>(...parts: T[]) {
  yield* parts;
}

const rowsOf = (data: Dataset) => Array.from({ length: data.nSamples }, (_, i) => [...data.row(i)]);

describe('Dataset.from', () => {
  const sources: [string, () => RowSource, DatasetOptions][] = [
    ['number[][]', () => ROWS, {}],
    ['Float64Array[]', () => ROWS.map((row) => Float64Array.from(row)), {}],
    ['a flat array', () => FLAT, { nFeatures: 2 }],
    ['a Float64Array', () => Float64Array.from(FLAT), { nFeatures: 2 }],
    ['a Float32Array', () => Float32Array.from(FLAT), { nFeatures: 2 }],
    ['an ml-matrix Matrix', () => new Matrix(ROWS), {}],
    ['batches of arrays', () => batches(ROWS.slice(0, 1), [], ROWS.slice(1)), {}],
    ['batches of flat arrays', () => batches([1, 2, 3, 4], [], [5, 6]), { nFeatures: 2 }],
    ['batches in one memory', () => refilled([1, 2, 3, 4], [5, 6]), { nFeatures: 2 }],
    [
      'batches of all sorts',
      () => batches<never>([[1, 2]] as never, Float64Array.of(3, 4) as never, new Matrix([[5, 6]]) as never),
      { nFeatures: 2 },
    ],
  ];
  it.each(sources)('takes %s', async (_, source, options) => {
    for (const storage of ['float64', 'float32', undefined] as const) {
      const data = await Dataset.from(source(), { ...options, storage });
      expect([data.nSamples, data.nFeatures]).toEqual([3, 2]);
      expect(rowsOf(data)).toEqual(ROWS);
      expect(data.columns).toEqual(['x0', 'x1']);
      for (const chunk of data.sharedRows.chunks) {
        expect(chunk.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(chunk).toBeInstanceOf(storage === 'float32' ? Float32Array : Float64Array);
      }
    }
  });

  it('takes a flat array as one column where it is told so', async () => {
    expect(rowsOf(await Dataset.from([1, 2, 3], { nFeatures: 1 }))).toEqual([[1], [2], [3]]);
  });

  it('takes as many columns as have names', async () => {
    const columns = ['a', 'b'];
    expect(rowsOf(await Dataset.from(FLAT, { columns }))).toEqual(ROWS);
    expect(rowsOf(await Dataset.from(batches([1, 2], [3, 4, 5, 6]), { columns }))).toEqual(ROWS);
  });

  const adoptable = new Float64Array(new SharedArrayBuffer(48));
  const remedy = /nFeatures: 1 for one column, nFeatures: 2 for two/;
  const ofBatches = /a batch is .* 2 numbers.*add nFeatures: 2 if it is one row, nFeatures: 1/;
  it.each([
    ['a flat array', FLAT, remedy],
    ['a typed array', Float64Array.from(FLAT), remedy],
    ['a Float32Array', Float32Array.from(FLAT), remedy],
    ['shared memory', adoptable, remedy],
    ['one number', [1], remedy],
    ['batches that are rows', batches(...ROWS), ofBatches],
    ['batches that are typed rows', batches(...ROWS.map((row) => Float64Array.from(row))), ofBatches],
    ['a later batch that is a row', batches<RowBatch>([[1, 2]], [3, 4]), ofBatches],
  ])('refuses %s without a number of columns, with the line to add', async (_, source, message) => {
    await expect(Dataset.from(source as RowSource)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringMatching(message),
    });
  });

  it('copies: the rows can be changed afterwards', async () => {
    const source = Float64Array.from(FLAT);
    const data = await Dataset.from(source, { nFeatures: 2 });
    source.fill(0);
    expect(rowsOf(data)).toEqual(ROWS);
    data.row(0).fill(0);
    expect(rowsOf(data)).toEqual(ROWS);
  });

  it('adopts shared memory of its storage without a copy, the part that the array shows', async () => {
    const memory = new SharedArrayBuffer(8 * 8);
    const source = new Float64Array(memory, 8, 6);
    source.set(FLAT);
    const data = await Dataset.from(source, { nFeatures: 2 });
    expect(data.sharedRows.chunks[0]).toBe(source);
    expect(rowsOf(data)).toEqual(ROWS);

    const single = new Float32Array(new SharedArrayBuffer(4 * 6));
    single.set(FLAT);
    expect((await Dataset.from(single, { nFeatures: 2, storage: 'float32' })).sharedRows.chunks[0]).toBe(
      single,
    );
    // Of the other kind it is copied.
    const copied = await Dataset.from(single, { nFeatures: 2 });
    expect(copied.sharedRows.chunks[0].buffer).not.toBe(single.buffer);
    expect(rowsOf(copied)).toEqual(ROWS);
  });

  it('keeps rows across the borders of chunks', async () => {
    // 4 MiB a chunk: 2¹⁹ doubles, 174,762 rows of three.
    const n = 400_000;
    async function* source() {
      for (let first = 0; first < n; first += 50_000) {
        yield Float64Array.from({ length: 150_000 }, (_, i) => 3 * first + i);
      }
    }
    const data = await Dataset.from(source(), { nFeatures: 3 });
    const { chunks, chunkRows } = data.sharedRows;
    expect([data.nSamples, chunks.length]).toEqual([n, 3]);
    for (const i of [0, chunkRows - 1, chunkRows, 2 * chunkRows - 1, 2 * chunkRows, n - 1]) {
      expect([...data.row(i)]).toEqual([3 * i, 3 * i + 1, 3 * i + 2]);
    }
    expect(chunks[2].length).toBe(3 * (n - 2 * chunkRows));
  });

  it('rounds to float32 where that is asked for', async () => {
    const data = await Dataset.from([[0.1]], { storage: 'float32' });
    expect(data.row(0)[0]).toBe(Math.fround(0.1));
  });

  it('keeps names and weights', async () => {
    const data = await Dataset.from(ROWS, { columns: ['a', 'b'], sampleWeight: [1, 0, 2.5] });
    expect(data.columns).toEqual(['a', 'b']);
    expect([...(data.sharedRows.sampleWeight as Float64Array)]).toEqual([1, 0, 2.5]);
    expect(data.sharedRows.sampleWeight?.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('takes an explicit undefined as the default', async () => {
    const options = { nFeatures: undefined, columns: undefined, sampleWeight: undefined, storage: undefined };
    const data = await Dataset.from(ROWS, options);
    expect(data).toEqual(await Dataset.from(ROWS));
  });

  it('is frozen', async () => {
    const data = await Dataset.from(ROWS);
    expect(Object.isFrozen(data) && Object.isFrozen(data.columns)).toBe(true);
  });

  const finite = 'every value must be a finite number';
  const takes =
    'number[][], a flat array, a Float64Array or Float32Array, an ml-matrix Matrix or an AsyncIterable of these';
  const shared = () => {
    const values = new Float64Array(new SharedArrayBuffer(32));
    values[2] = Number.NaN;
    return values;
  };
  const badData: [unknown, DatasetOptions, string][] = [
    [
      [
        [1, 2],
        [3, Number.NaN],
      ],
      {},
      `row 1, column "x1" is NaN; ${finite}`,
    ],
    [
      [
        [1, 2],
        [3, Number.NaN],
      ],
      { columns: ['age', 'height'] },
      `row 1, column "height" is NaN; ${finite}`,
    ],
    [[[Number.POSITIVE_INFINITY]], {}, `row 0, column "x0" is Infinity; ${finite}`],
    [[[1, null]], {}, `row 0, column "x1" is null; ${finite}`],
    [[['1']], {}, `row 0, column "x0" is "1"; ${finite}`],
    [[1, 2, undefined, 4], { nFeatures: 2 }, `row 1, column "x0" is undefined; ${finite}`],
    [Float64Array.of(1, Number.NaN), { nFeatures: 2 }, `row 0, column "x1" is NaN; ${finite}`],
    [shared(), { nFeatures: 2, columns: ['a', 'b'] }, `row 1, column "a" is NaN; ${finite}`],
    [new Matrix([[1, Number.NaN]]), {}, `row 0, column "x1" is NaN; ${finite}`],
    [batches([[1]], [[2], [Number.NaN]]), {}, `row 2, column "x0" is NaN; ${finite}`],
    [
      [[1e39]],
      { storage: 'float32' },
      `row 0, column "x0" is 1e+39, too large for storage 'float32'; use 'float64'`,
    ],
    [[[1, 2], [3]], {}, 'row 1 has 1 columns, row 0 has 2; every row must have the same number'],
    [
      batches(
        [[1, 2]],
        [
          [1, 2],
          [1, 2, 3],
        ],
      ),
      {},
      'row 2 has 3 columns, row 0 has 2; every row must have the same number',
    ],
    [[[]], {}, 'row 0 has no columns; every row must have at least one'],
    [[], {}, 'there are no rows; give at least one'],
    [new Float64Array(0), {}, 'there are no rows; give at least one'],
    [new Float64Array(new SharedArrayBuffer(0)), {}, 'there are no rows; give at least one'],
    [batches(), {}, 'there are no rows; give at least one'],
    [
      [1, 2, 3],
      { nFeatures: 2 },
      'a flat array of 3 numbers is no whole number of rows of 2 columns; check "nFeatures"',
    ],
    [undefined, {}, `rows must be ${takes}, got undefined`],
    [null, {}, `rows must be ${takes}, got null`],
    ['data.csv', {}, `rows must be ${takes}, got "data.csv"`],
    [new Map(), {}, `rows must be ${takes}, got a Map`],
    [batches, {}, `rows must be ${takes}, got a function; call it, and pass what it returns`],
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    [[[1, 2], , [3, 4]], {}, 'row 1 must be an array of numbers, got undefined'],
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    [[, [1, 2]], {}, 'row 0 must be an array of numbers, got undefined'],
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    [[[1, , 3]], {}, `row 0, column "x1" is undefined; ${finite}`],
    [{ rows: 2.5, columns: 1, get: () => 1 }, {}, 'a matrix must have a whole number of rows, got 2.5'],
    [
      { rows: 2, columns: Number.NaN, get: () => 1 },
      {},
      'a matrix must have a whole number of columns, got NaN',
    ],
    [[new Float64Array(16_385)], {}, 'row 0 has 16385 columns; there may be at most 16384'],
    [
      ROWS,
      { sampleWeight: [1e308, 1e308, 1] },
      'the sum of the weights overflows; divide them by the largest',
    ],
    [ROWS, { sampleWeight: [1, 2] }, '"sampleWeight" must have a number for each of the 3 rows, got 2'],
    [
      ROWS,
      { sampleWeight: 'w' as never },
      '"sampleWeight" must have a number for each of the 3 rows, got "w"',
    ],
    [ROWS, { sampleWeight: 0 as never }, '"sampleWeight" must have a number for each of the 3 rows, got 0'],
    [ROWS, { sampleWeight: [1, -1, 1] }, 'the weight of row 1 is -1; weights must be finite and >= 0'],
    [
      ROWS,
      { sampleWeight: [1, 1, Number.NaN] },
      'the weight of row 2 is NaN; weights must be finite and >= 0',
    ],
    [ROWS, { sampleWeight: [0, 0, 0] }, 'all weights are 0; at least one row must count'],
  ];
  it.each(badData)('rejects data (%#)', async (source, options, message) => {
    await expect(Dataset.from(source as RowSource, options)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message,
    });
  });

  const badOptions: [DatasetOptions, string][] = [
    [{ nFeatures: 0 }, '"nFeatures" must be a whole number >= 1, got 0'],
    [{ nFeatures: 1.5 }, '"nFeatures" must be a whole number >= 1, got 1.5'],
    [{ nFeatures: '2' as never }, '"nFeatures" must be a whole number >= 1, got "2"'],
    [{ nFeatures: 1e9 }, '"nFeatures" must be at most 16384, got 1000000000'],
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    [{ columns: ['a', , 'b'] as never }, '"columns" must be an array of strings, got an array of length 3'],
    [{ nFeatures: 3 }, '"nFeatures" must be the number of columns, 2, got 3'],
    [{ columns: ['a'] }, '"columns" must name all 2 columns, got 1 names'],
    [{ columns: 'ab' as never }, '"columns" must be an array of strings, got "ab"'],
    [{ columns: [1, 2] as never }, '"columns" must be an array of strings, got an array of length 2'],
    [{ storage: 'float16' as never }, `"storage" must be 'float64' or 'float32', got "float16"`],
    [
      { weights: [1] } as never,
      'unknown option "weights"; there are nFeatures, columns, sampleWeight, storage, signal',
    ],
  ];
  it.each(badOptions)('rejects options %j', async (options, message) => {
    await expect(Dataset.from(ROWS, options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });

  it('passes on what a source throws', async () => {
    async function* failing() {
      yield [[1]];
      throw new Error('the disk is gone');
    }
    await expect(Dataset.from(failing())).rejects.toThrow('the disk is gone');
  });
});

describe('row', () => {
  it.each([-1, 3, 0.5, Number.NaN])('rejects %d', async (i) => {
    const data = await Dataset.from(ROWS);
    expect(() => data.row(i)).toThrow(`the row must be a whole number from 0 to 2, got ${i}`);
  });
});

describe('Dataset.read', () => {
  const name = '"path" must be the name of a file or a file: URL, got ';
  const remote = '"path" must be a file of this machine, got ';
  it.each([
    [5, `${name}5`],
    [undefined, `${name}undefined`],
    ['', `${name}""`],
    ['a\0.csv', `${name}${JSON.stringify('a\0.csv')}`],
    [new URL('https://example.org/a.csv'), `${remote}"https://example.org/a.csv"; download it first`],
    ['https://example.org/a.csv', `${remote}"https://example.org/a.csv"; download it first`],
    ['s3://bucket/a.parquet', `${remote}"s3://bucket/a.parquet"; download it first`],
    [new URL('file:///a%00.csv'), expect.stringContaining('"path" must be')],
  ])('rejects the path %s', async (path, message) => {
    await expect(Dataset.read(path as string)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });

  it.each([
    [{ columns: 'waiting' }, '"columns" must be an array of strings, got "waiting"'],
    [{ sampleWeight: 3 }, '"sampleWeight" must be the name of a column, got 3'],
    [{ sql: {} }, '"sql" must be a SELECT statement, got an object'],
  ])('rejects options %j', async (options, message) => {
    await expect(Dataset.read(FAITHFUL, options as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    });
  });

  it('takes a file: URL', async () => {
    const data = await Dataset.read(pathToFileURL(FAITHFUL));
    expect([data.nSamples, data.columns]).toEqual([272, ['eruptions', 'waiting']]);
  });
});

describe('resolveDataset', () => {
  it('is the data set itself, or one made with the columns known', async () => {
    const data = await Dataset.from(ROWS);
    expect(await resolveDataset(data)).toBe(data);
    expect((await resolveDataset(FLAT, {}, 2)).nSamples).toBe(3);
    expect((await resolveDataset(ROWS, {}, 5)).nFeatures).toBe(2);
    expect((await resolveDataset(batches([1, 2], [3, 4]), {}, 2)).nSamples).toBe(2);
  });

  it('makes one with what the call says', async () => {
    const data = await resolveDataset(FLAT, { nFeatures: 2, columns: ['a', 'b'] });
    expect([data.nFeatures, data.columns]).toEqual([2, ['a', 'b']]);
  });

  it.each([
    [{ nFeatures: 3 }, '"nFeatures" must be the number of columns, 2, got 3'],
    [{ columns: ['a'] }, '"columns" must name all 2 columns, got 1 names'],
    [
      { columns: ['a', 'c'] },
      '"columns" must be those of the Dataset, whose column 1 is "b", got "c"; leave them out',
    ],
    [{ columns: 'ab' as never }, '"columns" must be an array of strings, got "ab"'],
  ])('rejects what contradicts a data set, %j', async (options, message) => {
    const data = await Dataset.from(ROWS, { columns: ['a', 'b'] });
    await expect(resolveDataset(data, options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
    expect(await resolveDataset(data, { nFeatures: 2, columns: ['a', 'b'] })).toBe(data);
  });
});
