/** The chart of free variances along the columns: log (σ / s), s the data's standard deviation. */

import { DIAGONAL_FORM } from './axis-forms.js';
import type { ChartFrame, CovarianceChart } from './chart.js';
import { covarianceLength, type Form } from './form.js';

/** @param form - `diagonal` or `spherical` */
export function createDeviationChart(
  form: Form,
  { nComponents: k, nFeatures: d, scales }: ChartFrame,
): CovarianceChart {
  const length = covarianceLength(form, k, d);
  const meanScale = Math.sqrt(scales.reduce((sum, scale) => sum + scale * scale, 0) / d);
  const isPerColumn = form === DIAGONAL_FORM;
  const scaleOf = (i: number) => (isPerColumn ? scales[i % d] : meanScale);
  return {
    length,

    toCoordinates(out, covariances) {
      for (let i = 0; i < length; i++) out[i] = Math.log(covariances[i]) / 2 - Math.log(scaleOf(i));
    },

    toCovariances(coordinates) {
      return Float64Array.from({ length }, (_, i) => {
        const deviation = Math.exp(coordinates[i]) * scaleOf(i);
        return deviation * deviation;
      });
    },

    gradientInto(out, inMeans, { covariances, within, shares, shifts }) {
      for (let i = 0; i < k * d; i++) {
        const j = Math.floor(i / d);
        const at = isPerColumn ? i : j;
        inMeans[i] = (shares[j] * shifts[i]) / covariances[at];
        const q = within[at] + shifts[i] * shifts[i];
        out[at] += shares[j] * (q / covariances[at] - 1);
      }
    },
  };
}
