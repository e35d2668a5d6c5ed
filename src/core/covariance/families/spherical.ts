/** VII: one variance for each component. */

import { SPHERICAL_FORM } from '../axis-forms.js';
import { createDeviationChart } from '../deviation-chart.js';
import { type Family, unconstrained } from '../family.js';

export const SPHERICAL: Family<'spherical'> = {
  name: 'spherical',
  letters: 'VII',
  form: SPHERICAL_FORM,
  stream: 3,
  countParameters: (k) => k,
  ...unconstrained(SPHERICAL_FORM),
  createChart: (frame) => createDeviationChart(SPHERICAL_FORM, frame),
};
