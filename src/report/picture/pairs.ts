/** A mixture as a matrix of panels: below the diagonal every pair of columns, on the diagonal every column's histogram. */

import { type Area, type Box, createArea } from '../chart/area.js';
import { drawAxes, MARGIN_BOTTOM, MARGIN_RIGHT, roomForAxis } from '../chart/axes.js';
import { type Axis, createAxis, createFittingAxis, type Domain } from '../chart/axis.js';
import { cleanText } from '../chart/clean-text.js';
import { countComponents, countOf, formatCount } from '../chart/counts.js';
import { createDensityLines, densityTop, drawBars, drawCurves, drawNumbers } from '../chart/density-marks.js';
import { toDrawn } from '../chart/drawn-mixture.js';
import { drawHeader } from '../chart/header.js';
import { computeHistogram } from '../chart/histogram.js';
import { drawHaloText, PICTURE_LOOK } from '../chart/look.js';
import { px, type SvgNode, svg } from '../chart/svg-node.js';
import { FONT_SIZE, fitName } from '../chart/text-width.js';
import { createColumn } from './coordinate.js';
import { writeDocument } from './document.js';
import { drawFringe, fringeTicks } from './fringe-ticks.js';
import type { ResolvedInput } from './input.js';
import { createScatterLegend, describeDrawn } from './legend.js';
import { computeDomain, drawMixture } from './scatter-marks.js';
import { MAX_POINTS, type RowSelection, selectRows } from './selection.js';

/** Pixels between two panels. */
const GAP = 10;
const TICK_DISTANCE = 45;
const look = PICTURE_LOOK;

/** The places and axes of all panels. */
interface Grid {
  /** One per column. */
  xAxes: Axis[];
  /** One per column. */
  yAxes: Axis[];
  boxAt(row: number, column: number): Box;
}

/**
 * @param input - mixture and rows; all columns are drawn
 * @returns a self-contained SVG document
 */
export function drawPairs(input: ResolvedInput): string {
  const { parameters, nSamples, width, height } = input;
  const { nFeatures: d } = parameters;
  const { title = `Pairs of ${d} columns` } = input;
  const nPairs = (d * (d - 1)) / 2;
  // Every drawn row is a point in every pair.
  const selection = selectRows(input, Math.floor(MAX_POINTS / nPairs));
  const legend = createScatterLegend(look, input, selection);
  const header = drawHeader(look, { width, title, subtitle: describeDrawn(input, selection), legend });
  const domains = input.columns.map((_, a) => computeDomain(input, selection, createColumn(input, a)));
  const grid = layOut(input, header.bottom, domains);
  const panels: SvgNode[] = [];
  for (let row = 0; row < d; row++) {
    for (let column = 0; column < row; column++) {
      panels.push(...drawPair(input, selection, grid, row, column));
    }
    panels.push(...drawDiagonal(input, selection, grid, row));
  }
  const description =
    `Scatter plots of ${nPairs} pairs of columns with ${countOf(nSamples, 'row')}, ` +
    `${formatCount(selection.nFringe)} of them fringe, with ellipses of ` +
    `${countComponents(parameters)}, and a histogram of every column.`;
  return writeDocument({ title, description, width, height }, [...header.nodes, ...panels]);
}

function layOut({ width, height, columns }: ResolvedInput, top: number, domains: readonly Domain[]): Grid {
  const d = columns.length;
  const cellHeight = (height - MARGIN_BOTTOM - top - (d - 1) * GAP) / d;
  const yAxes = domains.map((domain) => createAxis(domain, Math.max(2, cellHeight / TICK_DISTANCE)));
  // The first column has no axis to the left: its histogram stands there.
  const left = Math.max(...yAxes.slice(1).map((axis) => roomForAxis(look, axis)));
  const cellWidth = (width - MARGIN_RIGHT - left - (d - 1) * GAP) / d;
  return {
    xAxes: domains.map((domain) => createFittingAxis(createAxis, domain, cellWidth, TICK_DISTANCE)),
    yAxes,
    boxAt(row, column) {
      const x = left + column * (cellWidth + GAP);
      const y = top + row * (cellHeight + GAP);
      return { left: x, right: x + cellWidth, top: y, bottom: y + cellHeight };
    },
  };
}

function drawPair(
  input: ResolvedInput,
  selection: RowSelection,
  { xAxes, yAxes, boxAt }: Grid,
  row: number,
  column: number,
): SvgNode[] {
  const box = boxAt(row, column);
  const [xAxis, yAxis] = [xAxes[column], yAxes[row]];
  const area = createArea(box, xAxis.domain, yAxis.domain);
  const view = { x: createColumn(input, column), y: createColumn(input, row) };
  const isLast = row === input.columns.length - 1;
  return [
    ...drawAxes(look, {
      ...{ box, xAxis, yAxis },
      xName: isLast ? view.x.name : undefined,
      yName: column === 0 ? view.y.name : undefined,
    }),
    ...drawMixture(look, area, input, selection, view),
  ];
}

/** The histogram of a column, with its name above. */
function drawDiagonal(
  input: ResolvedInput,
  selection: RowSelection,
  { xAxes, boxAt }: Grid,
  column: number,
): SvgNode[] {
  const box = boxAt(column, column);
  const xAxis = xAxes[column];
  const histogram = computeHistogram(toDrawn(input.parameters), input.rows, column);
  const lines = createDensityLines(histogram, histogram.curves, xAxis.domain);
  const yAxis: Axis = { domain: [0, densityTop(lines) * 1.25], ticks: [], labels: [] };
  const area = createArea(box, xAxis.domain, yAxis.domain);
  const name = input.columns[column];
  const isLast = column === input.columns.length - 1;
  return [
    ...drawAxes(look, { box, xAxis, yAxis, xName: isLast ? name : undefined }),
    drawBars(look, area, histogram),
    ...drawCurves(look, area, lines),
    drawFringe(look, area, fringeTicks(input, selection, column, xAxis.domain)),
    drawNumbers(look, area, lines),
    drawName(area, name),
  ];
}

function drawName({ left, right, top }: Area, name: string): SvgNode {
  const text = fitName(cleanText(name), right - left, FONT_SIZE);
  const place = { x: px((left + right) / 2), y: px(top + 12), 'font-weight': 700 };
  return svg('g', { class: 'name', 'text-anchor': 'middle' }, [drawHaloText(look, text, place)]);
}
