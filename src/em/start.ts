/**
 * Start values: a sample of rows, shared out among k components in one of four ways, and one M-step.
 *
 * The components' covariances are drawn a little towards their common one, with the weight of d + 1 rows: a
 * cluster of few rows would have a singular covariance, and EM would begin by collapsing.
 */

import { Matrix, QrDecomposition } from 'ml-matrix';
import type { Random } from '../core/random.js';
import { createStatisticsLayout } from '../core/statistics.js';
import type { CovarianceType, InitName, Parameters } from '../types.js';
import { assignInto, computeKMeans, seedCenters, type WeightedRows } from './k-means.js';
import { addRidge, type MStepOptions, mStep } from './m-step.js';
import type { Moments } from './moments.js';

/** What start values are drawn from. */
export interface StartSample {
  /** (n × d) row-major. */
  readonly rows: Float64Array;
  /** (n) or undefined for none. */
  readonly sampleWeight: Float64Array | undefined;
  readonly moments: Moments;
}

/**
 * @param index - of the start: the first k-means is the usual one, later ones are varied
 * @param frame - covariance type, k and d
 * @param checkCancelled - throws when the caller wants no more
 */
export function computeStart(
  init: InitName,
  index: number,
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  sample: StartSample,
  random: Random,
  options: MStepOptions,
  checkCancelled: () => void,
): Parameters {
  const { nComponents: k, nFeatures: d } = frame;
  if (init === 'random-rows') return startAtRandomRows(frame, sample, random, options);

  const scaled = standardize(sample, d);
  const responsibilities = new Float64Array(scaled.n * k);
  if (init === 'random') {
    for (let i = 0; i < scaled.n; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += responsibilities[i * k + j] = random.uniform();
      for (let j = 0; j < k; j++) responsibilities[i * k + j] /= sum;
    }
  } else {
    const labels = new Int32Array(scaled.n);
    if (init === 'k-means++') {
      assignInto(labels, new Float64Array(scaled.n), scaled, seedCenters(scaled, k, random));
    } else {
      const rows = index % 2 === 0 && index > 0 ? stretch(scaled, random) : scaled;
      const some = index > 0 ? drawRows(rows, SUBSET_ROWS * k, random) : rows;
      assignInto(labels, new Float64Array(rows.n), rows, computeKMeans(some, k, random, checkCancelled));
    }
    labels.forEach((label, i) => {
      responsibilities[i * k + label] = 1;
    });
  }
  checkCancelled();
  return estimateParameters(frame, sample, scaled.weights, responsibilities, options);
}

/** Rows about the mean in units of each column's standard deviation: no column outweighs another by its unit. */
function standardize(sample: StartSample, d: number): WeightedRows {
  const { mean, covariance } = sample.moments;
  const n = sample.rows.length / d;
  const rows = new Float64Array(n * d);
  for (let a = 0; a < d; a++) {
    const scale = covariance[a * d + a] > 0 ? 1 / Math.sqrt(covariance[a * d + a]) : 0;
    for (let i = 0; i < n; i++) rows[i * d + a] = (sample.rows[i * d + a] - mean[a]) * scale;
  }
  return { n, d, rows, weights: sample.sampleWeight ?? new Float64Array(n).fill(1) };
}

/**
 * Rows of a later k-means a component. k-means of the same rows finds the same clusters from almost any seeds, and
 * ten starts that are one start find one optimum; from so few rows it finds other good ones.
 */
const SUBSET_ROWS = 25;

/** Spread of the logarithm of the stretching factors: most between a third and three times. */
const STRETCH = 0.5;

/** The rows in another metric: turned at random, each direction stretched by a random factor. */
function stretch({ n, d, rows, weights }: WeightedRows, random: Random): WeightedRows {
  const normal = new Matrix(d, d);
  for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) normal.set(a, b, random.normal());
  const turn = new QrDecomposition(normal).orthogonalMatrix;
  const map = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    const factor = Math.exp(STRETCH * random.normal());
    for (let b = 0; b < d; b++) map[a * d + b] = factor * turn.get(a, b);
  }
  const stretched = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      let sum = 0;
      for (let b = 0; b < d; b++) sum += map[a * d + b] * rows[i * d + b];
      stretched[i * d + a] = sum;
    }
  }
  return { n, d, rows: stretched, weights };
}

