import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { findWorstRow } from '../../src/em/worst-row.js';
import { createMixture } from '../mixtures.js';

const never = () => undefined;
const mixture = createMixture('full', 2, 1, createRandom(1), 1);
const rowsOf = (values: number[], sampleWeight?: Float64Array) => {
  const chunks = [Float64Array.from(values.slice(0, 3)), Float64Array.from(values.slice(3))];
  return { nSamples: values.length, nFeatures: 1, chunkRows: 3, chunks, sampleWeight };
};

describe('findWorstRow', () => {
  it('is the row of lowest density, the first of several, across chunks', () => {
    expect([...findWorstRow(rowsOf([0, 1, 50, 2, 90]), mixture, never)]).toEqual([90]);
    expect([...findWorstRow(rowsOf([0, 1, 50, 2, 50]), mixture, never)]).toEqual([50]);
  });

  it('ignores rows of weight 0', () => {
    const weights = Float64Array.of(1, 1, 1, 1, 0);
    expect([...findWorstRow(rowsOf([0, 1, 50, 2, 90], weights), mixture, never)]).toEqual([50]);
  });
});
