/** Components over two axes: ellipses that hold 50 % and 95 % of their points, a cross at the mean, and a number. */

import { type Area, numberSize } from './area.js';
import { type Domain, padDomain } from './axis.js';
import { type Covariance2, computeEllipse, squaredRadius } from './ellipse.js';
import { drawHaloText, type Look } from './look.js';
import { moveTo, px, type SvgAttributes, type SvgNode, svg } from './svg-node.js';

/** A component over the two axes of a panel. */
export interface Gaussian2 {
  /** Mean to the right and upwards. */
  x: number;
  y: number;
  covariance: Covariance2;
  /** Degrees of freedom of a t component, whose scale matrix is in `covariance`. */
  degrees?: number | undefined;
}

/** Share of a component's points inside its inner and its outer ellipse. */
export const INNER = 0.5;
export const OUTER = 0.95;

/**
 * @param values - of the rows along an axis
 * @param components - mean and variance of every component along the same axis; of t components with degrees of freedom
 * @returns the range of the rows and of all ellipses, with a little room. An ellipse reaches √(σ² χ²) to either side of its
 *   mean
 */
export function mixtureDomain(
  values: Iterable<number>,
  components: readonly { mean: number; variance: number; degrees?: number | undefined }[],
): Domain {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (const { mean, variance, degrees } of components) {
    const reach = Math.sqrt(Math.max(0, variance) * squaredRadius(OUTER, degrees));
    low = Math.min(low, mean - reach);
    high = Math.max(high, mean + reach);
  }
  return padDomain(low, high, 0.03);
}

/** @returns both ellipses and the mean of every component, from the back to the front */
export function drawGaussians(look: Look, area: Area, gaussians: readonly Gaussian2[]): SvgNode[] {
  return [
    ...gaussians.map((gaussian, j) => drawEllipses(look, area, gaussian, j)),
    ...gaussians.map((gaussian, j) => drawMean(look, area, gaussian, j)),
  ];
}

/** Scales are linear: with S = pixels per unit, the ellipse of Σ becomes that of S Σ Sᵀ. */
function drawEllipses(
  look: Look,
  { toX, toY }: Area,
  { x, y, covariance, degrees }: Gaussian2,
  j: number,
): SvgNode {
  const perX = toX(1) - toX(0);
  const perY = toY(1) - toY(0);
  const { xx, xy, yy } = covariance;
  const inPixels = { xx: xx * perX * perX, xy: xy * perX * perY, yy: yy * perY * perY };
  const ellipses = [OUTER, INNER].map((p) => {
    const { major, minor, angle } = computeEllipse(inPixels, p, degrees);
    return svg('ellipse', {
      // At least half a pixel: an ellipse without width is not drawn.
      rx: px(Math.max(0.5, major)),
      ry: px(Math.max(0.5, minor)),
      transform: `${moveTo(toX(x), toY(y))} rotate(${px((angle * 180) / Math.PI)})`,
      ...ellipseStroke(p),
    });
  });
  return svg('g', { class: 'ellipses', fill: 'none', stroke: look.stroke(j) }, ellipses);
}

/** @returns the stroke of the ellipse that holds a share p: solid inside, dashed outside */
export function ellipseStroke(p: number): SvgAttributes {
  return p === INNER ? { 'stroke-width': 2 } : { 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
}

/** Numbers start at 0, as in the labels of `predict`. */
function drawMean(look: Look, area: Area, { x, y }: Gaussian2, j: number): SvgNode {
  return svg('g', { class: 'mean', transform: moveTo(area.toX(x), area.toY(y)) }, [
    drawCross(look.paper, 5),
    drawCross(look.ink, 2),
    drawHaloText(look, String(j), { x: 7, y: -5, 'font-size': numberSize(area), 'font-weight': 700 }),
  ]);
}

/** @returns a cross at the origin, 10 pixels wide */
export function drawCross(stroke: string, strokeWidth: number): SvgNode {
  return svg('path', { d: 'M-5,0H5M0,-5V5', fill: 'none', stroke, 'stroke-width': strokeWidth });
}
