/** The legends of mixtures, and sentences about the rows that are drawn. */

import { NOISE_LABEL } from '../chart/certainty.js';
import { formatCount } from '../chart/counts.js';
import { crossPath, ringPath } from '../chart/dots.js';
import { drawCross, ellipseStroke, INNER, OUTER } from '../chart/gaussian-marks.js';
import type { LegendItem } from '../chart/header.js';
import type { Look } from '../chart/look.js';
import { type SvgAttributes, type SvgNode, svg } from '../chart/svg-node.js';
import type { ResolvedInput } from './input.js';
import type { RowSelection } from './selection.js';

/** Components that a legend lists. The colours of further components repeat; their numbers are in the picture. */
const MAX_LISTED = 12;

/** @returns the legend of a scatter plot */
export function createScatterLegend(look: Look, input: ResolvedInput, selection: RowSelection): LegendItem[] {
  const k = input.parameters.nComponents;
  const dot = (j: number) => svg('circle', { cx: 6, cy: 0, r: 4.5, fill: look.fill(j), 'fill-opacity': 0.8 });
  const ellipse = (p: number) =>
    svg('ellipse', { cx: 11, cy: 0, rx: 10, ry: 5, fill: 'none', stroke: look.ink, ...ellipseStroke(p) });
  return [
    ...listComponents(k, dot, k > 1 ? 'components, paler if uncertain' : 'rows'),
    ...(input.parameters.noise ? [noiseItem(look, selection)] : []),
    {
      width: 12,
      symbol: [svg('path', { d: ringPath(6, 0, 4), fill: 'none', stroke: look.ink })],
      text: describeFringe(input, selection),
    },
    { width: 22, symbol: [ellipse(INNER)], text: `${INNER * 100} %` },
    { width: 22, symbol: [ellipse(OUTER)], text: `${OUTER * 100} % of a component` },
    {
      width: 12,
      symbol: [svg('g', { transform: 'translate(6,0)' }, [drawCross(look.ink, 2)])],
      text: 'mean',
    },
  ];
}

function noiseItem(look: Look, { labels }: RowSelection): LegendItem {
  const count = labels.reduce((sum, label) => sum + (label === NOISE_LABEL ? 1 : 0), 0);
  const mark = svg('path', { d: crossPath(6, 0, 3), fill: 'none', stroke: look.softInk });
  return { width: 12, symbol: [mark], text: `noise (${formatCount(count)})` };
}

/** @returns the legend of a histogram */
export function createHistogramLegend(
  look: Look,
  input: ResolvedInput,
  selection: RowSelection,
): LegendItem[] {
  const k = input.parameters.nComponents;
  const line = (x2: number, attributes: SvgAttributes) =>
    svg('line', { x1: 0, x2, y1: 0, y2: 0, ...attributes });
  const curve = (j: number) => line(12, { stroke: look.fill(j), 'stroke-width': 2.5 });
  const sum = line(22, { stroke: look.ink, 'stroke-width': 1.5, 'stroke-dasharray': '5 3' });
  return [
    {
      width: 12,
      symbol: [svg('rect', { x: 0, y: -6, width: 12, height: 12, fill: look.bar })],
      text: `rows (${formatCount(input.nSamples)})`,
    },
    ...listComponents(k, curve, k > 1 ? 'components' : 'component'),
    { width: 22, symbol: [sum], text: 'their sum' },
    {
      width: 4,
      symbol: [svg('line', { x1: 2, x2: 2, y1: -6, y2: 6, stroke: look.ink })],
      text: describeFringe(input, selection),
    },
  ];
}

/**
 * @param k - number of components
 * @param draw - draws a component's symbol, 12 pixels wide
 * @param text - the meaning of the symbols
 * @returns the symbol and the number of every component
 */
function listComponents(k: number, draw: (j: number) => SvgNode, text: string): LegendItem[] {
  if (k === 1) return [{ width: 12, symbol: [draw(0)], text }];
  const items: LegendItem[] = Array.from({ length: Math.min(k, MAX_LISTED) }, (_, j) => ({
    ...{ width: 12, symbol: [draw(j)], text: String(j), gap: 8 },
  }));
  const rest = k > MAX_LISTED ? `… ${k - 1} ` : '';
  return [...items, { width: -6, symbol: [], text: `${rest}${text}` }];
}

function describeFringe({ fringeMargin }: ResolvedInput, { nFringe, fringe }: RowSelection): string {
  const drawn = fringe.length < nFringe ? `, the ${formatCount(fringe.length)} closest ties marked` : '';
  return `fringe (${formatCount(nFringe)}, top two probabilities within ${fringeMargin}${drawn})`;
}

/** @returns the subtitle, with the number of drawn rows if these are not all */
export function describeDrawn({ subtitle, nSamples }: ResolvedInput, { drawn }: RowSelection): string {
  if (drawn.length === nSamples) return subtitle;
  return `${subtitle}; ${formatCount(drawn.length)} of ${formatCount(nSamples)} rows drawn`;
}
