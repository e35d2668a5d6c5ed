/**
 * The update of the posterior from the rows of each component: their number N, mean x̄ and covariance C about it.
 *
 *   m = (β₀ m₀ + N x̄) / β
 *   W⁻¹ = W₀⁻¹ + N C + β₀ N / β (x̄ − m₀)(x̄ − m₀)ᵀ            Bishop, PRML (2006), eq. 10.60–10.63
 *
 * A form takes of each matrix the part that it stores: all, the diagonal, or the mean of the diagonal. One covariance for all has
 * the mean over components in place of N C and of the last term. (As in scikit-learn's BayesianGaussianMixture.)
 */

import { formOf } from '../../core/covariance/families.js';
import { type Form, storedIndex } from '../../core/covariance/form.js';
import type { Moments } from '../../core/moments.js';
import type { ModelShape, Parameters } from '../../core/parameters.js';
import { createStatisticsLayout } from '../../core/statistics.js';
import { degreesOf, expectWeights, type Posterior } from './posterior.js';
import type { VariationalPrior } from './prior.js';

/** What is known of the rows of each component. */
export interface ComponentRows {
  /** (k) N */
  readonly counts: Float64Array;
  /** (k × d) x̄ */
  readonly means: Float64Array;
  /** (k × d) x̄ − μ, μ the means of the pass. */
  readonly shifts: Float64Array;
  /** C, in the form of the family. */
  readonly within: Float64Array;
}

/** A smaller count is 0: the quotients of such sums have no digits. */
const LEAST_COUNT = 1e-250;

/**
 * @param before - the point estimate of the posterior that the pass was run with
 * @param statistics - in: as in core/statistics
 */
export function summarizePass(before: Parameters, statistics: Float64Array, moments: Moments): ComponentRows {
  const { covarianceType, nComponents: k, nFeatures: d } = before;
  const form = formOf(covarianceType);
  const layout = createStatisticsLayout(form, k, d);
  const counts = statistics.slice(layout.counts, layout.sums);
  const means = before.means.slice();
  const shifts = new Float64Array(k * d);
  const empty: number[] = [];
  let total = 0;
  for (let j = 0; j < k; j++) {
    if (!(counts[j] > LEAST_COUNT)) {
      counts[j] = 0;
      empty.push(j);
      continue;
    }
    total += counts[j];
    for (let i = j * d; i < (j + 1) * d; i++) {
      shifts[i] = statistics[layout.sums + i] / counts[j];
      means[i] += shifts[i];
    }
  }
  const within = before.covariances.slice();
  const shares = counts.map((count) => count / total);
  const scatters = statistics.subarray(layout.scatters);
  form.withinInto(within, {
    ...{ nComponents: k, nFeatures: d, counts, shares, shifts, scatters, means, moments, empty },
  });
  return { counts, means, shifts, within };
}

/** Start values as if the components had rows with these shares, means and covariances. */
export function rowsOfStart(start: Parameters, { totalWeight }: Moments): ComponentRows {
  const { weights, means, covariances } = start;
  const counts = weights.map((weight) => weight * totalWeight);
  return { counts, means, shifts: new Float64Array(means.length), within: covariances };
}

export function updatePosterior(prior: VariationalPrior, shape: ModelShape, rows: ComponentRows): Posterior {
  const { covarianceType, nComponents: k, nFeatures: d } = shape;
  const { counts, means, within } = rows;
  const form = formOf(covarianceType);
  const size = form.covarianceSize(d);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const pooled = form.isShared ? k : 1;
  const covariances = within.map(
    (value, i) => ((form.isShared ? total : counts[Math.floor(i / size)]) * value) / pooled,
  );
  const newMeans = new Float64Array(k * d);
  for (let j = 0; j < k; j++) {
    const precision = prior.meanPrecision + counts[j];
    const pull = prior.meanPrecision / precision;
    const offset = new Float64Array(d);
    for (let a = 0; a < d; a++) {
      offset[a] = means[j * d + a] - prior.mean[a];
      newMeans[j * d + a] = means[j * d + a] - pull * offset[a];
    }
    const outer = outerOf(form, offset);
    const at = storedIndex(form, j) * size;
    for (let i = 0; i < size; i++) covariances[at + i] += (pull * counts[j] * outer[i]) / pooled;
  }
  for (let at = 0; at < covariances.length; at += size) {
    const degrees = degreesOf(prior, shape, counts, at / size);
    for (let i = 0; i < size; i++)
      covariances[at + i] = (covariances[at + i] + prior.covariance[i]) / degrees;
  }
  const weights = expectWeights(prior, counts);
  const parameters = { covarianceType, nComponents: k, nFeatures: d, weights, means: newMeans, covariances };
  return { counts, parameters };
}

/** The part of v vᵀ that a form stores. */
export function outerOf(form: Form, vector: Float64Array): Float64Array {
  const d = vector.length;
  const matrix = new Float64Array(d * d);
  for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) matrix[a * d + b] = vector[a] * vector[b];
  return form.fromMatrix(matrix, d);
}
