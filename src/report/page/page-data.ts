/** The data of a page for its script, written as JSON: the mixture, and the rows that are drawn. */

import type { FormName } from '../../core/covariance/form.js';
import type { Bars } from '../chart/histogram.js';

/** The mixture, and m of its n rows. */
export interface PageData {
  /** (d) names, each one line. */
  columns: string[];
  /** Column to the right when the page opens. */
  x: number;
  /** Column upwards when the page opens. */
  y: number;
  /** How `covariances` are stored. */
  form: FormName;
  /** (k) */
  weights: number[];
  /** (k × d) flat. */
  means: number[];
  /** Flat. */
  covariances: number[];
  /** (k) of t components. */
  degreesOfFreedom?: number[];
  /** n. */
  nSamples: number;
  /** Rows whose two largest probabilities differ by less are on the fringe. */
  fringeMargin: number;
  /** Number of rows on the fringe, of all n. */
  nFringe: number;
  /** (101) number of rows on the fringe, of all n, at margins of 0, 0.01, … 1. */
  fringeCounts: number[];
  /** (m) numbers of the drawn rows in rising order; the first row of the input is 0. */
  rows: number[];
  /** (m × d) flat. */
  values: number[];
  /** (m × k) flat, to six decimals. */
  probabilities: number[];
  /** Whether the rest of a row's probabilities to 1 is that of noise. */
  hasNoise: boolean;
  /** (m) the likeliest component, −1 for noise. */
  labels: number[];
  /** (m) the largest probability less the second largest. */
  margins: number[];
  /** All n rows as bars of area 1, if there is only one column. */
  histogram?: Bars;
}
