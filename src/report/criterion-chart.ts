/**
 * How a model was chosen: the criterion of every cell of a sweep over its number of components, a line with a colour
 * and a marker of its own for each covariance type, the chosen cell named. What lies far above would press the rest
 * flat; it is cut off, and an arrow at the upper edge says so.
 */

import { describe, GmmError } from '../errors.js';
import { COVARIANCE_TYPES, type CovarianceType, type Criterion, type FitStatus } from '../types.js';
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
import { drawFrame, type Frame, type LegendItem } from './frame.js';
import { plural, resolvePixels } from './input.js';
import { BLUE, GREEN, PURPLE, VERMILLION } from './palette.js';
import { fitText, textWidth } from './text-width.js';
import { createCountAxis, padDomain } from './ticks.js';

/** A cell of a sweep, as in the `fits` of what `selectModel` gives. */
export interface CriterionCell {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
  /** Absent, as the two below, where there is no model. */
  readonly bic?: number | undefined;
  readonly aic?: number | undefined;
  readonly icl?: number | undefined;
}

/** A sweep to draw. */
export interface CriterionInput {
  /** Every cell of the sweep, in any order. */
  fits: readonly CriterionCell[];
  criterion: Criterion;
  /** The chosen cell; the model of a `FitResult` has both. */
  best: { readonly nComponents: number; readonly covarianceType: CovarianceType };
  /** Heading; default: what was chosen by. */
  title?: string | undefined;
  /** Line below the heading; default: what was tried. */
  subtitle?: string | undefined;
  /** Pixels, >= 240; default 720. */
  width?: number | undefined;
  /** Pixels, >= 240; default 440. */
  height?: number | undefined;
}

/** A cell, where the chart has it. */
interface Place {
  type: CovarianceType;
  /** On the axis to the right: k, or the type's index where all cells have the same k. */
  at: number;
}

/** A cell with a model. */
interface Point extends Place {
  value: number;
  converged: boolean;
}

/** What is drawn: the cells, sorted into those with and without a model. */
interface Sweep {
  /** `bic`, but as people write it. */
  name: string;
  /** Covariance types that were tried. */
  types: CovarianceType[];
  /** Numbers of components that were tried, upwards. */
  counts: number[];
  /** From left to right. */
  points: Point[];
  missing: Place[];
  chosen: Point;
  /** The chosen model in words. */
  chosenName: string;
  /** What was tried, in words. */
  tried: string;
  /** Lowest and highest value drawn; what lies above is cut off. */
  low: number;
  high: number;
  /** Writes a value with as many digits as tell the best two apart. */
  format: (value: number) => string;
}

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
/** The range ends this many times as far above the lowest value as the lowest quarter of the cells does. */
const RANGE_OF_QUARTERS = 5;
/** A range longer than that by less than this factor is shown whole. */
const WORTH_CUTTING = 1.5;

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
    subtitle: input.subtitle ?? `${sweep.tried}; lower is better`,
    description:
      `${name} of ${plural(points.length, 'model')}: ${sweep.tried}. ` +
      `Chosen: ${sweep.chosenName}, ${name} ${sweep.format(sweep.chosen.value)}.`,
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

function createSweep({ fits, criterion, best }: CriterionInput): Sweep {
  const types = COVARIANCE_TYPES.filter((type) => fits.some((cell) => cell.covarianceType === type));
  const counts = [...new Set(fits.map((cell) => cell.nComponents))].sort((a, b) => a - b);
  const placeOf = ({ nComponents, covarianceType: type }: CriterionInput['best']): Place => ({
    type,
    at: counts.length > 1 ? nComponents : types.indexOf(type),
  });
  const points: Point[] = [];
  const missing: Place[] = [];
  let chosen: Point | undefined;
  for (const cell of fits) {
    const value = cell[criterion];
    if (cell.status === 'failed' || cell.status === 'degenerate' || !Number.isFinite(value)) {
      missing.push(placeOf(cell));
      continue;
    }
    const point = { ...placeOf(cell), value: value as number, converged: cell.status === 'converged' };
    points.push(point);
    if (cell.nComponents === best.nComponents && cell.covarianceType === best.covarianceType) chosen = point;
  }
  if (chosen === undefined) {
    throw new GmmError(
      'INVALID_OPTION',
      `"best" must be one of "fits" with a value of ${criterion}, got ${describe(best.covarianceType)} ` +
        `with ${describe(best.nComponents)} components; pass the model that selectModel chose`,
    );
  }
  points.sort((a, b) => a.at - b.at);
  const values = distinctValues(points);
  const digits = values.length > 1 ? Math.ceil(-Math.log10(values[1] - values[0])) : 1;
  const nTypes = types.length === 1 ? `${types[0]} covariance` : `${types.length} covariance types`;
  const nComponents =
    counts.length > 1
      ? `${counts[0]} to ${counts[counts.length - 1]} components`
      : plural(counts[0], 'component');
  return {
    name: criterion.toUpperCase(),
    types,
    counts,
    points,
    missing,
    chosen,
    chosenName: `${best.covarianceType}, ${plural(best.nComponents, 'component')}`,
    tried: `${nComponents}, ${nTypes}`,
    ...computeRange(values, chosen.value),
    format: (value) => value.toFixed(Math.min(Math.max(digits, 1), 6)).replace('-', '−'),
  };
}

/** Upwards, without those that differ by rounding alone, as of two types that are the same model. */
function distinctValues(points: Point[]): number[] {
  const values = points.map(({ value }) => value).sort((a, b) => a - b);
  const least = 1e-6 * (values[values.length - 1] - values[0]);
  return values.filter((value, i) => i === 0 || value - values[i - 1] > least);
}

/** Of the values, upwards, those to show: from the lowest, as far up as tells the low ones apart. */
function computeRange(values: number[], chosen: number): { low: number; high: number } {
  const n = values.length;
  const low = values[0];
  const highest = values[n - 1];
  if (n < 2) {
    const [below, above] = padDomain(low, low, 0);
    return { low: below, high: above };
  }
  // The lowest quarter, but three values where that leaves one out.
  const quarter = values[Math.max(1, Math.min(n - 2, Math.max(2, Math.ceil(n / 4))))];
  const cut = Math.max(low + RANGE_OF_QUARTERS * (quarter - low), chosen);
  return { low, high: highest - low > WORTH_CUTTING * (cut - low) ? cut : highest };
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
