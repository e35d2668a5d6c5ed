/**
 * A mixture as a picture of one of its columns: a histogram of the rows under the densities of the components and their
 * sum. Rows on the fringe are ticks on the axis.
 */

import type { Area } from '../chart/area.js';
import { drawFrame } from '../chart/axes.js';
import type { Domain } from '../chart/axis.js';
import { countOf, formatCount } from '../chart/counts.js';
import { createDensityLines, densityTop, drawBars, drawCurves, drawNumbers } from '../chart/density-marks.js';
import { drawHeader } from '../chart/header.js';
import { computeHistogram } from '../chart/histogram.js';
import { type Look, PICTURE_LOOK } from '../chart/look.js';
import { px, type SvgNode, svg } from '../chart/svg-node.js';
import { createColumn, takeValues } from './coordinate.js';
import { writeDocument } from './document.js';
import { type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { createHistogramLegend } from './legend.js';
import { type RowSelection, selectRows } from './selection.js';

/** Places on the axis for fringe ticks: about two per pixel. Further ticks would only cover these. */
const TICK_PLACES = 1_000;

/**
 * Draws one column (`x`) of the rows with the components' densities of that column.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, and how to draw them; `y` is not used
 * @returns a self-contained SVG document
 * @throws GmmError `INVALID_OPTION` or `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 */
export async function histogramSvg(input: ScatterInput): Promise<string> {
  return drawHistogram(resolveInput(input));
}

/**
 * @param input - mixture and rows
 * @returns a self-contained SVG document
 */
export function drawHistogram(input: ResolvedInput): string {
  const { parameters, nSamples, rows, subtitle, x, width, height } = input;
  const look = PICTURE_LOOK;
  const name = input.columns[x];
  const title = input.title ?? `Density of ${name}`;
  // More rows do not make more bars or ticks, so all rows are shown.
  const selection = selectRows(input, nSamples);
  const histogram = computeHistogram(parameters, rows, x);
  const lines = createDensityLines(histogram, histogram.curves, histogram.domain);
  const legend = createHistogramLegend(look, input, selection);
  const header = drawHeader(look, { width, title, subtitle, legend });
  const { area, axes } = drawFrame(look, {
    ...{ width, height, top: header.bottom, xName: name, yName: 'density' },
    xDomain: histogram.domain,
    yDomain: [0, densityTop(lines)],
  });
  const description =
    `Histogram of ${countOf(nSamples, 'row')}, ${formatCount(selection.nFringe)} of them fringe, ` +
    `with the densities of ${countOf(parameters.nComponents, 'Gaussian component')} and their sum.`;
  const ticks = fringeTicks(input, selection, x, histogram.domain);
  return writeDocument({ title, description, width, height }, [
    ...header.nodes,
    ...axes,
    drawBars(look, area, histogram),
    ...drawCurves(look, area, lines),
    drawFringe(look, area, ticks),
    drawNumbers(look, area, lines),
  ]);
}

/**
 * @param domain - range of the axis
 * @returns values of the column to mark, at most one for each place on the axis
 */
export function fringeTicks(
  input: ResolvedInput,
  { fringe }: RowSelection,
  column: number,
  [low, high]: Domain,
): number[] {
  const places = new Map<number, number>();
  for (const value of takeValues(input, fringe, createColumn(input, column))) {
    const place = Math.floor(((value - low) / (high - low)) * TICK_PLACES);
    if (!places.has(place)) places.set(place, value);
  }
  return [...places.values()];
}

/** @returns the fringe as ticks on the axis, as one path */
export function drawFringe(look: Look, { left, right, toX, toY }: Area, values: readonly number[]): SvgNode {
  const d = values.map((value) => `M${px(toX(value))},${px(toY(0))}v-12`).join('');
  const isCrowded = (right - left) / values.length < 4;
  return svg('path', {
    ...{ class: 'fringe', d, fill: 'none', stroke: look.ink },
    ...(isCrowded && { 'stroke-width': 0.5, 'stroke-opacity': 0.6 }),
  });
}
