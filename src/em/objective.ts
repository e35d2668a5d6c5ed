/**
 * The objective that EM maximises. It decides which steps are accepted, when a run has converged and which run is best. The
 * log-likelihood is reported beside it; without a prior the two are equal.
 */

import type { Parameters } from '../core/parameters.js';

export interface Objective {
  /** @returns the objective at a mixture, from its total log-likelihood */
  evaluate(parameters: Parameters, logLikelihood: number): number;
  /**
   * Whether EM ends at a maximum of the objective. With `regCovar` it does not: the ridge is added to each estimate, and no known
   * function has its maximum there. An accelerated step judged by the objective alone would then lead past EM's end, so the gradients,
   * which include the ridge, must also show a rise.
   */
  readonly endsAtMaximum: boolean;
}

/** @param regCovar - the ridge that every M-step adds */
export function createObjective(regCovar: number): Objective {
  return { evaluate: (_, logLikelihood) => logLikelihood, endsAtMaximum: regCovar === 0 };
}
