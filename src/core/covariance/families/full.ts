/** VVV: a matrix for each component, without constraint. */

import { triangleLength } from '../../cholesky.js';
import { createCholeskyChart } from '../cholesky-chart.js';
import { FULL_FORM } from '../dense-forms.js';
import { type Family, unconstrained } from '../family.js';

export const FULL: Family<'full'> = {
  name: 'full',
  letters: 'VVV',
  form: FULL_FORM,
  stream: 0,
  countParameters: (k, d) => k * triangleLength(d),
  ...unconstrained(FULL_FORM),
  createChart: (frame) => createCholeskyChart(FULL_FORM, frame),
};
