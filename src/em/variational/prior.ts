/** The prior of a variational mixture, as resolved by the fit and sent to the workers. Plain data. */

import type { WeightPrior } from '../../types.js';

export interface VariationalPrior {
  readonly weightPrior: WeightPrior;
  /** γ > 0 of the Dirichlet process, or of every component of a Dirichlet distribution. */
  readonly concentration: number;
  /** β₀ > 0, in rows: the precision of the means about `mean`. */
  readonly meanPrecision: number;
  /** (d) m₀ */
  readonly mean: Float64Array;
  /** ν₀ > d − 1 */
  readonly degreesOfFreedom: number;
  /** W₀⁻¹: one stored covariance, positive definite. */
  readonly covariance: Float64Array;
}
