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
  const size = isPerColumn ? d : 1;
  const units = isPerColumn ? scales : Float64Array.of(meanScale);
  const logUnits = units.map(Math.log);
  return {
    length,

    toCoordinates(out, covariances) {
      for (let j = 0, i = 0; j < k; j++)
        for (let a = 0; a < size; a++, i++) out[i] = Math.log(covariances[i]) / 2 - logUnits[a];
    },

    toCovariances(coordinates) {
      const covariances = new Float64Array(length);
      for (let j = 0, i = 0; j < k; j++) {
        for (let a = 0; a < size; a++, i++) {
          const deviation = Math.exp(coordinates[i]) * units[a];
          covariances[i] = deviation * deviation;
        }
      }
      return covariances;
    },

    gradientInto(out, inMeans, { covariances, within, meanShares, covarianceShares, shifts }) {
      for (let j = 0, i = 0; j < k; j++) {
        const ratio = meanShares[j] / covarianceShares[j];
        for (let a = 0; a < d; a++, i++) {
          const at = isPerColumn ? i : j;
          inMeans[i] = (meanShares[j] * shifts[i]) / covariances[at];
          const q = within[at] + ratio * shifts[i] * shifts[i];
          out[at] += covarianceShares[j] * (q / covariances[at] - 1);
        }
      }
    },
  };
}
