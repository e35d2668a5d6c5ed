/** First and second moments of weighted rows. */
export interface Moments {
  /** Σ w, for unweighted rows their number. */
  readonly totalWeight: number;
  /** (d) */
  readonly mean: Float64Array;
  /** (d × d) Σ w (x − mean)(x − mean)ᵀ / Σ w, row-major. */
  readonly covariance: Float64Array;
}

/** @returns (d) the standard deviations of the columns, in which distances are compared; 1 for a constant column */
export function scalesOf({ mean, covariance }: Moments): Float64Array {
  const d = mean.length;
  return mean.map((_, a) => Math.sqrt(covariance[a * d + a]) || 1);
}
