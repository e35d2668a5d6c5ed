import { describe, expect, it } from 'vitest';
import { judgeRow } from '../../../src/report/chart/certainty.js';
import { chooseRows } from '../../../src/report/page/choose-rows.js';
import { createRowSummary } from '../../../src/report/page/row-summary.js';

/** A few dozen roundings of numbers near 1e9, relative to their spread. */
const FAR_FROM_ZERO = 1e-6;

/** Numbers in [0, 1) that look random. */
function noise(i: number): number {
  return ((Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1) + 1) % 1;
}

describe('createRowSummary', () => {
  it('says the same however the rows are dealt into batches', () => {
    const [n, d, k] = [100, 3, 2];
    const rows = Float64Array.from({ length: n * d }, (_, i) => 1e9 + noise(i));
    const responsibilities = Float64Array.from({ length: n * k }, (_, i) =>
      i % 2 === 0 ? noise(i) : 1 - noise(i - 1),
    );
    const builder = createRowSummary(n, d, k);
    for (const [first, last] of [
      [0, 1],
      [1, 60],
      [60, 60],
      [60, 100],
    ]) {
      builder.add(rows.subarray(first * d, last * d), responsibilities.subarray(first * k, last * k));
    }
    const { columns, sizes, effectiveRows, margins, nSamples, onlyColumn } = builder.finish();
    expect({ nSamples, onlyColumn }).toEqual({ nSamples: n, onlyColumn: undefined });
    for (let a = 0; a < d; a++) {
      const values = Array.from({ length: n }, (_, i) => rows[i * d + a] - 1e9);
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
      expect(columns[a].min - 1e9).toBe(Math.min(...values));
      expect(columns[a].max - 1e9).toBe(Math.max(...values));
      expect(Math.abs(columns[a].mean - 1e9 - mean)).toBeLessThan(FAR_FROM_ZERO);
      expect(Math.abs(columns[a].deviation - Math.sqrt(variance))).toBeLessThan(FAR_FROM_ZERO);
    }
    const first = Array.from({ length: n }, (_, i) => responsibilities[2 * i]);
    expect(sizes[0]).toBe(first.filter((r) => r >= 0.5).length);
    expect(sizes[0] + sizes[1]).toBe(n);
    expect(Math.abs(effectiveRows[0] - first.reduce((sum, r) => sum + r, 0))).toBeLessThan(FAR_FROM_ZERO);
    expect(Math.abs(effectiveRows[0] + effectiveRows[1] - n)).toBeLessThan(FAR_FROM_ZERO);
    first.forEach((r, i) => {
      expect(Math.abs(margins[i] - Math.abs(2 * r - 1))).toBeLessThan(FAR_FROM_ZERO);
    });
  });

  it('has no deviation for one row', () => {
    const builder = createRowSummary(1, 1, 1);
    builder.add(Float64Array.of(5), Float64Array.of(1));
    const { columns, onlyColumn } = builder.finish();
    expect(columns[0]).toEqual({ min: 5, mean: 5, deviation: Number.NaN, max: 5 });
    expect(onlyColumn).toEqual(Float64Array.of(5));
  });
});

describe('judgeRow', () => {
  it('ranks as a sort would, ties to the lowest', () => {
    for (let i = 0; i < 200; i++) {
      const r = Array.from({ length: 4 }, (_, j) => Math.floor(4 * noise(i * 4 + j)) / 4);
      const [label, second] = [0, 1, 2, 3].sort((a, b) => r[b] - r[a] || a - b);
      expect(judgeRow(r, 0, 4)).toMatchObject({ label, second, margin: r[label] - r[second] });
    }
  });

  it('ranks noise, the rest to 1, after the components', () => {
    expect(judgeRow([0.1, 0.2], 0, 2, true)).toMatchObject({ label: -1, second: 1, other: 0.2 });
    expect(judgeRow([0.1, 0.6], 0, 2, true)).toMatchObject({ label: 1, second: -1, first: 0.6 });
    expect(judgeRow([0.5], 0, 1, true)).toMatchObject({ label: 0, second: -1, margin: 0 });
  });

  it('knows no second of one component', () => {
    expect(judgeRow([1], 0, 1)).toMatchObject({ label: 0, second: undefined, margin: 1 });
  });
});

describe('chooseRows', () => {
  const margins = Float64Array.from({ length: 20_000 }, (_, i) => (i % 5 === 0 ? noise(i) * 0.6 : 1));

  it('draws all rows of few', () => {
    const few = margins.subarray(0, 6_000);
    const { drawn, nFringe } = chooseRows(few, 0.5, 4);
    expect(drawn).toEqual(Uint32Array.from(few, (_, i) => i));
    expect(nFringe).toBe(few.filter((margin) => margin < 0.5).length);
  });

  it('keeps the closest ties, and draws the fringe denser than the rest', () => {
    const { drawn, ties, nFringe } = chooseRows(margins, 0.5, 4);
    const fringe = Array.from(margins.keys()).filter((i) => margins[i] < 0.5);
    expect(nFringe).toBe(fringe.length);
    expect(Array.from(ties)).toEqual(fringe.sort((a, b) => margins[a] - margins[b] || a - b).slice(0, 200));
    expect(drawn).toHaveLength(6_000);
    expect(new Set(drawn).size).toBe(6_000);
    expect(drawn).toEqual(drawn.slice().sort());
    expect(ties.every((i) => drawn.includes(i))).toBe(true);
    expect(drawn.filter((i) => margins[i] < 0.5)).toHaveLength(1_500);
  });

  it('takes fewer rows where they are wide', () => {
    expect(chooseRows(margins, 0.5, 200).drawn).toHaveLength(2_000);
    expect(chooseRows(margins, 0.5, 100_000).drawn).toHaveLength(500);
  });

  it('counts the fringe at every margin of the slider', () => {
    const exact = Float64Array.from(
      { length: 303 },
      (_, i) => Math.floor(i / 3) / 100 + ((i % 3) - 1) * 1e-17,
    );
    for (const values of [margins, exact]) {
      const { fringeCounts } = chooseRows(values, 0.5, 4);
      expect(fringeCounts).toEqual(
        Array.from({ length: 101 }, (_, step) => values.filter((margin) => margin < step / 100).length),
      );
    }
  });

  it('takes the first of many equal ties', () => {
    const { ties } = chooseRows(new Float64Array(1_000), 0.5, 4);
    expect(ties).toEqual(Uint32Array.from({ length: 200 }, (_, i) => i));
  });

  it('has no ties where nothing is below the margin', () => {
    expect(chooseRows(new Float64Array(10), 0, 4)).toMatchObject({ ties: new Uint32Array(0), nFringe: 0 });
  });
});
