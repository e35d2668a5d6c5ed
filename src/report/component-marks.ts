/**
 * Rows and components over two coordinates: points in their component's colour, the paler the less certain, a ring
 * around those of the fringe, each component's ellipses of 50 % and 95 %, its mean and its number.
 */

import {
  type Canvas,
  createElement,
  createHaloText,
  createMark,
  INK,
  type Mark,
  type SvgElement,
} from './canvas.js';
import {
  type Coordinate,
  covarianceAlong,
  meanAlong,
  takeValues,
  type View,
  viewCovariance,
} from './coordinate.js';
import { chiSquare2, computeEllipse } from './ellipse.js';
import type { LegendItem } from './frame.js';
import { formatCount, type ResolvedInput } from './input.js';
import type { ComponentColour } from './palette.js';
import type { RowSelection } from './selection.js';
import { padDomain } from './ticks.js';

/** Share of a component's points inside its inner and its outer ellipse. */
const INNER = 0.5;
const OUTER = 0.95;
/** A point's opacity by the responsibility of its component: the first line that it reaches. */
const FADING: readonly { atLeast: number; opacity: number }[] = [
  { atLeast: 0.95, opacity: 0.7 },
  { atLeast: 0.8, opacity: 0.5 },
  { atLeast: 0.65, opacity: 0.35 },
  { atLeast: 0, opacity: 0.22 },
];
/** Rows of a block; within one, points are grouped by colour, and no component lies over all others. */
const BLOCK = 1_000;
/** Components that a legend lists; more have their colours again and their numbers in the picture. */
const MAX_LISTED = 12;

/**
 * @param canvas - where it is drawn
 * @param input - the mixture and rows
 * @param selection - which rows
 * @param view - over which two coordinates
 * @param colours - one a component
 * @param radius - of a point, in pixels
 * @returns the marks, from the back to the front
 */
export function createComponentMarks(
  canvas: Canvas,
  input: ResolvedInput,
  selection: RowSelection,
  view: View,
  colours: readonly ComponentColour[],
  radius: number,
): Mark[] {
  const { parameters } = input;
  return [
    ...pointMarks(canvas, input, selection, view, colours, radius),
    fringeMark(canvas, input, selection, view, radius),
    ...colours.map(({ stroke }, j) => ellipsesMark(canvas, input, j, view, stroke)),
    ...Array.from({ length: parameters.nComponents }, (_, j) => meanMark(canvas, input, j, view)),
  ];
}

/**
 * @param input - the mixture and rows
 * @param selection - the rows that are drawn
 * @param coordinate - what the axis shows
 * @returns the range of the rows and of all ellipses: an ellipse reaches √(uᵀΣu χ²) to either side
 */
export function computeDomain(
  input: ResolvedInput,
  selection: RowSelection,
  coordinate: Coordinate,
): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of takeValues(input, selection.drawn, coordinate)) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (let j = 0; j < input.parameters.nComponents; j++) {
    const mean = meanAlong(input.parameters, j, coordinate);
    const variance = covarianceAlong(input.parameters, j, coordinate, coordinate);
    const reach = Math.sqrt(Math.max(0, variance) * chiSquare2(OUTER));
    low = Math.min(low, mean - reach);
    high = Math.max(high, mean + reach);
  }
  return padDomain(low, high, 0.03);
}

function pointMarks(
  canvas: Canvas,
  input: ResolvedInput,
  { drawn, labels }: RowSelection,
  { x, y }: View,
  colours: readonly ComponentColour[],
  radius: number,
): Mark[] {
  const { responsibilities, parameters } = input;
  const k = parameters.nComponents;
  const marks: Mark[] = [];
  for (let first = 0; first < drawn.length; first += BLOCK) {
    const groups: number[][] = Array.from({ length: k * FADING.length }, () => []);
    for (const i of drawn.subarray(first, first + BLOCK)) {
      const r = responsibilities[i * k + labels[i]];
      const level = Math.max(
        0,
        FADING.findIndex(({ atLeast }) => r >= atLeast),
      );
      groups[labels[i] * FADING.length + level].push(i);
    }
    for (const [group, rows] of groups.entries()) {
      if (rows.length === 0) continue;
      const indices = Uint32Array.from(rows);
      marks.push(
        canvas.Plot.dot(
          { length: indices.length },
          {
            x: takeValues(input, indices, x),
            y: takeValues(input, indices, y),
            fill: colours[Math.floor(group / FADING.length)].fill,
            fillOpacity: FADING[group % FADING.length].opacity,
            r: radius,
          },
        ),
      );
    }
  }
  return marks;
}

