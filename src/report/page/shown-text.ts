/** The line below the chart of the rows: the number of shown rows, and of rows on the fringe. */

import { countOf, formatCount } from '../chart/counts.js';
import type { PageData } from './page-data.js';
import type { View } from './view.js';

/** @param nShown - number of rows in the chart */
export function describeShown(
  data: PageData,
  { margin, onlyFringe }: Pick<View, 'margin' | 'onlyFringe'>,
  nShown: number,
): string {
  const all = countOf(data.nSamples, 'row');
  const shown = nShown === data.nSamples ? `${all} shown` : `${formatCount(nShown)} of ${all} shown`;
  if (data.weights.length === 1) return `${shown}.`;
  // The margin of the command line need not be a step of the slider.
  const nFringe = margin === data.fringeMargin ? data.nFringe : data.fringeCounts[Math.round(margin * 100)];
  const fringe = `with a margin below ${margin}`;
  return onlyFringe
    ? `${formatCount(nShown)} of ${countOf(nFringe, 'row')} ${fringe} shown, of ${formatCount(data.nSamples)} in all.`
    : `${shown}, ${formatCount(nFringe)} of all ${fringe}.`;
}
