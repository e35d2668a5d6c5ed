/** A mixture as a picture of two of its columns. */

import { drawFrame } from '../chart/axes.js';
import { countComponents, countOf, formatCount } from '../chart/counts.js';
import { drawHeader } from '../chart/header.js';
import { PICTURE_LOOK } from '../chart/look.js';
import { createColumn, type View } from './coordinate.js';
import { writeDocument } from './document.js';
import { drawHistogram } from './histogram.js';
import { type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { createScatterLegend, describeDrawn } from './legend.js';
import { computeDomain, drawMixture } from './scatter-marks.js';
import { selectRows } from './selection.js';

/**
 * Draws rows and components over two columns; a mixture of one column as a histogram.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, and how to draw them
 * @returns a self-contained SVG document
 * @throws GmmError `INVALID_OPTION` or `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 * @example
 * ```ts
 * const svg = await scatterSvg({ parameters, rows, responsibilities, columns: ['eruptions', 'waiting'] });
 * ```
 */
export async function scatterSvg(input: ScatterInput): Promise<string> {
  const resolved = resolveInput(input);
  if (resolved.parameters.nFeatures === 1) return drawHistogram(resolved);
  const view = { x: createColumn(resolved, resolved.x), y: createColumn(resolved, resolved.y) };
  return drawScatter(resolved, view, `${view.y.name} against ${view.x.name}`);
}

/**
 * @param input - mixture and rows
 * @param view - the two coordinates
 * @param defaultTitle - heading, if the caller gave none
 * @returns a self-contained SVG document
 */
export function drawScatter(input: ResolvedInput, view: View, defaultTitle: string): string {
  const { parameters, nSamples, width, height, title = defaultTitle } = input;
  const look = PICTURE_LOOK;
  const selection = selectRows(input);
  const legend = createScatterLegend(look, input, selection);
  const header = drawHeader(look, { width, title, subtitle: describeDrawn(input, selection), legend });
  const { area, axes } = drawFrame(look, {
    ...{ width, height, top: header.bottom, xName: view.x.name, yName: view.y.name },
    xDomain: computeDomain(input, selection, view.x),
    yDomain: computeDomain(input, selection, view.y),
  });
  const description =
    `Scatter plot of ${countOf(nSamples, 'row')}, ${formatCount(selection.nFringe)} of them fringe, ` +
    `with ellipses of ${countComponents(parameters)}.`;
  const marks = drawMixture(look, area, input, selection, view);
  return writeDocument({ title, description, width, height }, [...header.nodes, ...axes, ...marks]);
}
