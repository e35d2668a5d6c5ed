/**
 * A mixture as a picture of one of its columns: a histogram of the rows, scaled to area 1, under the density of
 * every component, πⱼ N(x; μⱼ, σⱼ²), and of their sum. Fringe rows are ticks on the axis.
 */

import {
  type Canvas,
  createElement,
  createHaloText,
  createMark,
  INK,
  type Mark,
  openCanvas,
} from './canvas.js';
import { createComponentItems, describeFringe, numberSize } from './component-marks.js';
import { createColumn, takeValues } from './coordinate.js';
import { covarianceAt } from './ellipse.js';
import { drawFrame, type LegendItem } from './frame.js';
import { formatCount, plural, type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { type ComponentColour, createComponentColours } from './palette.js';
import { type RowSelection, selectRows } from './selection.js';
import { computeBinLimits, isOneValue, padDomain } from './ticks.js';

const BAR_COLOUR = '#dcdcdc';
const MIN_BINS = 5;
const MAX_BINS = 60;
/** Standard deviations to either side of a mean that the axis shows. */
const REACH = 2.5;
/** Points of a component's curve: 0.1 standard deviations apart, out to 4. */
const CURVE_STEPS = 80;
/** Evenly spaced points of the sum's curve, besides those of the components. */
const SUM_STEPS = 200;
/** A density higher than this many times the highest bar is cut off, or a spike would flatten all else. */
const MAX_OVER_BARS = 3;
/** Places on the axis that a fringe tick can have: some two a pixel, more would only cover each other. */
const TICK_PLACES = 1_000;

/** The part of the input that bars and curves are made from. */
export type HistogramRows = Pick<ResolvedInput, 'parameters' | 'rows' | 'nSamples'>;

/** One Gaussian of one column. */
interface Curve {
  weight: number;
  mean: number;
  deviation: number;
}

/** A column's bars and curves, before anything is drawn. */
export interface Histogram {
  /** Limits of adjacent bins, one more than there are bars. */
  limits: number[];
  /** Densities of the bars. */
  heights: number[];
  curves: Curve[];
  /** What the axis to the right has to show. */
  domain: [number, number];
}

/**
 * Draws one column (`x`) of the rows with the components' densities of that column.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, what to draw; `y` is not read
 * @returns a self-contained SVG document
 * @throws GmmError `MISSING_DEPENDENCY` without @observablehq/plot and linkedom; `INVALID_OPTION` or
 *   `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 */
export async function histogramSvg(input: ScatterInput): Promise<string> {
  const resolved = resolveInput(input);
  return drawHistogram(await openCanvas(), resolved);
}

/**
 * @param canvas - where it is drawn
 * @param input - what is drawn
 * @returns a self-contained SVG document
 */
export function drawHistogram(canvas: Canvas, input: ResolvedInput): string {
  const { parameters, nSamples, x, width, height } = input;
  // Bars and ticks are no more for more rows: all of them are shown.
  const selection = selectRows(input, nSamples);
  const colours = createComponentColours(parameters.nComponents);
  const histogram = computeHistogram(input, x);
  const fringe = takeValues(input, selection.fringe, createColumn(input, x));
  const ticks = thinTicks(fringe, histogram.domain);
  const { marks, top } = createHistogramMarks(canvas, histogram, histogram.domain, ticks, colours);
  const name = input.columns[x];
  return drawFrame(
    canvas,
    {
      title: input.title ?? `Density of ${name}`,
      subtitle: input.subtitle,
      description:
        `Histogram of ${plural(nSamples, 'row')}, ${formatCount(selection.nFringe)} of them fringe, ` +
        `with the densities of ${plural(parameters.nComponents, 'Gaussian component')} and their sum.`,
      width,
      height,
      xDomain: histogram.domain,
      yDomain: [0, top],
      xLabel: name,
      yLabel: 'density',
      legend: histogramLegend(canvas, input, selection, colours),
    },
    marks,
  );
}

/**
 * @param input - the mixture and rows
 * @param column - which column
 * @returns its bars and curves
 */
export function computeHistogram(input: HistogramRows, column: number): Histogram {
  const { nComponents, nFeatures, means, weights } = input.parameters;
  const curves = Array.from({ length: nComponents }, (_, j): Curve => {
    const deviation = Math.sqrt(covarianceAt(input.parameters, j, column, column));
    return { weight: weights[j], mean: means[j * nFeatures + column], deviation };
  });
  const limits = computeLimits(input, column, curves);
  const reaches = curves.flatMap(({ mean, deviation }) => [
    mean - REACH * deviation,
    mean + REACH * deviation,
  ]);
  const first = limits[0] ?? Number.POSITIVE_INFINITY;
  const last = limits.at(-1) ?? Number.NEGATIVE_INFINITY;
  return {
    limits,
    heights: computeHeights(input, column, limits),
    curves,
    domain: padDomain(Math.min(first, ...reaches), Math.max(last, ...reaches), 0.01),
  };
}

/**
 * @param canvas - where it is drawn
 * @param histogram - bars and curves
 * @param domain - range of the axis to the right
 * @param ticks - values to mark on the axis
 * @param colours - one a component
 * @returns the marks, from the back to the front, and where the axis upwards ends; it begins at 0
 */
export function createHistogramMarks(
  canvas: Canvas,
  { limits, heights, curves }: Histogram,
  domain: [number, number],
  ticks: readonly number[],
  colours: readonly ComponentColour[],
): { marks: Mark[]; top: number } {
  const { Plot } = canvas;
  const sum = sampleSum(curves, domain);
  const highestBar = heights.reduce((a, b) => Math.max(a, b), 0);
  const highestSum = sum.reduce((a, [, density]) => Math.max(a, density), 0);
  const highest =
    highestBar > 0 ? Math.max(highestBar, Math.min(highestSum, MAX_OVER_BARS * highestBar)) : highestSum;
  const clip = (points: [number, number][]) =>
    points.map(([at, density]) => [at, Math.min(density, highest)]);
  const marks: Mark[] = [
    Plot.rectY(heights, {
      x1: limits.slice(0, -1),
      x2: limits.slice(1),
      y: heights,
      fill: BAR_COLOUR,
      // The gaps between narrow bars would be as wide as the bars.
      ...(heights.length > 25 ? {} : { insetLeft: 0.5, insetRight: 0.5 }),
    }),
    Plot.line(clip(sum), { stroke: INK, strokeWidth: 1.5, strokeDasharray: '5 3' }),
    ...curves.map((curve, j) =>
      Plot.line(clip(sampleCurve(curve, domain)), { stroke: colours[j].fill, strokeWidth: 2.5 }),
    ),
    createMark(({ toX, toY, left, right }) => {
      let d = '';
      for (const value of ticks) d += `M${toX(value)},${toY(0)}v-12`;
      const crowded = (right - left) / ticks.length < 4;
      const stroke = { stroke: INK, 'stroke-width': crowded ? 0.5 : 1, 'stroke-opacity': crowded ? 0.6 : 1 };
      return createElement(canvas, 'path', { d, ...stroke, 'aria-label': 'fringe' });
    }),
    Plot.ruleY([0], { stroke: INK }),
    createMark(({ toX, toY, left, right }) => {
      const group = createElement(canvas, 'g', { 'aria-label': 'numbers' });
      for (const [j, curve] of curves.entries()) {
        const x = Math.min(Math.max(toX(curve.mean), left + 8), right - 8);
        const y = toY(Math.min(densityAt(curve, curve.mean), highest)) - 6;
        if (curves.length > 1) {
          const size = numberSize(right - left);
          group.append(...createHaloText(canvas, String(j), { x, y, 'font-size': size, 'font-weight': 700 }));
        }
      }
      return group;
    }),
  ];
  // Room for the numbers above the peaks.
  return { marks, top: highest > 0 ? highest * 1.08 : 1 };
}

/**
 * Limits of bins after Scott (1979), 3.49 σ / ∛n wide, widened to a round number. σ² is the mean variance within
 * components: that of all rows would measure the distance between the peaks and hide them.
 */
function computeLimits(input: HistogramRows, column: number, curves: Curve[]): number[] {
  const { rows, nSamples } = input;
  const d = input.parameters.nFeatures;
  if (nSamples === 0) return [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < nSamples; i++) {
    const value = rows[i * d + column];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = high - low;
  if (isOneValue(low, high)) return padDomain(low, high, 0);
  const variance = curves.reduce((total, { weight, deviation }) => total + weight * deviation ** 2, 0);
  const width = (3.49 * Math.sqrt(variance)) / Math.cbrt(nSamples);
  return computeBinLimits(low, high, Math.min(range / MIN_BINS, Math.max(width, range / MAX_BINS)));
}

/** Heights of the bars, so that all of them have area 1. */
function computeHeights(input: HistogramRows, column: number, limits: number[]): number[] {
  const { rows, nSamples } = input;
  const d = input.parameters.nFeatures;
  const nBins = Math.max(0, limits.length - 1);
  const counts = new Array<number>(nBins).fill(0);
  for (let i = 0; i < nSamples; i++) {
    const value = rows[i * d + column];
    let bin = Math.floor(((value - limits[0]) / (limits[nBins] - limits[0])) * nBins);
    // The quotient is rounded: a value on a limit belongs above it.
    if (bin < nBins - 1 && value >= limits[bin + 1]) bin++;
    else if (bin > 0 && value < limits[bin]) bin--;
    counts[Math.min(bin, nBins - 1)]++;
  }
  return counts.map((count, bin) => count / nSamples / (limits[bin + 1] - limits[bin]));
}

function densityAt({ weight, mean, deviation }: Curve, value: number): number {
  const z = (value - mean) / deviation;
  return (weight * Math.exp(-0.5 * z * z)) / (deviation * Math.sqrt(2 * Math.PI));
}

function sampleCurve(curve: Curve, [low, high]: [number, number]): [number, number][] {
  const points: [number, number][] = [];
  for (const at of curvePlaces(curve)) {
    if (at >= low && at <= high) points.push([at, densityAt(curve, at)]);
  }
  return points;
}

function curvePlaces({ mean, deviation }: Curve): number[] {
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => mean + deviation * (i / (CURVE_STEPS / 8) - 4));
}

/** The sum on every component's places, so that a narrow peak is met, and evenly in between. */
function sampleSum(curves: Curve[], [low, high]: [number, number]): [number, number][] {
  const even = Array.from({ length: SUM_STEPS + 1 }, (_, i) => low + ((high - low) * i) / SUM_STEPS);
  const places = Float64Array.from([...even, ...curves.flatMap(curvePlaces)]).sort();
  const points: [number, number][] = [];
  for (const at of places) {
    if (at < low || at > high) continue;
    points.push([at, curves.reduce((total, curve) => total + densityAt(curve, at), 0)]);
  }
  return points;
}

/**
 * @param values - of one column
 * @param domain - range of the axis that shows them
 * @returns one value for each place on the axis that has any
 */
export function thinTicks(values: Float64Array, [low, high]: [number, number]): number[] {
  const places = new Map<number, number>();
  for (const value of values) {
    const place = Math.floor(((value - low) / (high - low)) * TICK_PLACES);
    if (!places.has(place)) places.set(place, value);
  }
  return [...places.values()];
}

function histogramLegend(
  canvas: Canvas,
  input: ResolvedInput,
  selection: RowSelection,
  colours: readonly ComponentColour[],
): LegendItem[] {
  const line = (x2: number, attributes: Record<string, string | number>) =>
    createElement(canvas, 'line', { x1: 0, x2, y1: 0, y2: 0, ...attributes });
  return [
    {
      symbolWidth: 12,
      draw: () => [createElement(canvas, 'rect', { x: 0, y: -6, width: 12, height: 12, fill: BAR_COLOUR })],
      text: `rows (${formatCount(input.nSamples)})`,
    },
    ...createComponentItems(
      colours,
      ({ fill }) => line(12, { stroke: fill, 'stroke-width': 2.5 }),
      colours.length > 1 ? 'components' : 'component',
    ),
    {
      symbolWidth: 22,
      draw: () => [line(22, { stroke: INK, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' })],
      text: 'their sum',
    },
    {
      symbolWidth: 4,
      draw: () => [createElement(canvas, 'line', { x1: 2, x2: 2, y1: -6, y2: 6, stroke: INK })],
      text: describeFringe(input, selection),
    },
  ];
}
