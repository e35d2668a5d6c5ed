/**
 * M-step: statistics → parameters.
 *
 *   π = N / Σ N,  μ' = μ + S / N,  Σ' = Q / N − (S / N)(S / N)ᵀ + regCovar · I      Bishop, PRML (2006), eq. 9.24–9.27
 *
 * As S and Q are about the current means, nothing cancels where data are far from zero.
 */

import { computeCholesky } from '../core/cholesky.js';
import type { CovarianceType } from '../core/covariance-type.js';
import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import { createStatisticsLayout } from '../core/statistics.js';
import type { CovarianceFloor } from './covariance-floor.js';

/** What shapes an M-step beside the statistics. */
export interface MStepOptions {
  readonly floor: CovarianceFloor;
  /** Of the rows that the statistics are of; `tied` takes the total scatter from them. */
  readonly moments: Moments;
  /** Added to every variance. */
  readonly regCovar: number;
  /** Whether every mixing weight is held at 1/k. */
  readonly equalWeights: boolean;
}

/** New parameters and what had to be done to them. */
export interface MStepResult {
  readonly parameters: Parameters;
  /** (k) N / Σ N: the weights, unless these are held equal. */
  readonly shares: Float64Array;
  /** First component whose covariance was lifted to the floor, or −1. */
  readonly lifted: number;
  /** Components without rows; they keep their old mean and covariance. */
  readonly empty: readonly number[];
}

/** A component with less than this share of all rows is empty: its share is rounding, not rows. */
const EMPTY_SHARE = 1e-12;

/**
 * @param previous - the parameters that the pass was run with
 * @param statistics - in: as in core/statistics
 */
export function mStep(previous: Parameters, statistics: Float64Array, options: MStepOptions): MStepResult {
  const { covarianceType, nComponents: k, nFeatures: d } = previous;
  const { counts, sums, scatters, scatterLength } = createStatisticsLayout(covarianceType, k, d);
  const weights = new Float64Array(k);
  const means = previous.means.slice();
  const covariances = previous.covariances.slice();
  const empty: number[] = [];

  let total = 0;
  for (let j = 0; j < k; j++) total += statistics[counts + j];
  const shift = new Float64Array(d);
  for (let j = 0; j < k; j++) {
    const count = statistics[counts + j];
    weights[j] = options.equalWeights ? 1 / k : count / total;
    if (!(count > EMPTY_SHARE * total)) {
      empty.push(j);
      continue;
    }
    for (let a = 0; a < d; a++) {
      shift[a] = statistics[sums + j * d + a] / count;
      means[j * d + a] += shift[a];
    }
    const scatter = statistics.subarray(scatters + j * scatterLength, scatters + (j + 1) * scatterLength);
    if (covarianceType === 'full') fullCovarianceInto(covariances, j, scatter, count, shift);
    else if (covarianceType === 'diag') diagVariancesInto(covariances, j, scatter, count, shift);
    else if (covarianceType === 'spherical') covariances[j] = sphericalVariance(scatter[0], count, shift);
  }
  const shares = statistics.slice(counts, counts + k).map((count) => count / total);
  if (covarianceType === 'tied') {
    tiedCovarianceInto(covariances, means, shares, options.moments);
  }
  addRidge(covariances, covarianceType, d, options.regCovar);
  const lifted = options.floor.liftInto(covariances);
  return {
    parameters: { covarianceType, nComponents: k, nFeatures: d, weights, means, covariances },
    shares,
    lifted,
    empty,
  };
}

/**
 * Component j's Q / N − (S / N)(S / N)ᵀ.
 *
 * @param out - out: (k × d × d), its part j
 * @param scatter - in: (d (d + 1) / 2) Q
 * @param shift - in: (d) S / N
 */
function fullCovarianceInto(
  out: Float64Array,
  j: number,
  scatter: Float64Array,
  count: number,
  shift: Float64Array,
): void {
  const d = shift.length;
  const offset = j * d * d;
  for (let a = 0, at = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      const value = scatter[at++] / count - shift[a] * shift[b];
      out[offset + a * d + b] = value;
      out[offset + b * d + a] = value;
    }
  }
}

/** The same on the diagonal only. */
function diagVariancesInto(
  out: Float64Array,
  j: number,
  scatter: Float64Array,
  count: number,
  shift: Float64Array,
): void {
  const d = shift.length;
  for (let a = 0; a < d; a++) out[j * d + a] = scatter[a] / count - shift[a] * shift[a];
}

/** The same, its mean over the columns. */
function sphericalVariance(scatter: number, count: number, shift: Float64Array): number {
  return (scatter / count - shift.reduce((sum, value) => sum + value * value, 0)) / shift.length;
}

/**
 * The common covariance: what the rows scatter about their grand mean, less what the components' means do.
 * Total = within + between, and the total is known from the moments: no pass need collect scatters.
 *
 * @param out - out: (d × d)
 * @param means - in: (k × d) the new means
 * @param shares - in: (k) N / Σ N
 */
function tiedCovarianceInto(
  out: Float64Array,
  means: Float64Array,
  shares: Float64Array,
  { mean, covariance }: Moments,
): void {
  const d = mean.length;
  out.set(covariance);
  for (let j = 0; j < shares.length; j++) {
    for (let a = 0; a < d; a++) {
      const deviation = shares[j] * (means[j * d + a] - mean[a]);
      for (let b = 0; b <= a; b++) out[a * d + b] -= deviation * (means[j * d + b] - mean[b]);
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) out[b * d + a] = out[a * d + b];
}

/**
 * Adds the ridge to every variance.
 *
 * @param covariances - in/out: of all components, by type
 */
export function addRidge(covariances: Float64Array, type: CovarianceType, d: number, ridge: number): void {
  if (ridge === 0) return;
  if (type === 'diag' || type === 'spherical') {
    for (let i = 0; i < covariances.length; i++) covariances[i] += ridge;
  } else {
    for (let row = 0; row < covariances.length / d; row++) covariances[row * d + (row % d)] += ridge;
  }
}

/** Whether no variance, in any direction, is below the floor or the ridge: those of an M-step are not. */
export function isWithinBounds(parameters: Parameters, { floor, regCovar }: MStepOptions): boolean {
  const { covarianceType, nFeatures: d } = parameters;
  const covariances = parameters.covariances.slice();
  if (!covariances.every(Number.isFinite) || floor.liftInto(covariances) >= 0) return false;
  if (regCovar === 0) return true;
  addRidge(covariances, covarianceType, d, -regCovar);
  if (covarianceType === 'diag' || covarianceType === 'spherical')
    return covariances.every((value) => value > 0);
  for (let offset = 0; offset < covariances.length; offset += d * d)
    if (!computeCholesky(covariances, offset, d)) return false;
  return true;
}
