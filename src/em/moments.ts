/**
 * The pass that finds the data's mean and covariance: the scale by which a collapse is judged, the covariance that random
 * rows start with, and the closed form of k = 1. It is one pass with one component.
 */

import { FULL_FORM } from '../core/covariance/dense-forms.js';
import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import { createStatisticsLayout, TOTAL_WEIGHT } from '../core/statistics.js';

/**
 * The component of the pass: unit covariance about a row of the data, so that data far from zero lose no digits.
 *
 * @param origin - in: (d) any row
 */
export function momentParameters(origin: Float64Array): Parameters {
  const d = origin.length;
  const covariances = new Float64Array(d * d);
  for (let a = 0; a < d; a++) covariances[a * d + a] = 1;
  return {
    covarianceType: 'full',
    nComponents: 1,
    nFeatures: d,
    weights: Float64Array.of(1),
    means: origin.slice(),
    covariances,
  };
}

/**
 * @param statistics - in: of one `full` component about `origin`
 * @param origin - in: (d)
 */
export function computeMoments(statistics: Float64Array, origin: Float64Array): Moments {
  const d = origin.length;
  const { sums, scatters } = createStatisticsLayout(FULL_FORM, 1, d);
  const totalWeight = statistics[TOTAL_WEIGHT];
  const mean = new Float64Array(d);
  const covariance = new Float64Array(d * d);
  for (let a = 0, at = scatters; a < d; a++) {
    const shiftA = statistics[sums + a] / totalWeight;
    mean[a] = origin[a] + shiftA;
    for (let b = 0; b <= a; b++) {
      const shiftB = statistics[sums + b] / totalWeight;
      const value = statistics[at++] / totalWeight - shiftA * shiftB;
      covariance[a * d + b] = value;
      covariance[b * d + a] = value;
    }
    covariance[a * d + a] = Math.max(0, covariance[a * d + a]);
  }
  return { totalWeight, mean, covariance };
}

/** Standard deviations from the mean at which a variance, as a difference of squares, has lost half of its digits. */
const FAR_OFF = 1e4;

/**
 * Whether moments lost digits because they were taken about a point far from the mean: an outlier, or a row whose weight is tiny
 * compared with the others.
 *
 * @param origin - in: (d) the point
 */
export function isFarOff(origin: Float64Array, { mean, covariance }: Moments): boolean {
  const d = origin.length;
  return mean.some((value, a) => Math.abs(value - origin[a]) > FAR_OFF * Math.sqrt(covariance[a * d + a]));
}
