/** Rows and options that `Dataset.from` refuses, and what it says. */

import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { Dataset, type DatasetOptions, type RowSource } from '../../src/data/dataset.js';
import type { RowBatch } from '../../src/data/rows-builder.js';
import { batches, FLAT, ROWS } from './rows.js';

describe('a flat array', () => {
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
  ])('is refused without a number of columns, with the remedy: %s', async (_, source, message) => {
    await expect(Dataset.from(source as RowSource)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringMatching(message),
    });
  });
});

describe('Dataset.from', () => {
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
      'a flat array of 3 numbers does not divide into rows of 2 columns; check "nFeatures"',
    ],
    [undefined, {}, `rows must be ${takes}, got undefined`],
    [null, {}, `rows must be ${takes}, got null`],
    ['data.csv', {}, `rows must be ${takes}, got "data.csv"`],
    [new Map(), {}, `rows must be ${takes}, got a Map`],
    [batches, {}, `rows must be ${takes}, got a function; call it, and pass what it returns`],
    // biome-ignore lint/suspicious/noSparseArray: the hole is tested
    [[[1, 2], , [3, 4]], {}, 'row 1 must be an array of numbers, got undefined'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is tested
    [[, [1, 2]], {}, 'row 0 must be an array of numbers, got undefined'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is tested
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
    // biome-ignore lint/suspicious/noSparseArray: the hole is tested
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
});
