/** The fringe of a histogram: a tick on the axis for every row. */

import type { Area } from '../chart/area.js';
import type { Domain } from '../chart/axis.js';
import type { Look } from '../chart/look.js';
import { px, type SvgNode, svg } from '../chart/svg-node.js';
import { createColumn, takeValues } from './coordinate.js';
import type { ResolvedInput } from './input.js';
import type { RowSelection } from './selection.js';

/** Places on the axis for ticks: about two per pixel. Further ticks would only cover these. */
const TICK_PLACES = 1_000;

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