/** One path for all rings: they are many, and none of them fades. */
function fringeMark(
  canvas: Canvas,
  input: ResolvedInput,
  { fringe }: RowSelection,
  { x, y }: View,
  radius: number,
): Mark {
  return createMark(({ toX, toY, left, right, top, bottom }) => {
    const xs = takeValues(input, fringe, x);
    const ys = takeValues(input, fringe, y);
    let d = '';
    for (let i = 0; i < fringe.length; i++) d += ringPath(toX(xs[i]), toY(ys[i]), radius + 1);
    // Where rings would become a blot they are thinner and let through what is below.
    const room = ((right - left) * (bottom - top)) / fringe.length;
    const ring = createElement(canvas, 'path', { d, fill: 'none', stroke: INK, 'aria-label': 'fringe' });
    ring.setAttribute('stroke-width', room > 1_500 ? '1.25' : room > 400 ? '1' : '0.6');
    if (room <= 400) ring.setAttribute('stroke-opacity', '0.6');
    return ring;
  });
}

function ringPath(cx: number, cy: number, r: number): string {
  return `M${cx - r},${cy}a${r},${r},0,1,0,${2 * r},0a${r},${r},0,1,0,${-2 * r},0Z`;
}

/** Both ellipses of a component. Scaled axes are linear, so an ellipse stays one: S Σ Sᵀ with pixels per unit S. */
function ellipsesMark(
  canvas: Canvas,
  { parameters }: ResolvedInput,
  j: number,
  view: View,
  stroke: string,
): Mark {
  return createMark(({ toX, toY }) => {
    const perX = toX(1) - toX(0);
    const perY = toY(1) - toY(0);
    const { xx, xy, yy } = viewCovariance(parameters, j, view);
    const inPixels = { xx: xx * perX * perX, xy: xy * perX * perY, yy: yy * perY * perY };
    const at = `${toX(meanAlong(parameters, j, view.x))},${toY(meanAlong(parameters, j, view.y))}`;
    const group = createElement(canvas, 'g', { fill: 'none', stroke, 'aria-label': `component ${j}` });
    for (const p of [OUTER, INNER]) {
      const { major, minor, angle } = computeEllipse(inPixels, p);
      group.append(
        createElement(canvas, 'ellipse', {
          // Half a pixel at least: an ellipse without width is not drawn.
          rx: Math.max(0.5, major),
          ry: Math.max(0.5, minor),
          transform: `translate(${at}) rotate(${(angle * 180) / Math.PI})`,
          ...ellipseStroke(p),
        }),
      );
    }
    return group;
  });
}

