/** The samples of rows on which starts are tried: they depend on the size of the data, the size of the model and the seed. */

import { formOf } from '../core/covariance/families.js';
import type { ModelShape } from '../core/parameters.js';
import { createRandom, deriveSeed } from '../core/random.js';
import { createStatisticsLayout } from '../core/statistics.js';
import { countingRows, effectiveRows, type SharedRows } from './shared-rows.js';

/** A sample has at least 20,000 rows: a component with 1 % of the rows then has 200. */
const FEWEST_ROWS = 20_000;

/** A sample has at least 10 rows for every number of the model's statistics. */
const ROWS_PER_STATISTIC = 10;

/**
 * Each sample is 8 times as large as the one before. The distance between the optima of successive samples shrinks by
 * the square root of this factor.
 */
const GROWTH = 8;

/** The data and the model for which a sample is drawn. */
export interface SampleNeeds {
  /** Rows of the data. */
  readonly n: number;
  /** From `rowsPerEffective`. */
  readonly perEffective: number;
  readonly shape: ModelShape;
}

/** Rows of positive weight divided by the effective sample size, rounded to a power of 2; 1 without weights. */
export function rowsPerEffective(rows: SharedRows): number {
  return 2 ** Math.round(Math.log2(countingRows(rows) / effectiveRows(rows)));
}

/** @returns rows of the first sample: 20,000 times a power of 2 */
function firstSizeFor({ perEffective, shape }: SampleNeeds): number {
  const { covarianceType, nComponents, nFeatures } = shape;
  const { length } = createStatisticsLayout(formOf(covarianceType), nComponents, nFeatures);
  const wanted = (ROWS_PER_STATISTIC * length) / FEWEST_ROWS;
  return perEffective * FEWEST_ROWS * 2 ** Math.max(0, Math.ceil(Math.log2(wanted)));
}

/**
 * Sizes of the samples for a model. Starts are tried on the first; the best of them continue on the later ones, of which
 * the last has at most half of the rows. Small data have a single sample: all rows. Sizes are 20,000 times powers of 2,
 * so that models share samples: those of a whole sweep together take less than twice the memory of the data.
 */
export function sampleSizesFor(needs: SampleNeeds): number[] {
  const { n } = needs;
  const sizes = [Math.min(n, firstSizeFor(needs))];
  for (let size = GROWTH * sizes[0]; size <= n / 2; size *= GROWTH) sizes.push(size);
  return sizes;
}

/**
 * Rows of the sample on which start values are found and tried, and moves proposed: an eighth of the first sample, as EM improves
 * them on more rows later.
 */
export function trialSizeFor(needs: SampleNeeds): number {
  return Math.min(needs.n, firstSizeFor(needs) / 8);
}

/**
 * Draws a stratified random sample without replacement. The rows of positive weight, in their order, are cut into `size`
 * strata of equal size, and each stratum gives one row. So ordered data are sampled evenly.
 *
 * @returns the rows with their weights; `rows` itself, uncopied, if it has no more than `size` rows
 */
export function drawSample(rows: SharedRows, size: number, seed: number): SharedRows {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  if (size >= n) return rows;
  const random = createRandom(deriveSeed(seed, 0, 0, size));
  const counting = countingRows(rows);
  const nSamples = Math.min(size, counting);
  const chunk = new Float64Array(new SharedArrayBuffer(8 * nSamples * d));
  const weights = sampleWeight && new Float64Array(new SharedArrayBuffer(8 * nSamples));
  let passed = 0;
  let counted = 0;
  for (let i = 0; i < nSamples; i++) {
    const first = Math.floor((i * counting) / nSamples);
    const drawn = first + random.below(Math.floor(((i + 1) * counting) / nSamples) - first);
    // Draws rise, so one walk over the rows finds all of them.
    if (sampleWeight) while (counted <= drawn) if (sampleWeight[passed++] > 0) counted++;
    const at = sampleWeight ? passed - 1 : drawn;
    // Copying single numbers takes half the time of copying views of rows.
    const from = rows.chunks[Math.floor(at / rows.chunkRows)];
    const offset = (at % rows.chunkRows) * d;
    for (let a = 0; a < d; a++) chunk[i * d + a] = from[offset + a];
    if (weights && sampleWeight) weights[i] = sampleWeight[at];
  }
  return { nSamples, nFeatures: d, chunkRows: nSamples, chunks: [chunk], sampleWeight: weights };
}
