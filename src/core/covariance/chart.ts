/**
 * Coordinates of covariances in which every point is valid, for accelerated steps; and the gradient of the log-likelihood in
 * them.
 *
 * The gradient comes with the pass (Fisher's identity). For Σ = L Lᵀ, W = L⁻¹:
 *
 *   ∂/∂L = N Wᵀ (W Q Wᵀ − I), its lower triangle
 *
 * with N and Q for each row of the data, Q = C + (μ' − μ)(μ' − μ)ᵀ about the old mean and C the covariance within the component. With a
 * prior, N and C are the M-step's with it, and the gradient is that of the objective.
 */

import type { Factors } from './factors.js';

/** What a chart is made for. */
export interface ChartFrame {
  readonly nComponents: number;
  readonly nFeatures: number;
  /** (d) standard deviations of the data: the units of the coordinates. */
  readonly scales: Float64Array;
}

/** A point whose gradient is asked for, and what a pass with it told. */
export interface ChartPoint {
  readonly coordinates: Float64Array;
  readonly covariances: Float64Array;
  /** Covariances within the components about the new means, in the family's form. */
  readonly within: Float64Array;
  /** (k) Rows behind each mean for each row of the data: N, with a prior more. */
  readonly meanShares: Float64Array;
  /** The same behind each stored covariance. */
  readonly covarianceShares: Float64Array;
  /** (k × d) μ' − μ */
  readonly shifts: Float64Array;
}

export interface CovarianceChart {
  /** Number of coordinates. */
  readonly length: number;
  /**
   * @param out - out: (length)
   * @param factors - of `covariances`, not singular
   */
  toCoordinates(out: Float64Array, covariances: Float64Array, factors: Factors): void;
  /** @returns the stored covariances; their numbers may overflow */
  toCovariances(coordinates: Float64Array): Float64Array;
  /**
   * The gradient of the log-likelihood for each row. That in the means comes along, as both need Σ⁻¹.
   *
   * @param out - out: (length) in the coordinates; zeros before
   * @param inMeans - out: (k × d) N Σ⁻¹ (μ' − μ)
   */
  gradientInto(out: Float64Array, inMeans: Float64Array, point: ChartPoint): void;
}
