/**
 * What sample weights count as. By default they are rows, and Σw is the n of BIC. With `effectiveSampleSize: 'kish'` they are scaled to
 * sum to the effective sample size (Σw)² / Σw² (Kish, Survey Sampling, 1965). Log-likelihood, criteria and priors then do not depend on
 * the scale of the weights, and equal weights count as none.
 */

import type { DataNote } from '../data/dataset.js';
import { compose, createNote, setting } from '../errors.js';
import { allocateShared, effectiveRows, type SharedRows } from '../rows/shared-rows.js';

/** So many times the sum of the weights, the effective sample size shows that weights are no numbers of rows. */
const FAR_MORE = 2;

/** @returns rows whose weights sum to their effective sample size */
export function scaleByKish(rows: SharedRows): SharedRows {
  const { sampleWeight, nSamples } = rows;
  if (!sampleWeight) return rows;
  // Relative to the largest, equal weights become exactly 1.
  const largest = sampleWeight.reduce((most, weight) => Math.max(most, weight), 0);
  const scaled = new Float64Array(allocateShared(8 * nSamples, 'the weights'));
  let sum = 0;
  for (let i = 0; i < nSamples; i++) {
    scaled[i] = sampleWeight[i] / largest;
    sum += scaled[i];
  }
  const factor = effectiveRows(rows) / sum;
  for (let i = 0; i < nSamples; i++) scaled[i] *= factor;
  return { ...rows, sampleWeight: scaled };
}

/**
 * Warns where weights look normalised: with ln Σw near 0 or below, BIC has no penalty and chooses the largest model.
 *
 * @param totalWeight - Σw
 * @param d - columns
 */
export function noteNormalised(rows: SharedRows, totalWeight: number, d: number): DataNote[] {
  if (!rows.sampleWeight || totalWeight > d + 1) return [];
  const effective = effectiveRows(rows);
  if (effective <= FAR_MORE * totalWeight) return [];
  const [sum, size] = [totalWeight, effective].map((value) => Number(value.toPrecision(3)));
  const message = compose`the weights sum to ${sum}, so that BIC, ICL and priors count ${sum} ${sum === 1 ? 'row' : 'rows'} and larger models look better than they are; let them count as their effective sample size, ${size}:\n  ${setting('effectiveSampleSize', 'kish')}`;
  return [createNote('warning', message)];
}
