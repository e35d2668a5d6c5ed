/**
 * Start values from rows that are shared out among k components, by one M-step.
 *
 * The components' covariances are drawn a little towards their common covariance, with the weight of d + 1 rows: a cluster of few
 * rows would have a singular covariance, and EM would begin with a collapse.
 */

import { countCovariances, type Form } from '../../core/covariance/form.js';
import type { Moments } from '../../core/moments.js';
import type { Parameters, PlainShape } from '../../core/parameters.js';
import { createStatisticsLayout, type StatisticsLayout } from '../../core/statistics.js';
import { copyRowsInto, type SharedRows } from '../../rows/shared-rows.js';
import { type MStepOptions, mStep } from '../m-step.js';

/** How rows are shared out among components: (n) each to one of them, or (n × k) in parts that sum to 1. */
export type Shares =
  | { readonly kind: 'labels'; readonly labels: Int32Array }
  | { readonly kind: 'responsibilities'; readonly responsibilities: Float64Array };

/** Rows between two checks whether the caller still wants the answer. */
const ROWS_AT_ONCE = 4096;

/**
 * The M-step from shares of the rows, with covariances drawn towards their common covariance.
 *
 * @param options - with the moments of these rows
 */
export function estimateFromShares(
  shape: PlainShape,
  rows: SharedRows,
  shares: Shares,
  options: MStepOptions,
  checkCancelled: () => void,
): Parameters {
  const { nComponents: k, nFeatures: d } = shape;
  const { moments, family } = options;
  const { form } = family;
  const layout = createStatisticsLayout(form, k, d);
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
  const addScatter = (x: Float64Array, offset: number, j: number, r: number): void => {
    for (let a = 0; a < d; a++) deviation[a] = x[offset + a] - means[j * d + a];
    form.addScatterInto(statistics, layout.scatters + j * layout.scatterLength, deviation, r);
  };
  if (layout.scatterLength > 0) visitShares(rows, shares, k, checkCancelled, addScatter);
  shrinkTowardsCommon(statistics, layout, k, d);
  const previous: Parameters = {
    ...shape,
    weights: new Float64Array(k).fill(1 / k),
    means,
    covariances: dataCovariances(form, moments, k),
  };
  return mStep(previous, statistics, options).mixture.parameters;
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
  const buffer = new Float64Array(Math.min(n, ROWS_AT_ONCE) * d);
  for (let first = 0; first < n; first += ROWS_AT_ONCE) {
    checkCancelled();
    const count = Math.min(ROWS_AT_ONCE, n - first);
    copyRowsInto(buffer, rows, first, count);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      const weight = sampleWeight ? sampleWeight[row] : 1;
      if (shares.kind === 'labels') {
        if (weight !== 0) visit(buffer, i * d, shares.labels[row], weight);
        continue;
      }
      for (let j = 0; j < k; j++) {
        const r = weight * shares.responsibilities[row * k + j];
        if (r !== 0) visit(buffer, i * d, j, r);
      }
    }
  }
}

/** Every component's scatter as if d + 1 rows more with the common covariance belonged to it. */
function shrinkTowardsCommon(statistics: Float64Array, layout: StatisticsLayout, k: number, d: number): void {
  const { counts, scatters, scatterLength } = layout;
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

/** The data's covariance in a form, once for each stored covariance of k components. */
export function dataCovariances(form: Form, { covariance, mean }: Moments, k: number): Float64Array {
  const one = form.fromMatrix(covariance, mean.length);
  const copies = countCovariances(form, k);
  const out = new Float64Array(copies * one.length);
  for (let j = 0; j < copies; j++) out.set(one, j * one.length);
  return out;
}
