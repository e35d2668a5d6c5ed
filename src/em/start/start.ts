/** Start values of a run: given, or found on a sample of rows. */

import { withDegrees } from '../../core/degrees-of-freedom.js';
import {
  addNoise,
  type KnownParameters,
  type ModelShape,
  type Parameters,
  type PlainShape,
} from '../../core/parameters.js';
import { createRandom } from '../../core/random.js';
import type { InitName } from '../../types.js';
import type { MStepOptions } from '../m-step.js';
import { keepDensest } from './densest-rows.js';
import { assignInto } from './k-means.js';
import { drawStart } from './random-start.js';
import { type StartSample, selectRows, standardize, toUnits } from './sample.js';
import { estimateFromShares, type Shares } from './shares.js';

/** At the M-step of the caller's shares of all rows. */
interface SharesStart {
  readonly kind: 'shares';
  readonly shares: Shares;
  readonly sample: StartSample;
}

/** How a run begins. Plain data. */
export type RunStart =
  /** At these parameters. */
  | { readonly kind: 'parameters'; readonly parameters: Parameters }
  /** At start values drawn at random; `seed` is that of the stream they are drawn from. */
  | {
      readonly kind: 'random';
      readonly init: InitName;
      readonly index: number;
      readonly seed: number;
      readonly sample: StartSample;
    }
  | SharesStart
  /** At the caller's means. */
  | { readonly kind: 'means'; readonly known: KnownParameters; readonly sample: StartSample };

/** π₀ of every start, unless the caller's labels tell it. */
export const START_NOISE = 0.05;

/** The label of a row that is noise. */
const NOISE_LABEL = -1;

/**
 * Start values. Those beside noise are found without it, on rows that are less likely to be noise.
 *
 * @param bounds - options of the M-step, but for the moments, which are those of the sample
 * @param checkCancelled - throws when the caller wants no more
 */
export function findStart(
  start: RunStart,
  shape: ModelShape,
  bounds: Omit<MStepOptions, 'moments'>,
  checkCancelled: () => void,
): Parameters {
  return withDegrees(findComponents(start, shape, bounds, checkCancelled), bounds.degreesOfFreedom);
}

/** Start values, with degrees of freedom only where these are known. */
function findComponents(
  start: RunStart,
  shape: ModelShape,
  bounds: Omit<MStepOptions, 'moments'>,
  checkCancelled: () => void,
): Parameters {
  if (start.kind === 'parameters') return start.parameters;
  const { noise, ...plain } = shape;
  if (!noise) return findPlainStart(start, plain, bounds, checkCancelled);
  if (start.kind === 'shares') {
    const { rest, weight } = leaveOutNoise(start);
    return addNoise(findPlainStart(rest, plain, bounds, checkCancelled), noise, weight);
  }
  const sample = keepDensest(start.sample, shape.nComponents);
  return addNoise(findPlainStart({ ...start, sample }, plain, bounds, checkCancelled), noise, START_NOISE);
}

/** Rows that the caller labels as noise, and their part of the weight. */
function leaveOutNoise(start: SharesStart): { rest: SharesStart; weight: number } {
  const { shares, sample } = start;
  if (shares.kind !== 'labels') return { rest: start, weight: START_NOISE };
  const { labels } = shares;
  const others = Array.from(labels.keys()).filter((row) => labels[row] !== NOISE_LABEL);
  if (others.length === labels.length) return { rest: start, weight: START_NOISE };
  const rest = selectRows(sample.rows, others);
  return {
    rest: {
      kind: 'shares',
      shares: { kind: 'labels', labels: Int32Array.from(others, (row) => labels[row]) },
      sample: rest,
    },
    weight: Math.max(0, 1 - rest.moments.totalWeight / sample.moments.totalWeight),
  };
}

function findPlainStart(
  start: Exclude<RunStart, { kind: 'parameters' }>,
  shape: PlainShape,
  bounds: Omit<MStepOptions, 'moments'>,
  checkCancelled: () => void,
): Parameters {
  const { sample } = start;
  const options = { ...bounds, moments: sample.moments };
  switch (start.kind) {
    case 'random': {
      const { init, index, seed } = start;
      return drawStart(init, index, shape, sample, createRandom(seed), options, checkCancelled);
    }
    case 'shares':
      return estimateFromShares(shape, sample.rows, start.shares, options, checkCancelled);
    case 'means':
      return startAtMeans(start.known, shape, sample, options, checkCancelled);
  }
}

/**
 * Start values where means are known: every row belongs to the nearest mean, in standard deviations of the columns, as with
 * k-means. Covariances are those of a k-means start. Weights are the shares of the rows, as if one row more belonged to each mean:
 * a mean without rows would have weight 0, and EM would not look at it.
 */
function startAtMeans(
  known: KnownParameters,
  shape: PlainShape,
  sample: StartSample,
  options: MStepOptions,
  checkCancelled: () => void,
): Parameters {
  const { nComponents: k } = shape;
  const scaled = standardize(sample);
  const labels = new Int32Array(scaled.n);
  assignInto(labels, new Float64Array(scaled.n), scaled, toUnits(known.means, sample.moments));
  checkCancelled();
  const shares: Shares = { kind: 'labels', labels };
  const estimated = estimateFromShares(shape, sample.rows, shares, options, checkCancelled);
  const oneMore = 1 / scaled.n;
  return {
    ...estimated,
    weights: known.weights ?? estimated.weights.map((weight) => (weight + oneMore) / (1 + k * oneMore)),
    means: known.means,
    covariances: known.covariances ?? estimated.covariances,
    ...(known.degreesOfFreedom && { degreesOfFreedom: known.degreesOfFreedom }),
  };
}
