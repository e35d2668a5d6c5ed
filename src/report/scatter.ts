/** A mixture as a picture of two of its columns. */

import { type Canvas, openCanvas } from './canvas.js';
import {
  computeDomain,
  createComponentLegend,
  createComponentMarks,
  describeDrawn,
} from './component-marks.js';
import { createColumn, type View } from './coordinate.js';
import { drawFrame } from './frame.js';
import { drawHistogram } from './histogram.js';
import { formatCount, plural, type ResolvedInput, resolveInput, type ScatterInput } from './input.js';
import { createComponentColours } from './palette.js';
import { selectRows } from './selection.js';

/**
 * Draws rows and components over two columns; a mixture of one column as a histogram.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, what to draw
 * @returns a self-contained SVG document
 * @throws GmmError `MISSING_DEPENDENCY` without @observablehq/plot and linkedom; `INVALID_OPTION` or
 *   `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 * @example
 * ```ts
 * const svg = await scatterSvg({ parameters, rows, responsibilities, columns: ['eruptions', 'waiting'] });
 * ```
 */
export async function scatterSvg(input: ScatterInput): Promise<string> {
  const resolved = resolveInput(input);
  const canvas = await openCanvas();
  if (resolved.parameters.nFeatures === 1) return drawHistogram(canvas, resolved);
  const view = { x: createColumn(resolved, resolved.x), y: createColumn(resolved, resolved.y) };
  return drawScatter(canvas, resolved, view, `${view.y.name} against ${view.x.name}`);
}

/**
 * @param canvas - where it is drawn
 * @param input - what is drawn
 * @param view - over which two coordinates
 * @param title - heading, where the caller gave none
 * @returns a self-contained SVG document
 */
export function drawScatter(canvas: Canvas, input: ResolvedInput, view: View, title: string): string {
  const { nComponents } = input.parameters;
  const selection = selectRows(input);
  const colours = createComponentColours(nComponents);
  const nDrawn = selection.drawn.length;
  const radius = nDrawn > 5_000 ? 1.5 : nDrawn > 1_000 ? 2 : 3;
  return drawFrame(
    canvas,
    {
      title: input.title ?? title,
      subtitle: describeDrawn(input, selection),
      description:
        `Scatter plot of ${plural(input.nSamples, 'row')}, ${formatCount(selection.nFringe)} of them fringe, ` +
        `with ellipses of ${plural(nComponents, 'Gaussian component')}.`,
      width: input.width,
      height: input.height,
      xDomain: computeDomain(input, selection, view.x),
      yDomain: computeDomain(input, selection, view.y),
      xLabel: view.x.name,
      yLabel: view.y.name,
      legend: createComponentLegend(canvas, input, selection, colours),
    },
    createComponentMarks(canvas, input, selection, view, colours, radius),
  );
}
