import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.js';
import { assignInto, computeKMeans, seedCenters, type WeightedRows } from '../../../src/em/start/k-means.js';

const never = () => undefined;

/** (n) the cluster of each row. */
function clustersOf(sample: WeightedRows, k: number, seed: number): Int32Array {
  const labels = new Int32Array(sample.n);
  assignInto(labels, new Float64Array(sample.n), sample, computeKMeans(sample, k, createRandom(seed), never));
  return labels;
}

function toSample(rows: readonly number[], d: number, weights?: readonly number[]): WeightedRows {
  const n = rows.length / d;
  return { n, d, rows: Float64Array.from(rows), weights: Float64Array.from(weights ?? new Array(n).fill(1)) };
}

/** 40 rows about each of four corners, 1000 apart. */
const random = createRandom(1);
const corners = [0, 0, 1000, 0, 0, 1000, 1000, 1000];
const blobs = toSample(
  Array.from({ length: 320 }, (_, i) => corners[((i >> 1) % 4) * 2 + (i % 2)] + random.normal()),
  2,
);

describe('computeKMeans', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('finds separated blobs, seed %i', (seed) => {
    const labels = clustersOf(blobs, 4, seed);
    labels.forEach((label, i) => {
      expect(label).toBe(labels[i % 4]);
    });
    expect(new Set(labels).size).toBe(4);
  });

  it('gives equal rows the same cluster, even if fewer rows differ than there are clusters', () => {
    expect([...clustersOf(toSample(new Array(10).fill(3), 1), 3, 0)]).toEqual(new Array(10).fill(0));
    const labels = clustersOf(toSample([1, 1, 1, 5, 5, 5], 1), 4, 0);
    expect([...labels.slice(0, 3)]).toEqual(new Array(3).fill(labels[0]));
    expect([...labels.slice(3)]).toEqual(new Array(3).fill(labels[3]));
    expect(labels[0]).not.toBe(labels[3]);
  });

  it('leaves no cluster empty if there are enough different rows', () => {
    const grid = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(grid, fc.integer({ min: 1, max: 5 }), fc.nat(1000), (points, k, seed) => {
        fc.pre(new Set(points.map(String)).size >= k);
        const labels = clustersOf(toSample(points.flat(), 2), k, seed);
        expect(new Set(labels).size).toBe(k);
      }),
    );
  });

  it('assigns each row to the nearest center', () => {
    const rows = Array.from({ length: 200 }, () => random.normal());
    const sample = toSample(rows, 2);
    const labels = clustersOf(sample, 3, 4);
    const centers = new Float64Array(6);
    for (let j = 0; j < 3; j++) {
      const own = [...labels.keys()].filter((i) => labels[i] === j);
      for (const i of own) for (let a = 0; a < 2; a++) centers[2 * j + a] += rows[2 * i + a] / own.length;
    }
    const nearest = new Int32Array(100);
    assignInto(nearest, new Float64Array(100), sample, centers);
    expect(nearest).toEqual(labels);
  });

  it('ignores rows of weight 0', () => {
    // Two blobs, and one row of weight 0 far away.
    const sample = toSample([0, 0.1, 0.2, 10, 10.1, 10.2, 1e6], 1, [1, 1, 1, 1, 1, 1, 0]);
    for (let seed = 0; seed < 20; seed++) {
      const labels = clustersOf(sample, 2, seed);
      expect(labels[0]).not.toBe(labels[3]);
    }
  });

  it('checks in every iteration whether to go on', () => {
    const stop = () => {
      throw new Error('enough');
    };
    expect(() => computeKMeans(blobs, 4, createRandom(0), stop)).toThrow('enough');
  });
});

describe('seedCenters', () => {
  it('takes different rows as long as there are any', () => {
    const rows = toSample([0, 0, 0, 1, 2, 3], 1);
    for (let seed = 0; seed < 20; seed++) {
      expect([...seedCenters(rows, 4, createRandom(seed))].sort()).toEqual([0, 1, 2, 3]);
    }
  });

  it('never takes a row of weight 0', () => {
    const rows = toSample([0, 1, 2, 3, 1e9], 1, [1, 1, 1, 1, 0]);
    for (let seed = 0; seed < 50; seed++) {
      expect(Math.max(...seedCenters(rows, 4, createRandom(seed)))).toBe(3);
    }
  });
});

describe('assignInto', () => {
  it('gives ties to the lowest index and returns the weight of the rows that change', () => {
    const labels = Int32Array.of(0, 0, 0);
    const distances = new Float64Array(3);
    const sample = toSample([0, 1, 2], 1, [1, 1, 3]);
    expect(assignInto(labels, distances, sample, Float64Array.of(0, 2))).toBe(3);
    expect([...labels]).toEqual([0, 0, 1]);
    expect([...distances]).toEqual([0, 1, 0]);
  });
});
