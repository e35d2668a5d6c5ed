/** What floors and priors are measured by: the data's moments, or those without wild values. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { clipRows, findReference } from '../../src/em/reference.js';
import { expectClose } from '../close.js';
import { computeMoments } from '../laws/moments.js';

const [N, D] = [300, 2];
const random = createRandom(4);
const plain = Float64Array.from({ length: N * D }, (_, i) => random.normal() + (i % 4 < 2 ? 0 : 6));

function referenceOf(values: Float64Array, sampleWeight?: Float64Array) {
  const moments = { totalWeight: N, ...computeMoments(values, D) };
  const rows = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [values], sampleWeight };
  return { moments, rows, ...{ found: findReference(moments, rows) } };
}

const withWild = (value: number) => {
  const values = plain.slice();
  values.set([value, -value], 10 * D);
  return values;
};

describe('the reference', () => {
  it('is the moments of the data where no value is wild, to the same object', () => {
    const { moments, found } = referenceOf(plain);
    expect(found.moments).toBe(moments);
    expect(found.clip).toBeUndefined();
  });

  it('is not moved by a row, however far away, beyond the clip', () => {
    const [near, far] = [1e4, 1e12].map((value) => referenceOf(withWild(value)).found);
    expectClose(near.moments.covariance, far.moments.covariance, 1e-12, 1);
    expectClose(near.moments.mean, far.moments.mean, 1e-12, 1);
    const { covariance } = computeMoments(plain, D);
    expect(near.moments.covariance[0]).toBeLessThan(4 * covariance[0]);
  });

  it('clips no column of which the middle is one value', () => {
    const values = plain.map((value, i) => (i % D === 1 ? (i < 4 ? 1e6 : 0) : value));
    expect(referenceOf(values).found.clip).toBeUndefined();
  });

  it('leaves rows without weight out', () => {
    const sampleWeight = new Float64Array(N).fill(1);
    sampleWeight[10] = 0;
    const values = withWild(1e9);
    const kept = values.filter((_, i) => Math.floor(i / D) !== 10);
    const moments = { totalWeight: N - 1, ...computeMoments(kept, D) };
    const rows = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [values], sampleWeight };
    expect(findReference(moments, rows).moments).toBe(moments);
  });

  it('clips rows for starts and leaves the rest', () => {
    const { rows, found } = referenceOf(withWild(1e9));
    const [chunk] = clipRows(rows, found.clip as NonNullable<typeof found.clip>).chunks;
    const changed = Array.from(chunk).flatMap((value, i) => (value === rows.chunks[0][i] ? [] : [i]));
    expect(changed).toEqual([10 * D, 10 * D + 1]);
  });
});
