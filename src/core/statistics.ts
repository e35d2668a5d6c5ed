/**
 * Sufficient statistics of an E-step: one additive value, flat, so that a slot of shared memory can hold it.
 *
 *   offset            | length             | content
 *   0                 | 1                  | Σ w log p(x), the log-likelihood
 *   1                 | 1                  | Σ w ln maxⱼ r: ICL is BIC less twice this
 *   2                 | 1                  | Σ w
 *   3                 | 1                  | largest change of a responsibility (merged by max)
 *   4                 | 1                  | N₀ = Σ w r₀, the count of the noise
 *   5                 | k                  | counts N = Σ r
 *   5 + k             | k · d              | sums S = Σ r (x − μ), μ the mean in the pass
 *   5 + k + k d       | k · scatterLength  | scatters Q = Σ r (x − μ)(x − μ)ᵀ, by form
 *
 * `tied` beside noise has one Q, Σ w (1 − r₀) (x − m)(x − m)ᵀ, m = Σ π μ / Σ π: the rows' total scatter includes that of the noise.
 *
 * Student's t components: S and Q with r u in place of r, u = (ν + d) / (ν + q). `tied` has one Q, the sum over all components.
 * Then follow:
 *
 *                       | k                  | scaled counts U = Σ r u
 *                       | k                  | L = Σ r (ln u − u)
 */

import { countCovariances, type Form } from './covariance/form.js';
import type { ComponentDensity } from './parameters.js';

export const LOG_LIKELIHOOD = 0;
export const LOG_MAX_RESPONSIBILITY = 1;
export const TOTAL_WEIGHT = 2;
export const LARGEST_CHANGE = 3;
export const NOISE_COUNT = 4;
export const TOTALS_LENGTH = 5;

/** Where the parts of the statistics begin. */
export interface StatisticsLayout {
  readonly counts: number;
  readonly sums: number;
  readonly scatters: number;
  /** Length of one component's scatter; for `tied` t components and `tied` beside noise of the common one. */
  readonly scatterLength: number;
  /** U and L of t components; at the end, without length, for Gaussian ones. */
  readonly scaledCounts: number;
  readonly scaleLogs: number;
  readonly length: number;
}

export function createStatisticsLayout(
  form: Form,
  k: number,
  d: number,
  components: ComponentDensity = 'gaussian',
  hasNoise = false,
): StatisticsLayout {
  const isT = components === 't';
  const isCommon = form.isShared && (isT || hasNoise);
  const counts = TOTALS_LENGTH;
  const sums = counts + k;
  const scatters = sums + k * d;
  // A scatter has the entries of a factor. Only Gaussian components of one covariance, without noise, need none.
  const scatterLength = isT || isCommon ? form.factorSize(d) : form.scatterSize(d);
  const scaledCounts = scatters + (isT || isCommon ? countCovariances(form, k) : k) * scatterLength;
  const scaleLogs = scaledCounts + (isT ? k : 0);
  const length = scaleLogs + (isT ? k : 0);
  return { counts, sums, scatters, scatterLength, scaledCounts, scaleLogs, length };
}

/**
 * out += statistics; the largest change is the larger one.
 *
 * @param out - in/out: statistics to add to
 * @param statistics - in: of the same layout
 */
export function mergeInto(out: Float64Array, statistics: Float64Array): void {
  const change = Math.max(out[LARGEST_CHANGE], statistics[LARGEST_CHANGE]);
  for (let i = 0; i < out.length; i++) out[i] += statistics[i];
  out[LARGEST_CHANGE] = change;
}
