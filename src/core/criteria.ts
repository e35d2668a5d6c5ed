/** Criteria that weigh the fit of a model against its size: BIC, AIC, ICL. Lower is better. */

/** The three criteria of one model on one data set. */
export interface Criteria {
  /** −2 ll + p ln n. Schwarz, 1978. */
  readonly bic: number;
  /** −2 ll + 2 p. Akaike, 1974. */
  readonly aic: number;
  /** bic − 2 Σᵢ ln maxⱼ rᵢⱼ. Biernacki, Celeux, Govaert, 2000. */
  readonly icl: number;
}

/**
 * @param logLikelihood - total, in nats
 * @param logMaxResponsibility - Σᵢ ln maxⱼ rᵢⱼ, <= 0
 * @param nParameters - free parameters
 * @param n - rows, or the sum of their weights
 */
export function computeCriteria(
  logLikelihood: number,
  logMaxResponsibility: number,
  nParameters: number,
  n: number,
): Criteria {
  const bic = -2 * logLikelihood + nParameters * Math.log(n);
  return { bic, aic: -2 * logLikelihood + 2 * nParameters, icl: bic - 2 * logMaxResponsibility };
}
