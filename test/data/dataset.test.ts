import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { Dataset, type DatasetOptions, type RowSource, resolveDataset } from '../../src/data/dataset.js';
import { batches, FLAT, ROWS } from './rows.js';

/** Batches that share their memory. */
async function* refilled(...parts: number[][]) {
  const batch = new Float64Array(4);
  for (const part of parts) {
    batch.fill(Number.NaN);
    batch.set(part);
    yield batch.subarray(0, part.length);
  }
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
      'batches of mixed kinds',
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

  it('takes a flat array as one column with nFeatures 1', async () => {
    expect(rowsOf(await Dataset.from([1, 2, 3], { nFeatures: 1 }))).toEqual([[1], [2], [3]]);
  });

  it('takes as many columns as have names', async () => {
    const columns = ['a', 'b'];
    expect(rowsOf(await Dataset.from(FLAT, { columns }))).toEqual(ROWS);
    expect(rowsOf(await Dataset.from(batches([1, 2], [3, 4, 5, 6]), { columns }))).toEqual(ROWS);
  });

  it('copies, so that the source can change afterwards', async () => {
    const source = Float64Array.from(FLAT);
    const data = await Dataset.from(source, { nFeatures: 2 });
    source.fill(0);
    expect(rowsOf(data)).toEqual(ROWS);
    data.row(0).fill(0);
    expect(rowsOf(data)).toEqual(ROWS);
  });

  it('adopts shared memory of its storage without a copy, from the offset of the array', async () => {
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
    // An array of the other kind is copied.
    const copied = await Dataset.from(single, { nFeatures: 2 });
    expect(copied.sharedRows.chunks[0].buffer).not.toBe(single.buffer);
    expect(rowsOf(copied)).toEqual(ROWS);
  });

  it('keeps rows across the borders of chunks', async () => {
    // A chunk of 4 MiB holds 2¹⁹ doubles: 174,762 rows of three.
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

  it('rounds to float32 for storage float32', async () => {
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

  it('rejects with the error of the source', async () => {
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

describe('resolveDataset', () => {
  it('returns a Dataset as it is, and makes one with the known columns', async () => {
    const data = await Dataset.from(ROWS);
    expect(await resolveDataset(data)).toBe(data);
    expect((await resolveDataset(FLAT, {}, 2)).nSamples).toBe(3);
    expect((await resolveDataset(ROWS, {}, 5)).nFeatures).toBe(2);
    expect((await resolveDataset(batches([1, 2], [3, 4]), {}, 2)).nSamples).toBe(2);
  });

  it('makes a Dataset with the options of the call', async () => {
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
  ])('rejects options that contradict a Dataset, %j', async (options, message) => {
    const data = await Dataset.from(ROWS, { columns: ['a', 'b'] });
    await expect(resolveDataset(data, options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
    expect(await resolveDataset(data, { nFeatures: 2, columns: ['a', 'b'] })).toBe(data);
  });
});
