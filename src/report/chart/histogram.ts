/** One column of the rows as bars of area 1, and the density of every component over it, πⱼ N(x; μⱼ, σⱼ²). */

import { bisectRight, nice, ticks } from 'd3-array';
import type { Parameters } from '../../types.js';
import { countSteps, type Domain, isOneValue, padDomain } from './axis.js';
import { type Curve, createCurves, curveReach } from './curve.js';

/** Bars side by side. */
export interface Bars {
  /** Limits of the bins, in rising order: one more than there are bars. Without rows there are none. */
  limits: readonly number[];
  /** Densities, one per bar. */
  heights: readonly number[];
}

/** The bars and curves of a column. */
export interface Histogram extends Bars {
  curves: Curve[];
  /** The range that shows all of them. */
  domain: Domain;
}

const MIN_BINS = 5;
const MAX_BINS = 60;

/**
 * @param parameters - the mixture
 * @param rows - (n × d) row-major
 * @param column - index of the column
 */
export function computeHistogram(parameters: Parameters, rows: Float64Array, column: number): Histogram {
  const values = takeColumn(rows, parameters.nFeatures, column);
  const curves = createCurves(parameters, column);
  const limits = computeLimits(values, curves);
  const [low, high] = curveReach(curves);
  const first = limits[0] ?? low;
  const last = limits.at(-1) ?? high;
  return {
    limits,
    heights: computeHeights(values, limits),
    curves,
    domain: padDomain(Math.min(first, low), Math.max(last, high), 0.01),
  };
}

function takeColumn(rows: Float64Array, d: number, column: number): Float64Array {
  return d === 1 ? rows : Float64Array.from({ length: rows.length / d }, (_, i) => rows[i * d + column]);
}

/**
 * Limits of bins after Scott (1979), 3.49 σ / ∛n wide, widened to a round number. σ² is the mean variance within
 * components: the variance of all rows would measure the distance between the peaks and hide them.
 */
function computeLimits(values: Float64Array, curves: readonly Curve[]): readonly number[] {
  if (values.length === 0) return [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (isOneValue(low, high)) return padDomain(low, high, 0);
  const variance = curves.reduce((total, { weight, deviation }) => total + weight * deviation ** 2, 0);
  const nBins = (high - low) / ((3.49 * Math.sqrt(variance)) / Math.cbrt(values.length));
  const count = countSteps(low, high, Math.min(Math.max(nBins, MIN_BINS), MAX_BINS));
  const [first, last] = nice(low, high, count);
  return ticks(first, last, count);
}

/** @returns densities, so that all bars have area 1 */
function computeHeights(values: Float64Array, limits: readonly number[]): number[] {
  const nBins = Math.max(0, limits.length - 1);
  const counts = new Array<number>(nBins).fill(0);
  // A value on a limit belongs to the bin above it, the highest value to the last bin.
  for (const value of values) counts[Math.min(bisectRight(limits, value), nBins) - 1]++;
  return counts.map((count, bin) => count / values.length / (limits[bin + 1] - limits[bin]));
}
