/**
 * How a model was chosen: the criterion of every cell of a sweep over its number of components, a line with a colour
 * and a marker of its own for each covariance type, the chosen cell named. What lies far above would press the rest
 * flat; it is cut off, and an arrow at the upper edge says so.
 */

import type { CovarianceType } from '../types.js';
import {
  type Canvas,
  createElement,
  createHaloText,
  createMark,
  INK,
  type Mark,
  openCanvas,
  type SvgElement,
} from './canvas.js';
import {
  type CriterionInput,
  checkSweep,
  createSweep,
  type Place,
  type Point,
  type Sweep,
} from './criterion-cells.js';
import { drawFrame, type Frame, type LegendItem } from './frame.js';
import { plural, resolvePixels } from './input.js';
import { BLUE, GREEN, PURPLE, VERMILLION } from './palette.js';
import { fitText, textWidth } from './text-width.js';
import { createCountAxis } from './ticks.js';

/** How a covariance type is drawn. Later ones are smaller and thinner: where types agree, all are seen. */
interface Style {
  colour: string;
  /** Outline of the marker around (0, 0). */
  marker: string;
  strokeWidth: number;
}

const STYLES: Record<CovarianceType, Style> = {
  full: { colour: BLUE, marker: 'M-5.5,0A5.5,5.5,0,1,1,5.5,0A5.5,5.5,0,1,1,-5.5,0Z', strokeWidth: 3 },
  tied: { colour: VERMILLION, marker: 'M-4.5,-4.5H4.5V4.5H-4.5Z', strokeWidth: 2.5 },
  diag: { colour: GREEN, marker: 'M0,-5.5L5,3.5H-5Z', strokeWidth: 2 },
  spherical: { colour: PURPLE, marker: 'M0,-5L4,0L0,5L-4,0Z', strokeWidth: 1.5 },
};
const LABEL_SIZE = 14;
const ARROW = 'M-4,3L0,-3L4,3';
const CROSS = 'M-3.5,-3.5L3.5,3.5M-3.5,3.5L3.5,-3.5';
/** Pixels between the arrows or crosses of two types at the same k. */
const SIDE_BY_SIDE = 10;
/**
 * Draws the criterion of all cells of a sweep.
 *
 * @param input - the cells, the criterion, and which cell was chosen
 * @returns a self-contained SVG document
 * @throws GmmError `MISSING_DEPENDENCY` without @observablehq/plot and linkedom; `INVALID_OPTION` for a choice that
 *   is no cell with a value
 * @example
 * ```ts
 * const { best, fits, criterion } = await selectModel(data, { nComponents: [1, 2, 3, 4] });
 * const svg = await criterionSvg({ fits, criterion, best: best.model });
 * ```
 */
export async function criterionSvg(input: CriterionInput): Promise<string> {
  checkSweep(input);
  const width = resolvePixels('width', input.width, 720);
  const height = resolvePixels('height', input.height, 440);
  const sweep = createSweep(input);
  const { name, types, counts, points, low, high } = sweep;
  const canvas = await openCanvas();

  const [first, last] = counts.length > 1 ? [counts[0], counts[counts.length - 1]] : [0, types.length - 1];
  const room = counts.length > 1 ? Math.max(0.4, (last - first) * 0.05) : 0.6;
  const xDomain: [number, number] = [first - room, last + room];
  const frame: Frame = {
    title: input.title ?? `Choice of the model by ${name}`,
    subtitle: input.subtitle ?? `${sweep.tried}; lower is better${sweep.edge}`,
    description:
      `${name} of ${plural(points.length, 'model')}: ${sweep.tried}. ` +
      `Chosen: ${sweep.chosenName}, ${name} ${sweep.format(sweep.chosen.value)}${sweep.edge}.`,
    width,
    height,
    xDomain,
    // Room above for arrows and crosses, below for the name of the choice.
    yDomain: [low - (high - low) * 0.22, high + (high - low) * 0.1],
    xTickDistance: 28,
    createXAxis:
      counts.length > 1
        ? createCountAxis
        : (domain) => ({ domain, ticks: types.map((_, i) => i), labels: types }),
    xLabel: counts.length > 1 ? 'components' : `covariance, ${plural(counts[0], 'component')}`,
    yLabel: name,
    legend: createLegend(canvas, sweep),
  };
  return drawFrame(canvas, frame, [
    linesMark(canvas, sweep),
    pointsMark(canvas, sweep),
    chosenMark(canvas, sweep),
  ]);
}

/** Every type's line, without its parts above the range. */
function linesMark(canvas: Canvas, { types, counts, points, high }: Sweep): Mark {
  return createMark(({ toX, toY }) => {
    const group = createElement(canvas, 'g', { 'aria-label': 'lines', fill: 'none', 'stroke-opacity': 0.75 });
    for (const type of types) {
      const own = points.filter((point) => point.type === type);
      let d = '';
      for (let i = 1; i < own.length && counts.length > 1; i++) {
        const [from, to] = cutAbove(own[i - 1], own[i], high);
        if (from.value <= high && to.value <= high) {
          d += `M${toX(from.at)},${toY(from.value)}L${toX(to.at)},${toY(to.value)}`;
        }
      }
      group.append(
        createElement(canvas, 'path', {
          d,
          stroke: STYLES[type].colour,
          'stroke-width': STYLES[type].strokeWidth,
          'aria-label': type,
        }),
      );
    }
    return group;
  });
}

