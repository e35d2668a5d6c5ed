/** A cell of a sweep: one model that was tried. */

import type { FittedCell } from '../../results.js';
import type { Criterion } from '../../types.js';

/** A cell of a sweep, as in the `fits` of a `Selection`. The criteria are absent if there is no model. */
export interface CriterionCell
  extends Pick<FittedCell, 'nComponents' | 'covarianceType' | 'status' | Criterion> {
  /** Whether the model has noise; default false. */
  readonly hasNoise?: boolean | undefined;
}
