/** What surrounds the marks of a panel: a faint grid, tick labels below and to the left, the names of the axes. */

import { type Area, type Box, createArea } from './area.js';
import {
  type Axis,
  type AxisMaker,
  createAxis,
  createFittingAxis,
  type Domain,
  widestLabel,
} from './axis.js';
import { cleanText } from './clean-text.js';
import type { Look } from './look.js';
import { moveTo, px, type SvgAttributes, type SvgNode, svg } from './svg-node.js';
import { FONT_SIZE, fitName, textWidth } from './text-width.js';

/** The axes of a panel. */
export interface AxesInput {
  box: Box;
  xAxis: Axis;
  yAxis: Axis;
  /** Name of the axis below. Without a name, the axis is only a grid. */
  xName?: string | undefined;
  /** Name of the axis to the left. Without a name, the axis is only a grid. */
  yName?: string | undefined;
}

/** A chart of one panel, except for its marks. */
export interface FrameInput {
  width: number;
  height: number;
  /** Upper edge of the chart, in pixels. */
  top: number;
  xDomain: Domain;
  yDomain: Domain;
  /** Makes the axis to the right; default: round numbers. */
  createXAxis?: AxisMaker;
  /** Makes the axis upwards; default: round numbers. */
  createYAxis?: AxisMaker;
  /** Least pixels between the ticks of the axis to the right; default 80. */
  xTickDistance?: number;
  xName: string;
  yName: string;
}

/** From the lower edge of a panel to the edge of the chart. */
export const MARGIN_BOTTOM = 52;
export const MARGIN_RIGHT = 16;
const X_TICK_DISTANCE = 80;
const Y_TICK_DISTANCE = 50;
/** Length of a tick, in pixels. */
const TICK = 4;
/** From the upper edge of the chart to a panel with the name of its axis above it. */
const ROOM_ABOVE = 30;

/**
 * Draws the axes of a single panel, which takes all the room that they leave.
 *
 * @returns the panel and its axes
 */
export function drawFrame(look: Look, input: FrameInput): { area: Area; axes: SvgNode[] } {
  const { width, height, xDomain, yDomain, createXAxis = createAxis, createYAxis = createAxis } = input;
  const top = input.top + (look.yName === 'above' ? ROOM_ABOVE : 0);
  const bottom = height - MARGIN_BOTTOM;
  const yAxis = createYAxis(yDomain, Math.max(2, (bottom - top) / Y_TICK_DISTANCE));
  const box = { left: roomForAxis(look, yAxis), right: width - MARGIN_RIGHT, top, bottom };
  const tickDistance = input.xTickDistance ?? X_TICK_DISTANCE;
  const xAxis = createFittingAxis(createXAxis, xDomain, box.right - box.left, tickDistance);
  return {
    area: createArea(box, xDomain, yDomain),
    axes: drawAxes(look, { box, xAxis, yAxis, xName: input.xName, yName: input.yName }),
  };
}

/**
 * @param look - says where the name of the axis stands
 * @param axis - the axis upwards
 * @returns pixels that its labels and its name take to the left of the panel
 */
export function roomForAxis(look: Look, axis: Axis): number {
  return (look.yName === 'along' ? 40 : 12) + widestLabel(axis);
}

/** @returns the grid, and the axes that have a name */
export function drawAxes(look: Look, input: AxesInput): SvgNode[] {
  const { box, xAxis, yAxis, xName, yName } = input;
  const { toX, toY } = createArea(box, xAxis.domain, yAxis.domain);
  const places = { xs: xAxis.ticks.map(toX), ys: yAxis.ticks.map(toY) };
  return [
    drawGrid(look, box, places.xs, places.ys),
    ...(xName === undefined ? [] : drawXAxis(look, box, xAxis, places.xs, xName)),
    ...(yName === undefined ? [] : drawYAxis(look, box, yAxis, places.ys, yName)),
  ];
}

function drawGrid(look: Look, { left, right, top, bottom }: Box, xs: number[], ys: number[]): SvgNode {
  const d = [
    ...xs.map((x) => `M${px(x)},${px(top)}V${px(bottom)}`),
    ...ys.map((y) => `M${px(left)},${px(y)}H${px(right)}`),
  ];
  return svg('path', { class: 'grid', d: d.join(''), fill: 'none', stroke: look.grid });
}

function drawXAxis(
  look: Look,
  { left, right, bottom }: Box,
  { labels }: Axis,
  xs: number[],
  name: string,
): SvgNode[] {
  const ticks = xs.map((x) => `M${px(x)},${px(bottom)}v${TICK}`).join('');
  const content = fitName(cleanText(name), right - left, FONT_SIZE);
  // A label at the right edge moves to the left, so that the picture does not cut it.
  const labelX = (label: string, x: number) =>
    Math.min(x, right + MARGIN_RIGHT - textWidth(label, FONT_SIZE) / 2);
  const place = { x: px((left + right) / 2), y: px(bottom + 40), 'text-anchor': 'middle' };
  return [
    svg('g', { class: 'x-axis', 'text-anchor': 'middle', fill: look.tickInk }, [
      svg('path', { class: 'ticks', d: ticks, fill: 'none', stroke: look.tickInk }),
      ...labels.map((label, i) => svg('text', { x: px(labelX(label, xs[i])), y: px(bottom + 18) }, [label])),
    ]),
    svg('text', { class: 'x-name', ...place }, [content]),
  ];
}

function drawYAxis(
  look: Look,
  { left, right, top, bottom }: Box,
  axis: Axis,
  ys: number[],
  name: string,
): SvgNode[] {
  const isAlong = look.yName === 'along';
  const ticks = ys.map((y) => `M${px(left)},${px(y)}h${-TICK}`).join('');
  const content = fitName(cleanText(name), isAlong ? bottom - top : right, FONT_SIZE);
  const along = `${moveTo(left - 20 - widestLabel(axis), (top + bottom) / 2)} rotate(-90)`;
  const place: SvgAttributes = isAlong
    ? { transform: along, 'text-anchor': 'middle' }
    : { x: 2, y: px(top - 14) };
  return [
    svg('g', { class: 'y-axis', 'text-anchor': 'end', fill: look.tickInk }, [
      svg('path', { class: 'ticks', d: ticks, fill: 'none', stroke: look.tickInk }),
      ...axis.labels.map((label, i) => svg('text', { x: px(left - 8), y: px(ys[i] + 4) }, [label])),
    ]),
    svg('text', { class: 'y-name', ...place }, [content]),
  ];
}
