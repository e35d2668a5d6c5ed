/** What the page carries for its script, as JSON: the mixture and the rows that are drawn. */

import type { CovarianceType } from '../../types.js';

/** Rows drawn, m of the n there are. */
export interface PageData {
  /** (d) names, each one line. */
  columns: string[];
  /** Column to the right at first. */
  x: number;
  /** Column upwards at first. */
  y: number;
  covarianceType: CovarianceType;
  /** (k) */
  weights: number[];
  /** (k × d) flat. */
  means: number[];
  /** Flat, shaped by type. */
  covariances: number[];
  /** n. */
  nSamples: number;
  /** Rows are fringe whose two largest probabilities differ by less. */
  fringeMargin: number;
  /** How many of all n rows are. */
  nFringe: number;
  /** (101) how many of all n rows are fringe at a margin of 0, 0.01, … 1. */
  fringeCounts: number[];
  /** (m) numbers of the drawn rows, from 0 in the order of the input, rising. */
  rows: number[];
  /** (m × d) flat. */
  values: number[];
  /** (m × k) flat, to six decimals. */
  probabilities: number[];
  /** (m) the likeliest component. */
  labels: number[];
  /** (m) the largest probability less the second largest. */
  margins: number[];
  /** Of all n rows of the one column, if there is but one: bars of area 1. */
  histogram?: { limits: number[]; heights: number[] };
}