/** `size` rows at random, the same one perhaps twice; all where there are no more. */
function drawRows(all: WeightedRows, size: number, random: Random): WeightedRows {
  const { n, d, rows, weights } = all;
  if (size >= n) return all;
  const drawn = { n: size, d, rows: new Float64Array(size * d), weights: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    const row = random.below(n);
    drawn.rows.set(rows.subarray(row * d, (row + 1) * d), i * d);
    drawn.weights[i] = weights[row];
  }
  return drawn;
}

/** M-step from responsibilities: (n × k), each row summing to 1. */
function estimateParameters(
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  sample: StartSample,
  weights: Float64Array,
  responsibilities: Float64Array,
  options: MStepOptions,
): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = frame;
  const { rows, moments } = sample;
  const n = weights.length;
  const layout = createStatisticsLayout(covarianceType, k, d);
  const statistics = new Float64Array(layout.length);

  // Means first, then scatters about them: nothing cancels.
  const means = new Float64Array(k * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) {
      const r = weights[i] * responsibilities[i * k + j];
      if (r === 0) continue;
      statistics[layout.counts + j] += r;
      for (let a = 0; a < d; a++) means[j * d + a] += r * (rows[i * d + a] - moments.mean[a]);
    }
  }
  for (let j = 0; j < k; j++) {
    const count = statistics[layout.counts + j];
    for (let a = 0; a < d; a++)
      means[j * d + a] = moments.mean[a] + (count > 0 ? means[j * d + a] / count : 0);
  }
  const deviation = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) {
      const r = weights[i] * responsibilities[i * k + j];
      if (r === 0) continue;
      for (let a = 0; a < d; a++) deviation[a] = rows[i * d + a] - means[j * d + a];
      let at = layout.scatters + j * layout.scatterLength;
      for (let a = 0; a < d; a++) {
        // The lower triangle, the diagonal, or the trace; for `tied` nothing.
        const from = covarianceType === 'full' ? 0 : a;
        for (let b = from; b <= a && layout.scatterLength > 0; b++) {
          statistics[at] += r * deviation[a] * deviation[b];
          if (covarianceType !== 'spherical') at++;
        }
      }
    }
  }
  shrinkTowardsCommon(statistics, covarianceType, k, d);
  const previous: Parameters = {
    ...frame,
    weights: new Float64Array(k).fill(1 / k),
    means,
    covariances: dataCovariances(covarianceType, moments, k),
  };
  return mStep(previous, statistics, options).parameters;
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
function dataCovariances(type: CovarianceType, { covariance, mean }: Moments, k: number): Float64Array {
  const d = mean.length;
  const variances = mean.map((_, a) => covariance[a * d + a]);
  const meanVariance = variances.reduce((sum, variance) => sum + variance, 0) / d;
  const one = { full: covariance, tied: covariance, diag: variances, spherical: [meanVariance] }[type];
  const copies = type === 'tied' ? 1 : k;
  const out = new Float64Array(copies * one.length);
  for (let j = 0; j < copies; j++) out.set(one, j * one.length);
  return out;
}

/** k different rows of positive weight as means, the data's covariance, equal weights. */
function startAtRandomRows(
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  sample: StartSample,
  random: Random,
  options: MStepOptions,
): Parameters {
  const { nComponents: k, nFeatures: d } = frame;
  const all = Array.from({ length: sample.rows.length / d }, (_, i) => i);
  const rows = all.filter((i) => sample.sampleWeight?.[i] !== 0);
  // The first k of a random permutation (Fisher–Yates).
  const means = new Float64Array(k * d);
  for (let j = 0; j < k; j++) {
    const other = j + random.below(rows.length - j);
    [rows[j], rows[other]] = [rows[other], rows[j]];
    means.set(sample.rows.subarray(rows[j] * d, (rows[j] + 1) * d), j * d);
  }
  const covariances = dataCovariances(frame.covarianceType, sample.moments, k);
  addRidge(covariances, frame.covarianceType, d, options.regCovar);
  options.floor.liftInto(covariances);
  return { ...frame, weights: new Float64Array(k).fill(1 / k), means, covariances };
}

/** One component: the data's mean and covariance, which is the maximum for k = 1. */
export function parametersOfMoments(covarianceType: CovarianceType, moments: Moments): Parameters {
  return {
    covarianceType,
    nComponents: 1,
    nFeatures: moments.mean.length,
    weights: Float64Array.of(1),
    means: moments.mean,
    covariances: dataCovariances(covarianceType, moments, 1),
  };
}