function ellipseStroke(p: number): Record<string, string | number> {
  return p === INNER ? { 'stroke-width': 2 } : { 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
}

/** A cross at the mean and the component's number beside it, from 0 as in `predict`'s labels. */
function meanMark(canvas: Canvas, { parameters }: ResolvedInput, j: number, view: View): Mark {
  return createMark(({ toX, toY, left, right }) => {
    const x = toX(meanAlong(parameters, j, view.x));
    const y = toY(meanAlong(parameters, j, view.y));
    const group = createElement(canvas, 'g', { transform: `translate(${x},${y})` });
    const size = numberSize(right - left);
    const number = { x: 7, y: -5, 'font-size': size, 'font-weight': 700, 'text-anchor': 'start' };
    group.append(
      createCross(canvas, '#fff', 5),
      createCross(canvas, INK, 2),
      ...createHaloText(canvas, String(j), number),
    );
    return group;
  });
}

/**
 * @param room - width of the panel, in pixels
 * @returns size of the components' numbers in it, in pixels
 */
export function numberSize(room: number): number {
  return room < 300 ? 11 : 13;
}

function createCross(canvas: Canvas, stroke: string, strokeWidth: number): SvgElement {
  return createElement(canvas, 'path', {
    d: 'M-5,0H5M0,-5V5',
    fill: 'none',
    stroke,
    'stroke-width': strokeWidth,
  });
}

/**
 * @param colours - one a component
 * @param draw - a component's symbol, 12 pixels wide
 * @param text - what they stand for
 * @returns every component's symbol and number
 */
export function createComponentItems(
  colours: readonly ComponentColour[],
  draw: (colour: ComponentColour) => SvgElement,
  text: string,
): LegendItem[] {
  if (colours.length === 1) return [{ symbolWidth: 12, draw: () => [draw(colours[0])], text }];
  const items: LegendItem[] = colours
    .slice(0, MAX_LISTED)
    .map((colour, j) => ({ symbolWidth: 12, draw: () => [draw(colour)], text: String(j), gap: 8 }));
  const rest = colours.length > MAX_LISTED ? `… ${colours.length - 1} ` : '';
  return [...items, { symbolWidth: -6, draw: () => [], text: `${rest}${text}` }];
}

/**
 * @param canvas - where it is drawn
 * @param input - numbers of rows
 * @param selection - number of fringe rows
 * @param colours - one a component
 * @returns what the component marks stand for
 */
export function createComponentLegend(
  canvas: Canvas,
  input: ResolvedInput,
  selection: RowSelection,
  colours: readonly ComponentColour[],
): LegendItem[] {
  const dot = ({ fill }: ComponentColour) =>
    createElement(canvas, 'circle', { cx: 6, cy: 0, r: 4.5, fill, 'fill-opacity': 0.8 });
  return [
    ...createComponentItems(colours, dot, colours.length > 1 ? 'components, paler if uncertain' : 'rows'),
    {
      symbolWidth: 12,
      draw: () => [createElement(canvas, 'path', { d: ringPath(6, 0, 4), fill: 'none', stroke: INK })],
      text: describeFringe(input, selection),
    },
    ...[INNER, OUTER].map((p) => ({
      symbolWidth: 22,
      draw: () => [
        createElement(canvas, 'ellipse', {
          ...{ cx: 11, cy: 0, rx: 10, ry: 5, fill: 'none', stroke: INK },
          ...ellipseStroke(p),
        }),
      ],
      text: p === INNER ? `${INNER * 100} %` : `${OUTER * 100} % of a component`,
    })),
    {
      symbolWidth: 12,
      draw: () => {
        const group = createElement(canvas, 'g', { transform: 'translate(6,0)' });
        group.append(createCross(canvas, INK, 2));
        return [group];
      },
      text: 'mean',
    },
  ];
}

/**
 * @param input - the margin
 * @param selection - the fringe
 * @returns what the fringe is and how many rows it has
 */
export function describeFringe({ fringeMargin }: ResolvedInput, { nFringe, fringe }: RowSelection): string {
  const drawn = fringe.length < nFringe ? `, the ${formatCount(fringe.length)} closest ties marked` : '';
  return `fringe (${formatCount(nFringe)}, top two probabilities within ${fringeMargin}${drawn})`;
}

/**
 * @param input - subtitle
 * @param selection - drawn rows
 * @returns the subtitle, and how many rows are drawn where that is not all
 */
export function describeDrawn({ subtitle, nSamples }: ResolvedInput, { drawn }: RowSelection): string {
  if (drawn.length === nSamples) return subtitle;
  return `${subtitle}; ${formatCount(drawn.length)} of ${formatCount(nSamples)} rows drawn`;
}
