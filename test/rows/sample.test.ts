import { describe, expect, it } from 'vitest';
import { drawSample, rowsPerEffective, sampleSizesFor } from '../../src/rows/sample.js';

/** Row i is [i, −i], in chunks of 1000. If weighted, every third row has a positive weight. */
function rowsOf(n: number, weighted: boolean) {
  const chunks = Array.from({ length: Math.ceil(n / 1000) }, (_, c) =>
    Float64Array.from({ length: 2 * Math.min(1000, n - 1000 * c) }, (_, i) => {
      const row = 1000 * c + Math.floor(i / 2);
      return i % 2 === 0 ? row : -row;
    }),
  );
  const sampleWeight = weighted
    ? Float64Array.from({ length: n }, (_, i) => (i % 3 === 1 ? i : 0))
    : undefined;
  return { nSamples: n, nFeatures: 2, chunkRows: 1000, chunks, sampleWeight };
}

const indicesOf = ({ chunks }: { chunks: readonly ArrayLike<number>[] }) =>
  Array.from(chunks[0]).filter((_, i) => i % 2 === 0);

describe('drawSample', () => {
  it('returns the rows themselves if there are no more', () => {
    const rows = rowsOf(100, false);
    expect(drawSample(rows, 100, 0)).toBe(rows);
  });

  it('takes one row from every stratum, in order', () => {
    const sample = drawSample(rowsOf(5000, false), 500, 1);
    const indices = indicesOf(sample);
    expect(sample.nSamples).toBe(500);
    expect(indices.map((row) => Math.floor(row / 10))).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(new Set(indices.map((row) => row % 10)).size).toBe(10);
    indices.forEach((row, i) => {
      expect(sample.chunks[0][2 * i + 1]).toBe(-row);
    });
  });

  it('depends on the seed', () => {
    const of = (seed: number) => indicesOf(drawSample(rowsOf(5000, false), 500, seed)).join();
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  it('takes only rows with positive weight, with their weights', () => {
    const sample = drawSample(rowsOf(6000, true), 500, 1);
    const indices = indicesOf(sample);
    expect(indices.map((row) => Math.floor(row / 12))).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(indices.every((row) => row % 3 === 1)).toBe(true);
    expect([...(sample.sampleWeight as Float64Array)]).toEqual(indices);
  });

  it('takes all rows with positive weight if they are fewer', () => {
    const sample = drawSample(rowsOf(600, true), 500, 1);
    expect(sample.nSamples).toBe(200);
    expect(indicesOf(sample)).toEqual(Array.from({ length: 200 }, (_, i) => 3 * i + 1));
  });
});

describe('sampleSizesFor', () => {
  const shape = { covarianceType: 'full', nComponents: 2, nFeatures: 2 } as const;
  const small = { perEffective: 1, shape };

  it('takes all rows of small data, else enough for the model', () => {
    expect(sampleSizesFor({ ...small, n: 272 })).toEqual([272]);
    expect(sampleSizesFor({ ...small, n: 300_000 })).toEqual([20_000]);
    // Statistics of 4 + 100 + 1000 + 5500 numbers, ten rows for each, rounded up to 20,000 · 2ⁱ.
    const large = { ...shape, nComponents: 100, nFeatures: 10 };
    expect(sampleSizesFor({ perEffective: 1, shape: large, n: 1e6 })).toEqual([80_000]);
  });

  it('grows eightfold, up to half of the rows', () => {
    expect(sampleSizesFor({ ...small, n: 320_000 })).toEqual([20_000, 160_000]);
    const diagonal = { ...shape, covarianceType: 'diag' } as const;
    expect(sampleSizesFor({ perEffective: 1, shape: diagonal, n: 1e8 })).toEqual([
      20_000, 160_000, 1_280_000, 10_240_000,
    ]);
  });

  it('takes more rows as weights reduce the effective sample size', () => {
    expect(sampleSizesFor({ ...small, n: 1e6, perEffective: 4 })).toEqual([80_000]);
    expect(sampleSizesFor({ ...small, n: 1e6, perEffective: 64 })).toEqual([1e6]);
  });
});

describe('rowsPerEffective', () => {
  const weightedBy = (weight: (i: number) => number) => ({
    ...rowsOf(6000, false),
    sampleWeight: Float64Array.from({ length: 6000 }, (_, i) => weight(i)),
  });

  it('is 1 if all positive weights are equal', () => {
    expect(rowsPerEffective(rowsOf(6000, false))).toBe(1);
    expect(rowsPerEffective(weightedBy(() => 1e200))).toBe(1);
    expect(rowsPerEffective(weightedBy((i) => (i % 3 === 0 ? 7 : 0)))).toBe(1);
  });

  it('is n (Σ w²) / (Σ w)², as a power of 2', () => {
    // One row in ten has nearly all of the weight.
    expect(rowsPerEffective(weightedBy((i) => (i % 10 === 0 ? 1 : 1e-9)))).toBe(8);
  });
});
