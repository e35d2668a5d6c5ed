/**
 * Rows shared out among k components, and one M-step: how most start values come about.
 *
 * The components' covariances are drawn a little towards their common one, with the weight of d + 1 rows: a
 * cluster of few rows would have a singular covariance, and EM would begin by collapsing.
 */

import type { CovarianceType } from '../../core/covariance-type.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters } from '../../core/parameters.js';
import { createStatisticsLayout } from '../../core/statistics.js';
import { copyRowsInto, type SharedRows } from '../../rows/shared-rows.js';
import { type MStepOptions, mStep } from '../m-step.js';

/** How rows are shared out among components: (n) each to one, or (n × k) in parts that sum to 1. */
export type Shares = { readonly labels: Int32Array } | { readonly responsibilities: Float64Array };

/** Rows looked at between two looks at whether the caller still wants the answer. */
const ROWS_AT_ONCE = 4096;

/**
 * M-step from shares of the rows, with covariances drawn towards their common one.
 *
 * @param options - with the moments of these rows
 */
export function estimateParameters(
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  rows: SharedRows,
  shares: Shares,
  options: MStepOptions,
  checkCancelled: () => void,
): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = frame;
  const { moments } = options;
  const layout = createStatisticsLayout(covarianceType, k, d);
  const statistics = new Float64Array(layout.length);

  // Means first, then scatters about them: nothing cancels.
  const means = new Float64Array(k * d);
  visitShares(rows, shares, k, checkCancelled, (x, at, j, r) => {
    statistics[layout.counts + j] += r;
    for (let a = 0; a < d; a++) means[j * d + a] += r * (x[at + a] - moments.mean[a]);
  });
  for (let j = 0; j < k; j++) {
    const count = statistics[layout.counts + j];
    for (let a = 0; a < d; a++)
      means[j * d + a] = moments.mean[a] + (count > 0 ? means[j * d + a] / count : 0);
  }
  const deviation = new Float64Array(d);
  // The lower triangle, the diagonal, or the trace; for `tied` nothing.
  const addScatter = (x: Float64Array, offset: number, j: number, r: number): void => {
    for (let a = 0; a < d; a++) deviation[a] = x[offset + a] - means[j * d + a];
    let at = layout.scatters + j * layout.scatterLength;
    for (let a = 0; a < d; a++) {
      for (let b = covarianceType === 'full' ? 0 : a; b <= a; b++) {
        statistics[at] += r * deviation[a] * deviation[b];
        if (covarianceType !== 'spherical') at++;
      }
    }
  };
  if (layout.scatterLength > 0) visitShares(rows, shares, k, checkCancelled, addScatter);
  shrinkTowardsCommon(statistics, covarianceType, k, d);
  const previous: Parameters = {
    ...frame,
    weights: new Float64Array(k).fill(1 / k),
    means,
    covariances: dataCovariances(covarianceType, moments, k),
  };
  return mStep(previous, statistics, options).parameters;
}

/**
 * Every share that is not 0, row by row.
 *
 * @param visit - called with rows, where in them the row begins, a component, and its share times the row's weight
 */
function visitShares(
  rows: SharedRows,
  shares: Shares,
  k: number,
  checkCancelled: () => void,
  visit: (rows: Float64Array, offset: number, component: number, share: number) => void,
): void {
  const { nSamples: n, nFeatures: d, sampleWeight } = rows;
  const labels = 'labels' in shares ? shares.labels : undefined;
  const parts = 'labels' in shares ? undefined : shares.responsibilities;
  const stretch = new Float64Array(Math.min(n, ROWS_AT_ONCE) * d);
  for (let first = 0; first < n; first += ROWS_AT_ONCE) {
    checkCancelled();
    const count = Math.min(ROWS_AT_ONCE, n - first);
    copyRowsInto(stretch, rows, first, count);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      const weight = sampleWeight ? sampleWeight[row] : 1;
      const begin = labels ? labels[row] : 0;
      const end = labels ? begin + 1 : k;
      for (let j = begin; j < end; j++) {
        const r = parts ? weight * parts[row * k + j] : weight;
        if (r !== 0) visit(stretch, i * d, j, r);
      }
    }
  }
}

/** Every component's scatter as if d + 1 rows more with the common covariance belonged to it. */
function shrinkTowardsCommon(
  statistics: Float64Array,
  type: Parameters['covarianceType'],
  k: number,
  d: number,
): void {
  const { counts, scatters, scatterLength } = createStatisticsLayout(type, k, d);
  const extra = d + 1;
  const common = new Float64Array(scatterLength);
  let total = 0;
  for (let j = 0; j < k; j++) {
    total += statistics[counts + j];
    for (let i = 0; i < scatterLength; i++) common[i] += statistics[scatters + j * scatterLength + i];
  }
  for (let j = 0; j < k; j++) {
    const count = statistics[counts + j];
    const keep = count / (count + extra);
    for (let i = 0; i < scatterLength; i++) {
      const at = scatters + j * scatterLength + i;
      statistics[at] = keep * (statistics[at] + (extra * common[i]) / total);
    }
  }
}

/** The data's covariance, shaped by type, for each of k components. */
export function dataCovariances(
  type: CovarianceType,
  { covariance, mean }: Moments,
  k: number,
): Float64Array {
  const d = mean.length;
  const variances = mean.map((_, a) => covariance[a * d + a]);
  const meanVariance = variances.reduce((sum, variance) => sum + variance, 0) / d;
  const one = { full: covariance, tied: covariance, diag: variances, spherical: [meanVariance] }[type];
  const copies = type === 'tied' ? 1 : k;
  const out = new Float64Array(copies * one.length);
  for (let j = 0; j < copies; j++) out.set(one, j * one.length);
  return out;
}
