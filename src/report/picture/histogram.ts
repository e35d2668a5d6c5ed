/**
 * A mixture as a picture of one of its columns: a histogram of the rows under the densities of the components and their
 * sum. Rows on the fringe are ticks on the axis.
 */

import { drawFrame } from '../chart/axes.js';
import { countComponents, countOf, formatCount } from '../chart/counts.js';
import { createDensityLines, densityTop, drawBars, drawCurves, drawNumbers } from '../chart/density-marks.js';
import { toDrawn } from '../chart/drawn-mixture.js';
import { drawHeader } from '../chart/header.js';
import { computeHistogram } from '../chart/histogram.js';
import { PICTURE_LOOK } from '../chart/look.js';
import { writeDocument } from './document.js';
import { drawFringe, fringeTicks } from './fringe-ticks.js';
import { type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { createHistogramLegend } from './legend.js';
import { selectRows } from './selection.js';

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
  const histogram = computeHistogram(toDrawn(parameters), rows, x);
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
    `with the densities of ${countComponents(parameters)} and their sum.`;
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
