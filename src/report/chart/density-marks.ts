/** The marks of a histogram: bars, the density of every component, and the sum of the densities. */

import { type Area, numberSize } from './area.js';
import type { Domain } from './axis.js';
import { type Curve, type CurvePoint, densityAt, sampleCurve, sampleSum } from './curve.js';
import type { Bars } from './histogram.js';
import { drawHaloText, type Look } from './look.js';
import { linePath, px, type SvgNode, svg } from './svg-node.js';

/** The curves of a histogram, sampled over its axis. */
export interface DensityLines {
  curves: readonly Curve[];
  lines: readonly (readonly CurvePoint[])[];
  sum: readonly CurvePoint[];
  /** Densities above this one are cut off. */
  highest: number;
}

/** A curve is cut off at this many times the highest bar: a narrow spike would flatten all others. */
const MAX_OVER_BARS = 3;
/** With more bars than this, the gaps between them would be as wide as the bars. */
const MAX_GAPS = 25;

/**
 * @param bars - of the same column
 * @param curves - one per component
 * @param domain - range of the axis to the right
 */
export function createDensityLines(
  { heights }: Bars,
  curves: readonly Curve[],
  domain: Domain,
): DensityLines {
  const sum = sampleSum(curves, domain);
  const highestBar = heights.reduce((a, b) => Math.max(a, b), 0);
  const highestSum = sum.reduce((a, [, density]) => Math.max(a, density), 0);
  const highest =
    highestBar > 0 ? Math.max(highestBar, Math.min(highestSum, MAX_OVER_BARS * highestBar)) : highestSum;
  return { curves, lines: curves.map((curve) => sampleCurve(curve, domain)), sum, highest };
}

/** @returns the end of the axis upwards, with room for the numbers above the peaks */
export function densityTop({ highest }: DensityLines): number {
  return highest > 0 ? highest * 1.08 : 1;
}

/** @returns the bars as one path */
export function drawBars(look: Look, { toX, toY }: Area, { limits, heights }: Bars): SvgNode {
  const gap = heights.length > MAX_GAPS ? 0 : 0.5;
  const zero = px(toY(0));
  const bars = heights.map((height, i) => {
    const [left, right] = [px(toX(limits[i]) + gap), px(toX(limits[i + 1]) - gap)];
    return `M${left},${zero}V${px(toY(height))}H${right}V${zero}Z`;
  });
  return svg('path', { class: 'bars', d: bars.join(''), fill: look.bar });
}

/** @returns the sum behind the curves of the components, and the line at zero */
export function drawCurves(look: Look, area: Area, { lines, sum, highest }: DensityLines): SvgNode[] {
  const { left, right, toX, toY } = area;
  const line = (points: readonly CurvePoint[]) =>
    linePath(points.map(([value, density]) => [toX(value), toY(Math.min(density, highest))]));
  const sumStroke = { stroke: look.ink, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' };
  return [
    svg('g', { class: 'curves', fill: 'none', 'stroke-linejoin': 'round' }, [
      svg('path', { class: 'sum', d: line(sum), ...sumStroke }),
      ...lines.map((points, j) =>
        svg('path', { class: 'curve', d: line(points), stroke: look.fill(j), 'stroke-width': 2.5 }),
      ),
    ]),
    svg('path', { class: 'zero', d: `M${px(left)},${px(toY(0))}H${px(right)}`, stroke: look.ink }),
  ];
}

/** @returns the number of every component above its peak; none for a single component */
export function drawNumbers(look: Look, area: Area, { curves, highest }: DensityLines): SvgNode {
  const { left, right, toX, toY } = area;
  const numbers = curves.map((curve, j) => {
    const x = px(Math.min(Math.max(toX(curve.mean), left + 8), right - 8));
    const y = px(toY(Math.min(densityAt(curve, curve.mean), highest)) - 6);
    return drawHaloText(look, String(j), { x, y, 'font-size': numberSize(area), 'font-weight': 700 });
  });
  const children = curves.length > 1 ? numbers : [];
  return svg('g', { class: 'numbers', 'text-anchor': 'middle' }, children);
}
