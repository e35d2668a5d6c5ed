/** EEE: one matrix for all components. */

import { triangleLength } from '../../cholesky.js';
import { createCholeskyChart } from '../cholesky-chart.js';
import { TIED_FORM } from '../dense-forms.js';
import { type Family, unconstrained } from '../family.js';

export const TIED: Family<'tied'> = {
  name: 'tied',
  letters: 'EEE',
  form: TIED_FORM,
  stream: 1,
  countParameters: (_, d) => triangleLength(d),
  ...unconstrained(TIED_FORM),
  createChart: (frame) => createCholeskyChart(TIED_FORM, frame),
};
