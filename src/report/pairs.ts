/** A mixture as a matrix of pictures: below the diagonal every pair of columns, on it every column's histogram. */

import { type Canvas, createElement, createHaloText, createMark, type Mark } from './canvas.js';
import {
  computeDomain,
  createComponentLegend,
  createComponentMarks,
  describeDrawn,
} from './component-marks.js';
import { createColumn, takeValues } from './coordinate.js';
import { createFittingAxis, drawDocument, type Panel, roomForLabels } from './frame.js';
import { computeHistogram, createHistogramMarks, thinTicks } from './histogram.js';
import { formatCount, plural, type ResolvedInput } from './input.js';
import { createComponentColours } from './palette.js';
import { MAX_POINTS, selectRows } from './selection.js';
import { cleanText } from './svg-text.js';
import { fitName } from './text-width.js';
import { createAxis } from './ticks.js';

const GAP = 10;
const MARGIN_BOTTOM = 52;
const MARGIN_RIGHT = 16;
const TICK_DISTANCE = 45;

/**
 * @param canvas - where it is drawn
 * @param input - what is drawn; all columns are
 * @returns a self-contained SVG document
 */
export function drawPairs(canvas: Canvas, input: ResolvedInput): string {
  const { parameters, width, height } = input;
  const { nFeatures: d, nComponents } = parameters;
  const nPairs = (d * (d - 1)) / 2;
  // A row is a point in every pair.
  const selection = selectRows(input, Math.floor(MAX_POINTS / nPairs));
  const nDrawn = selection.drawn.length;
  const radius = nDrawn > 2_000 ? 1 : nDrawn > 500 ? 1.5 : 2;
  const colours = createComponentColours(nComponents);
  const coordinates = input.columns.map((_, column) => createColumn(input, column));
  const domains = coordinates.map((coordinate) => computeDomain(input, selection, coordinate));

  return drawDocument(
    canvas,
    {
      title: input.title ?? `Pairs of ${d} columns`,
      subtitle: describeDrawn(input, selection),
      description:
        `Scatter plots of ${nPairs} pairs of columns with ${plural(input.nSamples, 'row')}, ` +
        `${formatCount(selection.nFringe)} of them fringe, with ellipses of ` +
        `${plural(nComponents, 'Gaussian component')}, and a histogram of every column.`,
      width,
      height,
      legend: createComponentLegend(canvas, input, selection, colours),
    },
    (top) => {
      const cellHeight = (height - MARGIN_BOTTOM - top - (d - 1) * GAP) / d;
      const yAxes = domains.map((domain) => createAxis(domain, Math.max(2, cellHeight / TICK_DISTANCE)));
      const left = Math.max(...yAxes.slice(1).map(roomForLabels));
      const cellWidth = (width - MARGIN_RIGHT - left - (d - 1) * GAP) / d;
      const xAxes = domains.map((domain) => createFittingAxis(createAxis, domain, cellWidth, TICK_DISTANCE));
      const panels: Panel[] = [];
      for (let row = 0; row < d; row++) {
        for (let column = 0; column <= row; column++) {
          const x = left + column * (cellWidth + GAP);
          const y = top + row * (cellHeight + GAP);
          const place = {
            box: { left: x, right: x + cellWidth, top: y, bottom: y + cellHeight },
            xAxis: xAxes[column],
            xLabel: row === d - 1 ? input.columns[column] : undefined,
          };
          if (row > column) {
            const view = { x: coordinates[column], y: coordinates[row] };
            panels.push({
              ...place,
              yAxis: yAxes[row],
              yLabel: column === 0 ? input.columns[row] : undefined,
              marks: createComponentMarks(canvas, input, selection, view, colours, radius),
            });
          } else {
            const fringe = takeValues(input, selection.fringe, coordinates[column]);
            const ticks = thinTicks(fringe, domains[column]);
            const histogram = computeHistogram(input, column);
            const { marks, top } = createHistogramMarks(canvas, histogram, domains[column], ticks, colours);
            panels.push({
              ...place,
              yAxis: { domain: [0, top * 1.25], ticks: [], labels: [] },
              marks: [...marks, nameMark(canvas, input.columns[column])],
            });
          }
        }
      }
      return panels;
    },
  );
}

/** The column's name above its histogram. */
function nameMark(canvas: Canvas, name: string): Mark {
  return createMark(({ left, right, top }) => {
    const group = createElement(canvas, 'g', {});
    const text = fitName(cleanText(name), right - left, 12);
    group.append(...createHaloText(canvas, text, { x: (left + right) / 2, y: top + 12, 'font-weight': 700 }));
    return group;
  });
}
