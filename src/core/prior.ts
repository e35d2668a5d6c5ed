/**
 * The conjugate prior of a component's mean and covariance (Fraley & Raftery, Journal of Classification 24, 2007):
 *
 *   μⱼ | Σⱼ ~ N(μ_P, Σⱼ / κ)        Σⱼ ~ inverse Wishart(ν, Λ)
 *
 * With it the M-step counts N rows about x̄ with the scatter W as
 *
 *   N + ν + d + 2 rows with the scatter W + Λ + κ N / (κ + N) (x̄ − μ_P)(x̄ − μ_P)ᵀ about the mean (N x̄ + κ μ_P) / (N + κ)
 *
 * Where all components share Σ, it has the prior once: n + ν + d + 1 + k rows.
 */

import { computeCholesky, multiplyTriangleInto, triangleLength } from './cholesky.js';
import { countCovariances, type Form, storedIndex } from './covariance/form.js';
import type { FactoredMixture } from './factored-mixture.js';
import { logGamma } from './log-gamma.js';
import type { Moments } from './moments.js';

export interface Prior {
  /** κ >= 0, in rows; with 0 every mean is as likely. */
  readonly meanShrinkage: number;
  /** (d) μ_P */
  readonly mean: Float64Array;
  /** ν > d − 1 */
  readonly degreesOfFreedom: number;
  /** (d × d) Λ, positive definite */
  readonly scale: Float64Array;
}

/** Of its diagonal, added to a scale that is singular since columns depend on each other. */
const RIDGE = 1e-6;

/**
 * The default prior, as R's mclust has it for full and shared matrices: κ = 0.01, μ_P the data's mean, ν = d + 2, Λ = S / k^(2/d), S the
 * data's covariance, of n rows its unbiased estimate by n − 1: k components of that size fill the data's volume.
 */
export function createDefaultPrior({ mean, covariance, totalWeight }: Moments, k: number): Prior {
  const d = mean.length;
  // Weights may sum to less than two rows.
  const n = Math.max(totalWeight, 2);
  const scale = covariance.map((value) => (value * (n / (n - 1))) / k ** (2 / d));
  if (!computeCholesky(scale, 0, d)) for (let a = 0; a < d; a++) scale[a * d + a] *= 1 + RIDGE;
  return { meanShrinkage: 0.01, mean, degreesOfFreedom: d + 2, scale };
}

/** What the M-step makes of a pass before the prior comes in. */
export interface PassEstimate {
  /** (k) N. */
  readonly counts: Float64Array;
  /** Σ N. */
  readonly total: number;
  /** in/out: (k × d) x̄, then the means. */
  readonly means: Float64Array;
  /** in/out: stored covariances W / N, then with the prior. */
  readonly within: Float64Array;
}

/** How many rows stand behind an estimate. */
export interface RowsBehind {
  /** (k) behind each mean. */
  readonly means: Float64Array;
  /** Behind each stored covariance. */
  readonly covariances: Float64Array;
}

/**
 * Adds the prior to the estimates of a pass.
 *
 * @param part - the share of all rows that the pass was over: the prior weighs as much less
 */
export function addPrior(
  form: Form,
  prior: Prior,
  { counts, total, means, within }: PassEstimate,
  part: number,
): RowsBehind {
  const k = counts.length;
  const d = prior.mean.length;
  const size = form.covarianceSize(d);
  const shrinkage = part * prior.meanShrinkage;
  const behind: RowsBehind = {
    means: counts.map((count) => count + shrinkage),
    covariances: new Float64Array(countCovariances(form, k)),
  };
  const scale = form.fromMatrix(prior.scale, d);
  const perMean = shrinkage > 0 ? part : 0;
  for (let index = 0; index < behind.covariances.length; index++) {
    const count = form.isShared ? total : counts[index];
    const own = (form.isShared ? k : 1) * perMean;
    const rows = count + part * (prior.degreesOfFreedom + d + 1) + own;
    for (let i = 0; i < size; i++) {
      const at = index * size + i;
      within[at] = (count > 0 ? count * within[at] : 0) / rows + (part * scale[i]) / rows;
    }
    behind.covariances[index] = rows;
  }
  if (shrinkage === 0) return behind;
  const deviation = new Float64Array(d);
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < d; a++) deviation[a] = means[j * d + a] - prior.mean[a];
    const toPrior = shrinkage / behind.means[j];
    const index = storedIndex(form, j);
    const spread = (counts[j] * toPrior) / behind.covariances[index];
    form.shrinkAlong(within.subarray(index * size, (index + 1) * size), deviation, -spread);
    for (let a = 0; a < d; a++) means[j * d + a] -= toPrior * deviation[a];
  }
  return behind;
}

/**
 * The log density of the prior at a mixture, in nats. For covariances that are no matrices it is that at the matrix they stand for.
 *
 * @returns a function of mixtures of k components; -Infinity where a covariance is singular
 */
export function createLogPrior(form: Form, prior: Prior, k: number): (mixture: FactoredMixture) => number {
  const { meanShrinkage, mean, degreesOfFreedom: nu, scale } = prior;
  const d = mean.length;
  const lower = computeCholesky(scale, 0, d);
  if (!lower) throw new Error('the scale of a prior is positive definite');
  // Λ = Σ l lᵀ over the columns l of its factor.
  const columns = Array.from({ length: d }, (_, b) =>
    Float64Array.from({ length: d }, (_, a) => (a < b ? 0 : lower[triangleLength(a) + b])),
  );
  let halfLogScale = 0;
  for (let a = 0; a < d; a++) halfLogScale += Math.log(columns[a][a]);
  const wishart = nu * halfLogScale - (nu * d * Math.LN2) / 2 - logMultiGamma(nu / 2, d);
  const normal = meanShrinkage > 0 ? (d / 2) * Math.log(meanShrinkage / (2 * Math.PI)) : 0;
  const size = form.factorSize(d);
  const whitened = new Float64Array(d);
  const deviation = new Float64Array(d);
  /** ‖W v‖² */
  const distance = (whitening: Float64Array, index: number, v: Float64Array): number => {
    const own = whitening.subarray(index * size, (index + 1) * size);
    if (form.isDense) multiplyTriangleInto(whitened, own, v, 0);
    else for (let a = 0; a < d; a++) whitened[a] = own[a % size] * v[a];
    return whitened.reduce((sum, value) => sum + value * value, 0);
  };
  return ({ parameters: { means }, factors: { whitening, logDeterminants, singular } }) => {
    if (singular !== undefined) return Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let index = 0; index < logDeterminants.length; index++) {
      const trace = columns.reduce((total, column) => total + distance(whitening, index, column), 0);
      sum += wishart + (nu + d + 1) * logDeterminants[index] - trace / 2;
    }
    if (meanShrinkage === 0) return sum;
    for (let j = 0; j < k; j++) {
      const index = storedIndex(form, j);
      for (let a = 0; a < d; a++) deviation[a] = means[j * d + a] - mean[a];
      const pull = (meanShrinkage / 2) * distance(whitening, index, deviation);
      sum += normal + logDeterminants[index] - pull;
    }
    return sum;
  };
}

/** ln Γ_d(x), the multivariate gamma function. */
function logMultiGamma(x: number, d: number): number {
  let sum = ((d * (d - 1)) / 4) * Math.log(Math.PI);
  for (let a = 0; a < d; a++) sum += logGamma(x - a / 2);
  return sum;
}
