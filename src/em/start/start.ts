/** Start values: a sample of rows, shared out among k components in one of four ways or about given means, and one M-step. */

import { Matrix, QrDecomposition } from 'ml-matrix';
import type { CovarianceType } from '../../core/covariance-type.js';
import type { Moments } from '../../core/moments.js';
import type { KnownParameters, Parameters } from '../../core/parameters.js';
import type { Random } from '../../core/random.js';
import type { SharedRows } from '../../rows/shared-rows.js';
import type { InitName } from '../../types.js';
import { addRidge, type MStepOptions } from '../m-step.js';
import { assignInto, computeKMeans, seedCenters, type WeightedRows } from './k-means.js';
import { dataCovariances, estimateParameters, type Shares } from './shares.js';

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
  let shares: Shares;
  if (init === 'random') {
    const responsibilities = new Float64Array(scaled.n * k);
    for (let i = 0; i < scaled.n; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += responsibilities[i * k + j] = random.uniform();
      for (let j = 0; j < k; j++) responsibilities[i * k + j] /= sum;
    }
    shares = { responsibilities };
  } else {
    const labels = new Int32Array(scaled.n);
    if (init === 'k-means++') {
      assignInto(labels, new Float64Array(scaled.n), scaled, seedCenters(scaled, k, random));
    } else {
      const rows = index % 2 === 0 && index > 0 ? stretch(scaled, random) : scaled;
      const some = index > 0 ? drawRows(rows, SUBSET_ROWS * k, random) : rows;
      assignInto(labels, new Float64Array(rows.n), rows, computeKMeans(some, k, random, checkCancelled));
    }
    shares = { labels };
  }
  checkCancelled();
  return estimateParameters(frame, asSharedRows(sample, d), shares, options, checkCancelled);
}

function asSharedRows({ rows, sampleWeight }: StartSample, d: number): SharedRows {
  const nSamples = rows.length / d;
  return { nSamples, nFeatures: d, chunkRows: Math.max(1, nSamples), chunks: [rows], sampleWeight };
}

/**
 * Start values where means are known: every row belongs to the nearest one, in standard deviations of the columns, as
 * with k-means. Covariances are those of a k-means start, the weights the shares of the rows, as if one row more
 * belonged to each mean: one without rows would have weight 0, and EM would not look at it.
 */
export function computeStartAtMeans(
  known: KnownParameters,
  frame: Pick<Parameters, 'covarianceType' | 'nComponents' | 'nFeatures'>,
  sample: StartSample,
  options: MStepOptions,
  checkCancelled: () => void,
): Parameters {
  const { nComponents: k, nFeatures: d } = frame;
  const { moments } = sample;
  const scaled = standardize(sample, d);
  const labels = new Int32Array(scaled.n);
  assignInto(labels, new Float64Array(scaled.n), scaled, toUnits(known.means, moments));
  checkCancelled();
  const estimated = estimateParameters(frame, asSharedRows(sample, d), { labels }, options, checkCancelled);
  const oneMore = 1 / scaled.n;
  return {
    ...estimated,
    weights: known.weights ?? estimated.weights.map((weight) => (weight + oneMore) / (1 + k * oneMore)),
    means: known.means,
    covariances: known.covariances ?? estimated.covariances,
  };
}

/** Rows about the mean in units of each column's standard deviation; of a constant column all are 0. */
function toUnits(rows: Float64Array, { mean, covariance }: Moments): Float64Array {
  const d = mean.length;
  const out = new Float64Array(rows.length);
  for (let a = 0; a < d; a++) {
    const scale = covariance[a * d + a] > 0 ? 1 / Math.sqrt(covariance[a * d + a]) : 0;
    for (let i = a; i < rows.length; i += d) out[i] = (rows[i] - mean[a]) * scale;
  }
  return out;
}

/** Rows about the mean in units of each column's standard deviation: no column outweighs another by its unit. */
function standardize(sample: StartSample, d: number): WeightedRows {
  const n = sample.rows.length / d;
  const rows = toUnits(sample.rows, sample.moments);
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