/** The part of a line between two points that lies within the range. */
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

/** A marker for every cell; at the upper edge arrows for those above the range and crosses for those without a model. */
function pointsMark(canvas: Canvas, { types, counts, points, missing, high }: Sweep): Mark {
  return createMark(({ toX, toY, top }) => {
    const group = createElement(canvas, 'g', { 'aria-label': 'points' });
    const draw = (symbol: SvgElement, x: number, y: number) => {
      symbol.setAttribute('transform', `translate(${x},${y})`);
      group.append(symbol);
    };
    const beside = ({ type, at }: Place) =>
      toX(at) + (counts.length > 1 ? (types.indexOf(type) - (types.length - 1) / 2) * SIDE_BY_SIDE : 0);
    for (const type of types) {
      for (const point of points) {
        if (point.type !== type) continue;
        if (point.value > high) draw(createArrow(canvas, STYLES[type].colour), beside(point), top + 9);
        else draw(createMarker(canvas, type, point.converged), toX(point.at), toY(point.value));
      }
      for (const place of missing) {
        if (place.type === type) draw(createCross(canvas, STYLES[type].colour), beside(place), top + 9);
      }
    }
    return group;
  });
}

/** A ring around the chosen cell, and its name. */
function chosenMark(canvas: Canvas, { chosen, chosenName, name, format }: Sweep): Mark {
  return createMark(({ toX, toY, left, right, bottom }) => {
    const cx = toX(chosen.at);
    const cy = toY(chosen.value);
    const group = createElement(canvas, 'g', { 'aria-label': 'chosen' });
    const text = fitText(`chosen: ${chosenName} (${name} ${format(chosen.value)})`, right - left, LABEL_SIZE);
    const half = textWidth(text, LABEL_SIZE) / 2;
    const x = Math.max(Math.min(cx, right - half), left + half);
    // Below, where the lowest value leaves room, or above.
    const y = cy + 32 < bottom ? cy + 28 : cy - 18;
    group.append(
      createElement(canvas, 'circle', { cx, cy, r: 10, fill: 'none', stroke: INK, 'stroke-width': 2 }),
      ...createHaloText(canvas, text, { x, y, 'font-size': LABEL_SIZE }),
    );
    return group;
  });
}

function createMarker(canvas: Canvas, type: CovarianceType, filled: boolean): SvgElement {
  const { colour, marker } = STYLES[type];
  const colours = filled ? { fill: colour, stroke: '#fff' } : { fill: '#fff', stroke: colour };
  return createElement(canvas, 'path', { d: marker, ...colours, 'stroke-width': filled ? 1 : 2 });
}

function createArrow(canvas: Canvas, stroke: string): SvgElement {
  return createElement(canvas, 'path', { d: ARROW, fill: 'none', stroke, 'stroke-width': 2 });
}

function createCross(canvas: Canvas, stroke: string): SvgElement {
  return createElement(canvas, 'path', { d: CROSS, stroke, 'stroke-width': 2 });
}

function createLegend(canvas: Canvas, { types, points, missing, high, format }: Sweep): LegendItem[] {
  const symbol = (draw: () => SvgElement): (() => SvgElement[]) => {
    return () => {
      const group = createElement(canvas, 'g', { transform: 'translate(13,0)' });
      group.append(draw());
      return [group];
    };
  };
  const items = types.map((type): LegendItem => {
    const { colour, strokeWidth } = STYLES[type];
    const own = points.filter((point) => point.type === type);
    const line = { x1: 0, x2: 26, y1: 0, y2: 0, stroke: colour, 'stroke-width': strokeWidth };
    return {
      symbolWidth: 26,
      draw: () => [
        createElement(canvas, 'line', { ...line, 'stroke-opacity': 0.75 }),
        ...symbol(() => createMarker(canvas, type, true))(),
      ],
      text: own.length > 0 && own.every(({ value }) => value > high) ? `${type} (above the range)` : type,
    };
  });
  if (points.some(({ converged }) => !converged)) {
    const draw = symbol(() => createMarker(canvas, types[0], false));
    items.push({ symbolWidth: 26, draw, text: 'hollow: not converged' });
  }
  const above = points.filter(({ value }) => value > high).map(({ value }) => value);
  if (above.length > 0) {
    const draw = symbol(() => createArrow(canvas, INK));
    const text = `above the range: ${above.length}, up to ${format(Math.max(...above))}`;
    items.push({ symbolWidth: 26, draw, text });
  }
  if (missing.length > 0) {
    const draw = symbol(() => createCross(canvas, INK));
    items.push({ symbolWidth: 26, draw, text: `no model: ${missing.length}, failed or collapsed` });
  }
  return items;
}
