/** The objective of a fit from step to step. */

import { drawFrame } from '../chart/axes.js';
import { createCountAxis, padDomain } from '../chart/axis.js';
import { drawRoot, PAGE_LOOK } from '../chart/look.js';
import { linePath, type SvgNode, svg } from '../chart/svg-node.js';
import { formatNumber } from './numbers.js';
import type { ReportTrace } from './report-input.js';

/** With more steps than this, they have no dots. */
const MOST_DOTS = 60;

/**
 * @param trace - at least two values
 * @param width - pixels
 */
export function drawTrace({ objective, values: trace }: ReportTrace, width: number): SvgNode {
  const height = Math.min(300, Math.round(width * 0.6));
  const last = trace.length - 1;
  const low = trace.reduce((a, b) => Math.min(a, b));
  const high = trace.reduce((a, b) => Math.max(a, b));
  const { area, axes } = drawFrame(PAGE_LOOK, {
    ...{ width, height, top: 0, xName: 'M-step', yName: objective },
    xDomain: [0, last],
    yDomain: padDomain(low, high, 0.06),
    createXAxis: createCountAxis,
  });
  const points = trace.map((value, i) => [area.toX(i), area.toY(value)] as const);
  const dots = last < MOST_DOTS ? points.map((point) => `${linePath([point])}h.01`) : [];
  const style = { fill: 'none', stroke: 'var(--accent)', 'stroke-linejoin': 'round' };
  const label = `${objective[0].toUpperCase() + objective.slice(1)} from ${formatNumber(trace[0])} to ${formatNumber(trace[last])} in ${last} M-steps`;
  return drawRoot(PAGE_LOOK, { width, height }, { 'aria-label': label }, [
    ...axes,
    svg('path', { ...style, class: 'line', d: linePath(points), 'stroke-width': 2 }),
    svg('path', { ...style, d: dots.join(''), 'stroke-width': 6, 'stroke-linecap': 'round' }),
  ]);
}
