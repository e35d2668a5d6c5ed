/**
 * What a run of EM maximises. The loop, the acceptance of steps, the rules of convergence, and the choice between runs compare the
 * objective; the log-likelihood is reported beside it. Without a prior they are equal.
 */

import type { Parameters } from '../core/parameters.js';

export interface Objective {
  /** @returns the objective at a mixture, from its total log-likelihood */
  evaluate(parameters: Parameters, logLikelihood: number): number;
  /**
   * Whether EM ends at a maximum of the objective. With `regCovar` it does not: the ridge goes on top of each estimate, and no
   * function is known whose maximum that is. An accelerated step by the objective alone would then lead past EM's end, so it must
   * also be uphill by the gradients that include the ridge.
   */
  readonly endsAtMaximum: boolean;
}

/** @param regCovar - the ridge that every M-step adds */
export function createObjective(regCovar: number): Objective {
  return { evaluate: (_, logLikelihood) => logLikelihood, endsAtMaximum: regCovar === 0 };
}
