/**
 * The scale matrices of t components, within the components:
 *
 *   Σ' = (Q − S Sᵀ / U) / N,  for `tied` both sums over all components      McLachlan & Krishnan (2008), section 5.8
 */

import { FULL_FORM } from '../core/covariance/dense-forms.js';
import type { Form, PassScatter } from '../core/covariance/form.js';

/**
 * @param out - in/out: all stored matrices; those of empty components are left
 * @param pass - with shifts S / U, and Q with the statistics' scale factors
 * @param scaledCounts - in: (k) U
 */
export function scaleMatricesInto(
  out: Float64Array,
  form: Form,
  pass: PassScatter,
  scaledCounts: Float64Array,
): void {
  const { nComponents: k, nFeatures: d, counts, shifts, empty } = pass;
  // A pass of t components collects the scatter that all share, too.
  const ofOne = form.isShared ? FULL_FORM : form;
  const size = ofOne.scatterSize(d);
  const scatters = pass.scatters.slice(0, (form.isShared ? 1 : k) * size);
  for (let j = 0; j < k; j++) {
    if (empty.includes(j)) continue;
    const at = form.isShared ? 0 : j * size;
    ofOne.addScatterInto(scatters, at, shifts.subarray(j * d, (j + 1) * d), -scaledCounts[j]);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  ofOne.withinInto(out, {
    ...pass,
    nComponents: form.isShared ? 1 : k,
    counts: form.isShared ? Float64Array.of(total) : counts,
    shifts: new Float64Array(k * d),
    scatters,
    empty: form.isShared ? [] : empty,
  });
}
