/** A cell of a sweep: one model that was tried. */

import type { CovarianceType, FitStatus } from '../../types.js';

/** A cell of a sweep, as in the `fits` of a `Selection`. */
export interface CriterionCell {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
  /** The three criteria are absent if there is no model. */
  readonly bic?: number | undefined;
  readonly aic?: number | undefined;
  readonly icl?: number | undefined;
}
