import { describe, expect, it } from 'vitest';
import { createLayout, stretchRowsFor } from '../../src/kernel/layout.js';
import { BUILDS } from './builds.js';

describe('createLayout', () => {
  it('places its parts on cache lines, in order, within its pages', () => {
    for (const [d, k] of [
      [1, 1],
      [7, 3],
      [128, 256],
    ]) {
      const { stretchRows, blockRows, pages, ...offsets } = createLayout(d, k, 1001, 2003, true, 't');
      const places = Object.values(offsets);
      expect(places.every((offset) => offset % 64 === 0)).toBe(true);
      expect(places.every((offset, i) => i === 0 || offset > places[i - 1])).toBe(true);
      expect(offsets.rows).toBeGreaterThan(0);
      expect(offsets.sampleWeight - offsets.rows).toBeGreaterThanOrEqual(8 * stretchRows * d);
      expect(offsets.parameters - offsets.sampleWeight).toBeGreaterThanOrEqual(8 * stretchRows);
      expect(offsets.statistics - offsets.parameters).toBeGreaterThanOrEqual(8 * 1001);
      expect(offsets.responsibilities - offsets.statistics).toBeGreaterThanOrEqual(8 * 2003);
      expect(offsets.scoredLogDensity - offsets.responsibilities).toBeGreaterThanOrEqual(8 * stretchRows * k);
      expect(offsets.weights - offsets.logProb).toBeGreaterThanOrEqual(8 * blockRows * k);
      expect(pages * 65536).toBeGreaterThanOrEqual(offsets.logDensity + 8 * blockRows);
    }
  });
});

describe.each(BUILDS)('layout, $build', ({ module }) => {
  it("begins after the kernel's constants", () => {
    const { exports } = new WebAssembly.Instance(module, {});
    const { firstFree } = exports as unknown as { firstFree: { value: number } };
    expect(firstFree.value).toBeGreaterThan(1024);
    expect(createLayout(1, 1, 1, 1, false, 'gaussian').rows).toBeGreaterThanOrEqual(firstFree.value);
  });
});

describe('stretchRowsFor', () => {
  it('is a whole number of 128-row blocks and fits into the second-level cache', () => {
    for (let d = 1; d <= 600; d++) {
      const rows = stretchRowsFor(d);
      expect(rows % 128).toBe(0);
      expect(rows).toBeGreaterThan(0);
      expect(rows * d <= 32768 || rows === 128).toBe(true);
    }
  });
});
