/**
 * The objective that EM maximises: the log-likelihood, with a prior plus its log density. It decides which steps are accepted, when a run
 * has converged and which run is best.
 */

import type { FactoredMixture } from '../core/factored-mixture.js';

export interface Objective {
  /** @returns the objective at a mixture, from its total log-likelihood */
  evaluate(mixture: FactoredMixture, logLikelihood: number): number;
  /**
   * Whether EM ends at a maximum of the objective. With `regCovar` it does not: the ridge is added to each estimate, and no known
   * function has its maximum there. An accelerated step judged by the objective alone would then lead past EM's end, so the gradients,
   * which include the ridge, must also show a rise.
   */
  readonly endsAtMaximum: boolean;
}

/**
 * @param regCovar - the ridge that every M-step adds
 * @param logPrior - from `createLogPrior`; undefined for maximum likelihood
 */
export function createObjective(
  regCovar: number,
  logPrior?: (mixture: FactoredMixture) => number,
): Objective {
  return {
    evaluate: (mixture, logLikelihood) => (logPrior ? logLikelihood + logPrior(mixture) : logLikelihood),
    endsAtMaximum: regCovar === 0,
  };
}
