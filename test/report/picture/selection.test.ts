import { describe, expect, it } from 'vitest';
import { resolveInput } from '../../../src/report/picture/input.js';
import { selectRows } from '../../../src/report/picture/selection.js';
import { createInput, createParameters } from '../samples.js';

describe('selectRows', () => {
  /** Rows of `sizes[j]` to component j in turn; `tie(i)` is r₍₁₎ − r₍₂₎ of row i. */
  function createRows(sizes: number[], tie: (i: number) => number) {
    const k = sizes.length;
    const labels = sizes.flatMap((size, j) => new Array<number>(size).fill(j));
    const responsibilities = new Float64Array(labels.length * k);
    for (const [i, j] of labels.entries()) {
      responsibilities[i * k + j] = (1 + tie(i)) / 2;
      responsibilities[i * k + ((j + 1) % k)] = (1 - tie(i)) / 2;
    }
    const weights = new Array<number>(k).fill(1 / k);
    const parameters = createParameters('spherical', weights, new Array<number>(k).fill(0), weights);
    const rows = new Float64Array(labels.length);
    return resolveInput({ parameters, rows, responsibilities, columns: ['a'] });
  }

  it('draws all of 20,000 rows, however many are fringe', () => {
    const { drawn, fringe, nFringe } = selectRows(resolveInput(createInput(20_000, 1)));
    expect([drawn.length, fringe.length, nFringe]).toEqual([20_000, 20_000, 20_000]);
  });

  it('keeps the whole fringe up to a quarter of the places, in order and once', () => {
    const input = createRows([40_000, 60_000], (i) => (i % 20 === 3 ? 0.1 : 1));
    const { drawn, fringe, nFringe } = selectRows(input);
    expect(nFringe).toBe(5_000);
    expect([...fringe]).toEqual(Array.from({ length: 5_000 }, (_, i) => 20 * i + 3));
    expect(drawn).toHaveLength(20_000);
    expect(drawn.every((row, i) => i === 0 || row > drawn[i - 1])).toBe(true);
    const all = new Set(drawn);
    expect(fringe.every((row) => all.has(row))).toBe(true);
  });

  it('marks the closest ties of a larger fringe', () => {
    // Margins grow from both ends towards the middle.
    const n = 100_000;
    const input = createRows([n / 2, n / 2], (i) => Math.min(i, n - 1 - i) / n);
    const { fringe, nFringe, drawn } = selectRows(input);
    expect(nFringe).toBe(n);
    expect(fringe).toHaveLength(5_000);
    expect(fringe[2_499]).toBe(2_499);
    expect(fringe[2_500]).toBe(n - 2_500);
    // The other rows of the fringe keep an even share, so they leave no hole.
    const rest = drawn.filter((row) => row >= 2_500 && row < n - 2_500);
    expect(rest).toHaveLength(15_000);
    expect(Math.max(...rest.subarray(1).map((row, i) => row - rest[i]))).toBeLessThanOrEqual(7);
  });

  it('draws every component evenly, and of a small one enough to be seen', () => {
    const sizes = [1_000_000, 100_000, 50];
    const input = createRows(sizes, () => 1);
    const { drawn, labels } = selectRows(input, 6_000);
    expect(drawn).toHaveLength(6_000);
    const counts = [0, 0, 0];
    for (const row of drawn) counts[labels[row]]++;
    expect(counts[2]).toBe(50);
    // Each component gets 200 places; the rest follow the ratio of the sizes.
    const left = 6_000 - 200 - 200 - 50;
    expect(counts[1]).toBeGreaterThanOrEqual(200 + Math.floor((left * 99_800) / 1_099_600));
    expect(counts[1]).toBeLessThanOrEqual(201 + Math.floor((left * 99_800) / 1_099_600));
    const own = drawn.filter((row) => labels[row] === 1);
    const gaps = own.subarray(1).map((row, i) => row - own[i]);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it('has no fringe in a mixture of one component', () => {
    const parameters = createParameters('spherical', [1], [0, 0], [1]);
    const responsibilities = new Float64Array(10).fill(1);
    const input = { ...createInput(10, 2), parameters, responsibilities, fringeMargin: 1 };
    expect(selectRows(resolveInput(input)).nFringe).toBe(0);
  });

  it('compares the two largest of three responsibilities in any order', () => {
    const parameters = createParameters('spherical', [0.3, 0.3, 0.4], [0, 1, 2], [1, 1, 1]);
    const rows = new Float64Array(4);
    const responsibilities = Float64Array.of(0.1, 0.5, 0.4, 0.5, 0.4, 0.1, 0.4, 0.1, 0.5, 0.8, 0.1, 0.1);
    const { fringe, labels } = selectRows(
      resolveInput({ parameters, rows, responsibilities, columns: ['a'], fringeMargin: 0.2 }),
    );
    expect([...fringe]).toEqual([0, 1, 2]);
    expect([...labels]).toEqual([1, 0, 2, 0]);
  });
});
