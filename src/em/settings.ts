/** How EM runs: the part of a fit's resolved options that goes to the workers with every run. Plain data. */

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
}
