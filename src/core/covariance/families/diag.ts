/** VVI: a variance for each column of each component. */

import { DIAGONAL_FORM } from '../axis-forms.js';
import { createDeviationChart } from '../deviation-chart.js';
import { type Family, unconstrained } from '../family.js';

export const DIAG: Family<'diag'> = {
  name: 'diag',
  letters: 'VVI',
  form: DIAGONAL_FORM,
  stream: 2,
  countParameters: (k, d) => k * d,
  ...unconstrained(DIAGONAL_FORM),
  createChart: (frame) => createDeviationChart(DIAGONAL_FORM, frame),
};
