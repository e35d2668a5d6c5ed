/** The marks of a criterion chart: lines, markers, arrows and crosses at the upper edge, and the chosen cell. */

import type { CovarianceType } from '../../types.js';
import type { Place, Point, Sweep } from '../sweep/sweep.js';
import type { Area } from './area.js';
import { drawHaloText, type Look } from './look.js';
import { moveTo, px, type SvgNode, svg } from './svg-node.js';
import { FONT_SIZE, fitText, textWidth } from './text-width.js';
import { drawMarker, typeColour, typeLineWidth } from './type-style.js';

const LABEL_SIZE = 14;
/** Pixels between the arrows or crosses of two types at the same k. */
const SIDE_BY_SIDE = 10;

/** @returns one line per type, without its parts above the range */
export function drawLines({ toX, toY }: Area, { types, counts, points, high }: Sweep): SvgNode {
  const lines = types.map((type) => {
    const own = points.filter((point) => point.type === type);
    let d = '';
    for (let i = 1; i < own.length && counts.length > 1; i++) {
      const [from, to] = cutAbove(own[i - 1], own[i], high);
      if (from.value > high || to.value > high) continue;
      d += `M${px(toX(from.at))},${px(toY(from.value))}L${px(toX(to.at))},${px(toY(to.value))}`;
    }
    return svg('path', { d, stroke: typeColour(type), 'stroke-width': typeLineWidth(type) });
  });
  return svg('g', { class: 'lines', fill: 'none', 'stroke-opacity': 0.75 }, lines);
}

/** @returns the part of the line between two points that lies within the range */
function cutAbove(from: Point, to: Point, high: number): [Point, Point] {
  const atHigh = (): Point => ({
    ...from,
    at: from.at + ((to.at - from.at) * (high - from.value)) / (to.value - from.value),
    value: high,
  });
  if (from.value > high && to.value <= high) return [atHigh(), to];
  if (from.value <= high && to.value > high) return [from, atHigh()];
  return [from, to];
}

/** @returns a marker per cell; at the upper edge an arrow for a cell above the range, a cross for one without a model */
export function drawPoints(look: Look, area: Area, sweep: Sweep): SvgNode {
  const { toX, toY, top } = area;
  const { types, counts, points, missing, high } = sweep;
  const atEdge = ({ type, at }: Place) => {
    const shift = counts.length > 1 ? (types.indexOf(type) - (types.length - 1) / 2) * SIDE_BY_SIDE : 0;
    return moveTo(toX(at) + shift, top + 9);
  };
  const symbols = types.flatMap((type) => [
    ...points
      .filter((point) => point.type === type)
      .map((point) =>
        point.value > high
          ? placed(atEdge(point), drawArrow(typeColour(type)))
          : placed(moveTo(toX(point.at), toY(point.value)), drawMarker(look, type, point.converged)),
      ),
    ...missing
      .filter((place) => place.type === type)
      .map((place) => placed(atEdge(place), drawMissing(typeColour(type)))),
  ]);
  return svg('g', { class: 'points' }, symbols);
}

function placed(transform: string, { name, attributes, children }: SvgNode): SvgNode {
  return svg(name, { ...attributes, transform }, children);
}

/** @returns the sign of a value above the range, at the origin */
export function drawArrow(stroke: string): SvgNode {
  return svg('path', { class: 'above', d: 'M-4,3L0,-3L4,3', fill: 'none', stroke, 'stroke-width': 2 });
}

/** @returns the sign of a cell without a model, at the origin */
export function drawMissing(stroke: string): SvgNode {
  const d = 'M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5';
  return svg('path', { class: 'missing', d, fill: 'none', stroke, 'stroke-width': 2 });
}

/** @returns a ring around the chosen cell, and its name */
export function drawChosen(look: Look, area: Area, { chosen, chosenName, name, format }: Sweep): SvgNode {
  const { toX, toY, left, right, bottom } = area;
  const cx = toX(chosen.at);
  const cy = toY(chosen.value);
  const { text, size } = fitLabel(chosenName, `${name} ${format(chosen.value)}`, right - left);
  const half = textWidth(text, size) / 2;
  const x = Math.max(Math.min(cx, right - half), left + half);
  // Below the ring, where the range leaves room under the lowest value; otherwise above.
  const y = cy + 32 < bottom ? cy + 28 : cy - 18;
  return svg('g', { class: 'chosen', 'text-anchor': 'middle' }, [
    svg('circle', { cx: px(cx), cy: px(cy), r: 10, fill: 'none', stroke: look.ink, 'stroke-width': 2 }),
    drawHaloText(look, text, { x: px(x), y: px(y), 'font-size': size }),
  ]);
}

/** @returns the longest label of the chosen cell that fits into the room */
function fitLabel(chosenName: string, value: string, room: number): { text: string; size: number } {
  const short = `${chosenName}: ${value}`;
  const labels = [
    { text: `chosen: ${chosenName} (${value})`, size: LABEL_SIZE },
    { text: short, size: LABEL_SIZE },
  ];
  const fitting = labels.find(({ text, size }) => textWidth(text, size) <= room);
  return fitting ?? { text: fitText(short, room, FONT_SIZE), size: FONT_SIZE };
}

/** @returns a type's line with its marker, 26 pixels wide, for a legend */
export function drawTypeSymbol(look: Look, type: CovarianceType): SvgNode[] {
  const line = { x1: 0, x2: 26, y1: 0, y2: 0, stroke: typeColour(type), 'stroke-width': typeLineWidth(type) };
  return [
    svg('line', { ...line, 'stroke-opacity': 0.75 }),
    placed('translate(13,0)', drawMarker(look, type, true)),
  ];
}

/** @returns a symbol in the middle of 26 pixels, for a legend */
export function inLegend(symbol: SvgNode): SvgNode[] {
  return [placed('translate(13,0)', symbol)];
}
