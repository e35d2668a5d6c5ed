/**
 * M-step: statistics → parameters.
 *
 *   π = N / Σ N,  μ' = μ + S / N,  Σ' = Q / N − (S / N)(S / N)ᵀ + regCovar · I      Bishop, PRML (2006), eq. 9.24–9.27
 *
 * As S and Q are about the current means, nothing cancels where data are far from zero.
 */

import { triangleLength } from '../core/covariance-type.js';
import { createStatisticsLayout } from '../core/statistics.js';
import type { Parameters } from '../types.js';
import type { CovarianceFloor } from './covariance-floor.js';

/** What shapes an M-step beside the statistics. */
export interface MStepOptions {
  readonly floor: CovarianceFloor;
  /** Added to every variance. */
  readonly regCovar: number;
  /** Whether every mixing weight is held at 1/k. */
  readonly equalWeights: boolean;
}

/** New parameters and what had to be done to them. */
export interface MStepResult {
  readonly parameters: Parameters;
  /** First component whose covariance was lifted to the floor, or −1. */
  readonly lifted: number;
  /** Components without rows; they keep their old mean and covariance. */
  readonly empty: readonly number[];
}

/** A component with less than this share of all rows is empty: its share is rounding, not rows. */
const EMPTY_SHARE = 1e-12;

/**
 * @param previous - the parameters that the pass was run with
 * @param statistics - in: as in core/statistics
 */
export function mStep(previous: Parameters, statistics: Float64Array, options: MStepOptions): MStepResult {
  const { covarianceType, nComponents: k, nFeatures: d } = previous;
  const layout = createStatisticsLayout(covarianceType, k, d);
  const weights = new Float64Array(k);
  const means = previous.means.slice();
  const covariances = previous.covariances.slice();
  const empty: number[] = [];

  let total = 0;
  for (let j = 0; j < k; j++) total += statistics[layout.counts + j];
  for (let j = 0; j < k; j++) {
    const count = statistics[layout.counts + j];
    weights[j] = options.equalWeights ? 1 / k : count / total;
    if (!(count > EMPTY_SHARE * total)) {
      empty.push(j);
      continue;
    }
    const shift = statistics
      .subarray(layout.sums + j * d, layout.sums + (j + 1) * d)
      .map((sum) => sum / count);
    for (let a = 0; a < d; a++) means[j * d + a] += shift[a];
    const offset = j * d * d;
    for (let a = 0, at = layout.scatters + j * triangleLength(d); a < d; a++) {
      for (let b = 0; b <= a; b++) {
        const value = statistics[at++] / count - shift[a] * shift[b];
        covariances[offset + a * d + b] = value;
        covariances[offset + b * d + a] = value;
      }
      covariances[offset + a * d + a] += options.regCovar;
    }
  }
  const lifted = options.floor.liftInto(covariances);
  return {
    parameters: { covarianceType, nComponents: k, nFeatures: d, weights, means, covariances },
    lifted,
    empty,
  };
}
