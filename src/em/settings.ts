/** Options of a run of EM, as resolved by the fit and sent to the workers. Plain data. */

import type { DegreesOfFreedom } from '../core/parameters.js';
import type { Acceleration, Convergence } from '../types.js';

export interface EmSettings {
  readonly convergence: Convergence;
  readonly tol: number;
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly acceleration: Acceleration;
  readonly covarianceFloor: number;
  readonly regCovar: number;
  readonly equalWeights: boolean;
  /** Of t components; undefined for Gaussian ones. */
  readonly degreesOfFreedom?: DegreesOfFreedom | undefined;
}
