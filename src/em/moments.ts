/**
 * The pass that finds the data's mean and covariance: the scale by which a collapse is judged, the covariance that random
 * rows start with, and the closed form of k = 1. It is one pass with one component.
 */

import { FULL_FORM } from '../core/covariance/dense-forms.js';
import { factorMixture } from '../core/factored-mixture.js';
import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import { createStatisticsLayout, TOTAL_WEIGHT } from '../core/statistics.js';
import { copyRowsInto, type SharedRows } from '../rows/shared-rows.js';
import type { EStep } from './run.js';

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

/** Each pass finds sixteen digits more of the way to the mean: from 1e300 to 1e-300 that is enough. */
const MOST_PASSES = 40;

/**
 * The moments of rows, by as many passes as it takes to keep their digits: one or two, unless data are very far from zero.
 *
 * @param eStep - passes of one `full` component over the rows
 */
export function measureMoments(rows: SharedRows, eStep: EStep): Moments {
  const momentsAbout = (origin: Float64Array): Moments =>
    computeMoments(eStep(factorMixture(momentParameters(origin))), origin);
  let origin: Float64Array = new Float64Array(rows.nFeatures);
  // A row that counts: about a row far away with weight 0, all others would lose their digits.
  const first = rows.sampleWeight ? rows.sampleWeight.findIndex((weight) => weight > 0) : 0;
  copyRowsInto(origin, rows, first, 1);
  let moments = momentsAbout(origin);
  // About their mean they keep all their digits; from very far away one pass does not find the mean.
  for (let again = 0; again < MOST_PASSES && isFarOff(origin, moments); again++) {
    origin = moments.mean;
    moments = momentsAbout(origin);
  }
  return moments;
}
