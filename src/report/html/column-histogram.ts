/** Bars of the only column, of all rows. */

import type { Parameters } from '../../types.js';
import { covarianceAt } from '../ellipse.js';
import { computeHeights, computeLimits } from '../histogram.js';
import type { PageData } from './page-data.js';

/** @param values - (n) the column */
export function computeHistogram(
  values: Float64Array,
  parameters: Parameters,
): NonNullable<PageData['histogram']> {
  const input = { parameters, rows: values, nSamples: values.length, x: 0 };
  const curves = Array.from(parameters.weights, (weight, j) => ({
    weight,
    mean: parameters.means[j],
    deviation: Math.sqrt(covarianceAt(parameters, j, 0, 0)),
  }));
  const limits = computeLimits(input, curves);
  return { limits, heights: computeHeights(input, limits) };
}
