/** A new place for an empty component. */

import { componentShare, type Parameters } from '../core/parameters.js';
import type { MStepOptions, MStepResult } from './m-step.js';

/**
 * Puts an empty component at a row, with the mean covariance of the other components and, unless weights are held equal, the
 * weight of an average component.
 *
 * @param empty - the component
 * @param row - in: (d) the row that is explained worst
 */
export function restartComponent(
  { mixture: { parameters }, shares }: MStepResult,
  empty: number,
  row: Float64Array,
  { family, equalWeights }: Pick<MStepOptions, 'family' | 'equalWeights'>,
): Parameters {
  const { nComponents: k, nFeatures: d } = parameters;
  const all = componentShare(parameters);
  const weights = parameters.weights.map((weight, j) =>
    equalWeights || j === empty ? all / k : (weight * (k - 1)) / k,
  );
  const means = parameters.means.slice();
  means.set(row, empty * d);
  const covariances = parameters.covariances.slice();
  if (!family.form.isShared) {
    const size = family.form.covarianceSize(d);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) if (j !== empty) sum += (shares[j] / all) * covariances[j * size + i];
      covariances[empty * size + i] = sum;
    }
  }
  const estimated = family.estimate({ covariances, counts: weights, nFeatures: d });
  return { ...parameters, weights, means, covariances: estimated };
}
