/** Start values of a run: given, or found on a sample of rows. */

import { withDegrees } from '../../core/degrees-of-freedom.js';
import type { KnownParameters, ModelShape, Parameters } from '../../core/parameters.js';
import { createRandom } from '../../core/random.js';
import type { InitName } from '../../types.js';
import type { MStepOptions } from '../m-step.js';
import { assignInto } from './k-means.js';
import { drawStart } from './random-start.js';
import { type StartSample, standardize, toUnits } from './sample.js';
import { estimateFromShares, type Shares } from './shares.js';

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
  /** At the M-step of the caller's shares of all rows. */
  | { readonly kind: 'shares'; readonly shares: Shares; readonly sample: StartSample }
  /** At the caller's means. */
  | { readonly kind: 'means'; readonly known: KnownParameters; readonly sample: StartSample };

/**
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
  shape: ModelShape,
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
