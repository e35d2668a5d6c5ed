/**
 * A mixture as a picture of one of its columns: a histogram of the rows, scaled to area 1, under the density of
 * every component, πⱼ N(x; μⱼ, σⱼ²), and of their sum. Fringe rows are red ticks on the axis.
 */

import {
  type Blue,
  type Canvas,
  createBlues,
  createElement,
  drawFrame,
  FRINGE_COLOUR,
  type LegendItem,
  type Mark,
  openCanvas,
} from './canvas.js';
import { covarianceAt } from './ellipse.js';
import { formatCount, type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { MAX_FRINGE, type RowSelection, selectRows, takeColumn } from './selection.js';
import { computeBinLimits, isOneValue, padDomain } from './ticks.js';

const BAR_COLOUR = '#cfe1f2';
const SUM_COLOUR = '#111';
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

/** The part of the input that bars are made from. */
export type HistogramRows = Pick<ResolvedInput, 'parameters' | 'rows' | 'nSamples' | 'x'>;

/** One Gaussian of one column. */
export interface Curve {
  weight: number;
  mean: number;
  deviation: number;
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
  const { nComponents, nFeatures, means, weights } = parameters;
  const selection = selectRows(input);
  const blues = createBlues(nComponents);
  const curves = Array.from({ length: nComponents }, (_, j): Curve => {
    const deviation = Math.sqrt(covarianceAt(parameters, j, x, x));
    return { weight: weights[j], mean: means[j * nFeatures + x], deviation };
  });

  const limits = computeLimits(input, curves);
  const heights = computeHeights(input, limits);
  const reaches = curves.flatMap(({ mean, deviation }) => [
    mean - REACH * deviation,
    mean + REACH * deviation,
  ]);
  const first = limits[0] ?? Number.POSITIVE_INFINITY;
  const last = limits.at(-1) ?? Number.NEGATIVE_INFINITY;
  const domain = padDomain(Math.min(first, ...reaches), Math.max(last, ...reaches), 0.01);

  const sum = sampleSum(curves, domain);
  const highestBar = heights.reduce((a, b) => Math.max(a, b), 0);
  const highestSum = sum.reduce((a, [, density]) => Math.max(a, density), 0);
  const top =
    nSamples > 0 ? Math.max(highestBar, Math.min(highestSum, MAX_OVER_BARS * highestBar)) : highestSum;
  const clip = (points: [number, number][]) => points.map(([at, density]) => [at, Math.min(density, top)]);

  const { Plot } = canvas;
  const fringe = fringeTicks(input, selection);
  const marks: Mark[] = [
    Plot.rectY(heights, {
      x1: limits.slice(0, -1),
      x2: limits.slice(1),
      y: heights,
      fill: BAR_COLOUR,
      insetLeft: 0.5,
      insetRight: 0.5,
    }),
    ...curves.map((curve, j) =>
      Plot.line(clip(sampleCurve(curve, domain)), { stroke: blues[j].fill, strokeWidth: 2.5 }),
    ),
    Plot.line(clip(sum), { stroke: SUM_COLOUR, strokeWidth: 1.5, strokeDasharray: '5 3' }),
    (_index: number[], scales: { x?: unknown; y?: unknown }) => {
      const toX = scales.x as (value: number) => number;
      const base = (scales.y as (value: number) => number)(0);
      const group = createElement(canvas, 'g', { stroke: FRINGE_COLOUR, 'aria-label': 'fringe' });
      for (const value of fringe) {
        const at = toX(value);
        group.append(createElement(canvas, 'line', { x1: at, x2: at, y1: base, y2: base - 12 }));
      }
      return group;
    },
    Plot.ruleY([0], { stroke: SUM_COLOUR }),
  ];

  const name = input.columns[x];
  return drawFrame(
    canvas,
    {
      title: input.title ?? `Density of ${name}`,
      subtitle: input.subtitle,
      description:
        `Histogram of ${formatCount(nSamples)} rows, ${formatCount(selection.nFringe)} of them fringe, ` +
        `with the densities of ${nComponents} Gaussian components and their sum.`,
      width,
      height,
      xDomain: domain,
      yDomain: [0, top > 0 ? top * 1.03 : 1],
      xLabel: name,
      yLabel: 'density',
      legend: histogramLegend(canvas, input, selection, fringe.length, blues),
    },
    marks,
  );
}

/**
 * Limits of bins after Scott (1979), 3.49 σ / ∛n wide, widened to a round number. σ² is the mean variance within
 * components: that of all rows would measure the distance between the peaks and hide them.
 */
export function computeLimits(input: HistogramRows, curves: readonly Curve[]): number[] {
  const { rows, nSamples, x } = input;
  const d = input.parameters.nFeatures;
  if (nSamples === 0) return [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < nSamples; i++) {
    const value = rows[i * d + x];
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
export function computeHeights(input: HistogramRows, limits: readonly number[]): number[] {
  const { rows, nSamples, x } = input;
  const d = input.parameters.nFeatures;
  const nBins = Math.max(0, limits.length - 1);
  const counts = new Array<number>(nBins).fill(0);
  for (let i = 0; i < nSamples; i++) {
    const value = rows[i * d + x];
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
  for (const at of [low, ...curvePlaces(curve), high]) {
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

/** Values of the fringe rows, each once, at most `MAX_FRINGE`. */
function fringeTicks(input: ResolvedInput, { fringe }: RowSelection): number[] {
  const values = [...new Set(takeColumn(input, fringe, input.x))];
  if (values.length <= MAX_FRINGE) return values;
  return Array.from({ length: MAX_FRINGE }, (_, i) => values[Math.floor((i * values.length) / MAX_FRINGE)]);
}

function histogramLegend(
  canvas: Canvas,
  input: ResolvedInput,
  { nFringe }: RowSelection,
  nTicks: number,
  blues: Blue[],
): LegendItem[] {
  const { nSamples, fringeMargin } = input;
  const shown = blues.slice(0, 5);
  const line = (x1: number, x2: number, attributes: Record<string, string | number>) =>
    createElement(canvas, 'line', { x1, x2, y1: 0, y2: 0, ...attributes });
  const ticks = nTicks < nFringe ? `, in ${formatCount(nTicks)} ticks` : '';
  return [
    {
      symbolWidth: 12,
      draw: () => [createElement(canvas, 'rect', { x: 0, y: -6, width: 12, height: 12, fill: BAR_COLOUR })],
      text: `rows (${formatCount(nSamples)})`,
    },
    {
      symbolWidth: shown.length * 14,
      draw: () =>
        shown.map(({ fill }, j) => line(j * 14, j * 14 + 12, { stroke: fill, 'stroke-width': 2.5 })),
      text: blues.length > 1 ? 'components' : 'component',
    },
    {
      symbolWidth: 22,
      draw: () => [line(0, 22, { stroke: SUM_COLOUR, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' })],
      text: 'their sum',
    },
    {
      symbolWidth: 4,
      draw: () => [createElement(canvas, 'line', { x1: 2, x2: 2, y1: -6, y2: 6, stroke: FRINGE_COLOUR })],
      text: `fringe (${formatCount(nFringe)}${ticks}, top two probabilities within ${fringeMargin})`,
    },
  ];
}
