/** The sample of rows on which starts are tried: a function of the data's size, the model's size and the seed. */

import { createRandom, deriveSeed } from './core/random.js';
import { createStatisticsLayout } from './core/statistics.js';
import { copyRowsInto, type SharedRows } from './parallel/shared-rows.js';
import type { CovarianceType } from './types.js';

/** Rows of a sample at least: a component with 1 % of the rows has 200 of them. */
const FEWEST_ROWS = 20_000;

/** Rows of a sample for every number that the model's statistics hold, where that is more. */
const ROWS_PER_STATISTIC = 10;

/** Rows of the sample for a model; all of them where there are no more. */
export function sampleSizeFor(n: number, type: CovarianceType, k: number, d: number): number {
  const { length } = createStatisticsLayout(type, k, d);
  return Math.min(n, Math.max(FEWEST_ROWS, ROWS_PER_STATISTIC * length));
}

/**
 * `size` different rows at random: one from each of `size` equal stretches of the data, so that data in some
 * order are sampled evenly. All rows, uncopied, where `size` is their number.
 */
export function drawSample(rows: SharedRows, size: number, seed: number): SharedRows {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  if (size >= n) return rows;
  const random = createRandom(deriveSeed(seed, 0, 'full', size));
  const chunk = new Float64Array(new SharedArrayBuffer(8 * size * d));
  const weights = sampleWeight && new Float64Array(new SharedArrayBuffer(8 * size));
  const row = new Float64Array(d);
  for (let i = 0; i < size; i++) {
    const first = Math.floor((i * n) / size);
    const drawn = first + random.below(Math.floor(((i + 1) * n) / size) - first);
    copyRowsInto(row, rows, drawn, 1);
    chunk.set(row, i * d);
    if (weights && sampleWeight) weights[i] = sampleWeight[drawn];
  }
  return { nSamples: size, nFeatures: d, chunkRows: size, chunks: [chunk], sampleWeight: weights };
}
