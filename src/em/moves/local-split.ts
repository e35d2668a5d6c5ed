/**
 * Two components in place of one, fitted to its rows alone. Each row counts by its share, and the other components stay as they are,
 * so this costs 2/k of a pass. By Jensen's inequality the mixture gains at least what the local fit gains.
 */

import { type Component, componentsOf } from '../../core/components.js';
import { computeFactors } from '../../core/covariance/factors.js';
import { familyOf } from '../../core/covariance/families.js';
import { withDegrees } from '../../core/degrees-of-freedom.js';
import type { Moments } from '../../core/moments.js';
import { splitComponent } from '../../core/nested.js';
import type { DegreesOfFreedom, ModelShape, Parameters } from '../../core/parameters.js';
import type { Random } from '../../core/random.js';
import { copyRowsInto, effectiveRows, type SharedRows } from '../../rows/shared-rows.js';
import type { EmRun } from '../run.js';
import { computeOneComponent } from '../start/one-component.js';
import type { Members } from './overlap.js';

/** Work on rows that the caller's thread does alone. */
export interface LocalFits {
  measureMoments(rows: SharedRows): Moments;
  /** How those of t components are estimated; undefined for Gaussian ones. */
  readonly degreesOfFreedom?: DegreesOfFreedom | undefined;
  /** EM for a few passes. */
  run(rows: SharedRows, moments: Moments, start: Parameters, passes: number): EmRun;
}

/** Two components that may replace one. Their weights sum to 1. */
export interface Split {
  readonly halves: readonly Component[];
  /** Of the log-likelihood, at least. */
  readonly gain: number;
}

/** Splits that are tried: one along the longest axis, the others between two random rows. */
const TRIES = 3;

/** Passes of EM for which each of them is tried, and passes of the best after these. */
const TRIAL_PASSES = 4;
const PASSES = 8;

/** Half the distance of two halves along the longest axis, in standard deviations. */
const SHIFT = 0.7;

/**
 * @param scales - in: (d) units of the columns
 * @returns the best split; undefined where there are fewer than 2 (d + 1) rows, or every split collapses
 */
export function findLocalSplit(
  all: SharedRows,
  members: Members,
  { covarianceType, nFeatures }: ModelShape,
  scales: Float64Array,
  random: Random,
  fits: LocalFits,
): Split | undefined {
  const { measureMoments, run } = fits;
  const rows = takeRows(all, members);
  if (!(effectiveRows(rows) >= 2 * (nFeatures + 1))) return undefined;
  const moments = measureMoments(rows);
  const { totalWeight: total } = moments;
  const closed = computeOneComponent({ covarianceType, nComponents: 1, nFeatures }, moments, 0);
  const { whole, before } = fitWhole(closed, rows, moments, fits);
  if (!Number.isFinite(before)) return undefined;
  let best: EmRun | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const start =
      attempt === 0 ? splitComponent(whole, 0, SHIFT, scales) : splitBetweenRows(whole, rows, total, random);
    const end = run(rows, moments, start, TRIAL_PASSES);
    if (end.status !== 'degenerate' && !(best && best.logLikelihood >= end.logLikelihood)) best = end;
  }
  if (!best) return undefined;
  const end = run(rows, moments, best.parameters, PASSES);
  if (end.status === 'degenerate') return undefined;
  return { halves: componentsOf(end.parameters), gain: end.logLikelihood - before };
}

/** The best single component: a Gaussian one in closed form, a t component after a few passes. */
function fitWhole(
  closed: Parameters,
  rows: SharedRows,
  moments: Moments,
  { degreesOfFreedom, run }: LocalFits,
): { whole: Parameters; before: number } {
  const logLikelihood = logLikelihoodOf(closed, moments.totalWeight);
  const isGaussian = degreesOfFreedom === undefined || !Number.isFinite(logLikelihood);
  if (isGaussian) return { whole: closed, before: logLikelihood };
  const end = run(rows, moments, withDegrees(closed, degreesOfFreedom), PASSES);
  return { whole: end.parameters, before: end.logLikelihood };
}

function takeRows(all: SharedRows, { rows, shares }: Members): SharedRows {
  const d = all.nFeatures;
  const chunk = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    copyRowsInto(chunk.subarray(i * d), all, row, 1);
  });
  return {
    nSamples: rows.length,
    nFeatures: d,
    chunkRows: rows.length,
    chunks: [chunk],
    sampleWeight: Float64Array.from(shares),
  };
}

/** The log-likelihood of one component at its maximum: −½ W (d log 2π + log |Σ| + d). */
function logLikelihoodOf({ covarianceType, covariances, nFeatures: d }: Parameters, total: number): number {
  const { form } = familyOf(covarianceType);
  const { logDeterminants, singular } = computeFactors(form, covariances, d);
  if (singular !== undefined) return Number.NaN;
  return total * (logDeterminants[0] - (d / 2) * (Math.log(2 * Math.PI) + 1));
}

/** The component twice, at two rows of its own, each with half of its spread. */
function splitBetweenRows(whole: Parameters, rows: SharedRows, total: number, random: Random): Parameters {
  const { nFeatures: d } = whole;
  const means = new Float64Array(2 * d);
  for (let half = 0; half < 2; half++) {
    copyRowsInto(means.subarray(half * d), rows, drawRow(rows, total, random), 1);
  }
  const { form } = familyOf(whole.covarianceType);
  const narrow = whole.covariances.map((value) => value / 2);
  const covariances = form.isShared ? narrow : Float64Array.of(...narrow, ...narrow);
  const degrees = whole.degreesOfFreedom;
  return {
    ...whole,
    ...(degrees && { degreesOfFreedom: Float64Array.of(degrees[0], degrees[0]) }),
    nComponents: 2,
    weights: Float64Array.of(0.5, 0.5),
    means,
    covariances,
  };
}

/** A row with probability in proportion to its weight. */
function drawRow({ sampleWeight, nSamples }: SharedRows, total: number, random: Random): number {
  let left = random.uniform() * total;
  for (let i = 0; i < nSamples; i++) {
    left -= sampleWeight ? sampleWeight[i] : 1;
    if (left < 0) return i;
  }
  return nSamples - 1;
}
