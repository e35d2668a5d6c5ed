import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_FORM } from '../../src/core/covariance/dense-forms.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import { stretchRowsFor } from '../../src/kernel/layout.js';
import { planShards } from '../../src/parallel/shards.js';

describe('planShards', () => {
  it('covers all rows with whole stretches, not too many, whose slots are small', () => {
    const sizes = [
      fc.integer({ min: 1, max: 2 ** 32 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 64 }),
    ] as const;
    fc.assert(
      fc.property(...sizes, (n, d, k) => {
        const { length } = createStatisticsLayout(FULL_FORM, k, d);
        const { shardRows, nShards } = planShards(n, d, length);
        expect(shardRows % stretchRowsFor(d)).toBe(0);
        expect(shardRows * nShards).toBeGreaterThanOrEqual(n);
        expect(shardRows * (nShards - 1)).toBeLessThan(n);
        expect(nShards).toBeLessThanOrEqual(256);
        expect(4 * length).toBeLessThanOrEqual(shardRows * d);
      }),
    );
  });

  it('cuts few rows into one shard, and 200,000 into enough for many threads', () => {
    expect(planShards(272, 2, 100).nShards).toBe(1);
    expect(planShards(200_000, 5, 100).nShards).toBeGreaterThan(16);
  });
});
