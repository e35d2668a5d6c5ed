/** Rows as dots in the colour of their component, paler if they are less certain, noise as crosses, and rings around rows on the fringe. */

import { type Area, isSmall } from './area.js';
import { NOISE_LABEL } from './certainty.js';
import type { Look } from './look.js';
import { type SvgNode, svg } from './svg-node.js';

/** Rows with their places in a panel. All arrays have the same length. */
export interface PlacedRows {
  /** Pixels from the left. */
  xs: Float64Array;
  /** Pixels from the top. */
  ys: Float64Array;
  /** The likeliest component; −1 for noise. */
  labels: ArrayLike<number>;
  /** The probability of that component. */
  certainties: ArrayLike<number>;
}

/** Opacity of a dot by its certainty: the first line that applies. */
const FADING: readonly { atLeast: number; opacity: number }[] = [
  { atLeast: 0.95, opacity: 0.75 },
  { atLeast: 0.8, opacity: 0.55 },
  { atLeast: 0.65, opacity: 0.4 },
  { atLeast: 0, opacity: 0.28 },
];
/** Dots are grouped by colour within blocks of so many rows, so that no component covers all others. */
const BLOCK = 1_000;
/** Dots in one path do not darken each other; with so many paths few dots of one path overlap. */
const PATHS = 600;

/** @returns radius of a dot in pixels, if there are n of them */
export function dotRadius(area: Area, n: number): number {
  if (isSmall(area)) return n > 2_000 ? 1 : n > 500 ? 1.5 : 2;
  return n > 5_000 ? 1.5 : n > 1_000 ? 2 : 3;
}

/** @returns path data of a dot: a line without length, which its round ends make a disc */
export function dotPath(x: number, y: number): string {
  return `M${tenths(x)},${tenths(y)}h.01`;
}

/** @returns path data of the mark of noise, a small cross like an x */
export function crossPath(x: number, y: number, radius: number): string {
  const [left, top, size] = [tenths(x - radius), tenths(y - radius), tenths(2 * radius)];
  return `M${left},${top}l${size},${size}m0,${-size}l${-size},${size}`;
}

/** One decimal is enough for a dot, and there are thousands of them. */
function tenths(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/**
 * @param look - colours
 * @param rows - with their places
 * @param shown - indices of the rows to draw
 * @param radius - of a dot, in pixels
 */
export function drawDots(
  look: Look,
  { xs, ys, labels, certainties }: PlacedRows,
  shown: ArrayLike<number>,
  radius: number,
): SvgNode {
  const noise: string[] = [];
  const dotsPerPath = Math.ceil(shown.length / PATHS);
  const groups: SvgNode[] = [];
  for (let first = 0; first < shown.length; first += BLOCK) {
    const dots = new Map<number, string[]>();
    for (let at = first; at < Math.min(first + BLOCK, shown.length); at++) {
      const i = shown[at];
      if (labels[i] === NOISE_LABEL) {
        noise.push(crossPath(xs[i], ys[i], radius));
        continue;
      }
      const level = FADING.findIndex(({ atLeast }) => certainties[i] >= atLeast);
      const key = labels[i] * FADING.length + Math.max(0, level);
      const group = dots.get(key);
      if (group) group.push(dotPath(xs[i], ys[i]));
      else dots.set(key, [dotPath(xs[i], ys[i])]);
    }
    for (const [key, group] of dots) {
      const paths: SvgNode[] = [];
      for (let at = 0; at < group.length; at += dotsPerPath) {
        paths.push(svg('path', { d: group.slice(at, at + dotsPerPath).join('') }));
      }
      const stroke = look.fill(Math.floor(key / FADING.length));
      const { opacity } = FADING[key % FADING.length];
      groups.push(svg('g', { stroke, 'stroke-opacity': opacity }, paths));
    }
  }
  if (noise.length > 0)
    groups.push(svg('path', { d: noise.join(''), stroke: look.softInk, 'stroke-width': 1 }));
  const style = { fill: 'none', 'stroke-width': 2 * radius, 'stroke-linecap': 'round' };
  return svg('g', { class: 'dots', ...style }, groups);
}

/**
 * Draws all rings as one path: there are many, and they do not fade.
 *
 * @param look - colours
 * @param area - the panel
 * @param xs - pixels from the left, of every row on the fringe
 * @param ys - pixels from the top
 * @param radius - of the dots inside, in pixels
 */
export function drawRings(
  look: Look,
  { left, right, top, bottom }: Area,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  radius: number,
): SvgNode {
  // Rings that lie close together are smaller and thinner, and let the dots below show through.
  const room = ((right - left) * (bottom - top)) / xs.length;
  const isCrowded = room <= 400;
  let d = '';
  for (let i = 0; i < xs.length; i++) d += ringPath(xs[i], ys[i], radius + (isCrowded ? 0.6 : 1));
  return svg('path', {
    ...{ class: 'rings', d, fill: 'none', stroke: look.ink },
    'stroke-width': isCrowded ? 0.6 : room > 1_500 ? 1.25 : 1,
    'stroke-opacity': isCrowded ? 0.45 : 1,
  });
}

/** @returns path data of a circle */
export function ringPath(x: number, y: number, radius: number): string {
  const step = 2 * radius;
  return `M${tenths(tenths(x) - radius)},${tenths(y)}a${radius},${radius},0,1,0,${step},0a${radius},${radius},0,1,0,${-step},0`;
}
