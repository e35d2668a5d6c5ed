/** First and second moments of weighted rows. */
export interface Moments {
  /** Σ w, for unweighted rows their number. */
  readonly totalWeight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) Σ w (x − mean)(x − mean)ᵀ / Σ w, row-major. */
  readonly covariance: Float64Array;
}
