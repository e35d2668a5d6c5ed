/** The log-likelihood from step to step. */

import { padDomain } from '../ticks.js';
import { createFrame } from './chart-frame.js';
import { formatNumber } from './numbers.js';
import { px, type SvgNode, svg } from './svg-node.js';

/** Up to so many steps each has a dot. */
const MOST_DOTS = 60;

/**
 * @param trace - log-likelihood before each M-step and of the parameters returned; at least two
 * @param width - pixels
 */
export function drawTrace(trace: readonly number[], width: number): SvgNode {
  const height = Math.min(300, Math.round(width * 0.6));
  const low = trace.reduce((a, b) => Math.min(a, b));
  const high = trace.reduce((a, b) => Math.max(a, b));
  const last = trace.length - 1;
  const { nodes, toX, toY } = createFrame({
    ...{ width, height, xLabel: 'M-step', yLabel: 'log-likelihood' },
    xDomain: [0, last],
    yDomain: padDomain(low, high, 0.06),
  });
  const places = trace.map((value, i) => `${px(toX(i))} ${px(toY(value))}`);
  const dots = trace.length > MOST_DOTS ? [] : places;
  return svg(
    'svg',
    {
      ...{ viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
      'aria-label': `Log-likelihood from ${formatNumber(trace[0])} to ${formatNumber(trace[last])} in ${last} M-steps`,
    },
    [
      ...nodes,
      svg('path', { class: 'line', d: `M${places.join('L')}` }),
      svg('path', { class: 'line-dots', d: dots.map((at) => `M${at}h.01`).join('') }),
    ],
  );
}
