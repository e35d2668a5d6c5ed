/**
 * A look: the colours and the font of a chart. The same chart is drawn with fixed colours as a picture, and with the
 * style variables of the page in a report, where they follow the reader's light or dark scheme.
 */

import { componentColour } from './palette.js';
import { type SvgAttributes, type SvgNode, svg } from './svg-node.js';
import { FONT_SIZE } from './text-width.js';

export interface Look {
  font: string;
  /** Of marks, names and titles. */
  ink: string;
  /** Of tick labels. */
  tickInk: string;
  /** Of subtitles and of the zero line. */
  softInk: string;
  /** Of the ground. */
  paper: string;
  grid: string;
  bar: string;
  /** Of a component's dots and curves. */
  fill(component: number): string;
  /** Of a component's ellipses. */
  stroke(component: number): string;
  /** Place of the name of the axis upwards: along the axis, or above it. */
  yName: 'along' | 'above';
}

/** Colours for white paper. */
export const PICTURE_LOOK: Look = {
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif',
  ink: '#222',
  tickInk: '#222',
  softInk: '#555',
  paper: '#fff',
  grid: '#ededed',
  bar: '#dcdcdc',
  fill: (component) => componentColour(component).fill,
  stroke: (component) => componentColour(component).stroke,
  yName: 'along',
};

/** The variables of page/style.css and of src/report/page/component-style.ts. */
export const PAGE_LOOK: Look = {
  font: 'inherit',
  ink: 'var(--ink)',
  tickInk: 'var(--soft)',
  softInk: 'var(--soft)',
  paper: 'var(--paper)',
  grid: 'var(--grid)',
  bar: 'var(--grid)',
  fill: (component) => `var(--c${component})`,
  stroke: (component) => `var(--c${component})`,
  yName: 'above',
};

/**
 * @param look - colours and font
 * @param size - in pixels
 * @param attributes - of the root besides
 * @param children - from the back to the front
 * @returns the root element of a chart
 */
export function drawRoot(
  look: Look,
  { width, height }: { width: number; height: number },
  attributes: SvgAttributes,
  children: readonly SvgNode[],
): SvgNode {
  return svg(
    'svg',
    {
      ...attributes,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': look.font,
      'font-size': FONT_SIZE,
      fill: look.ink,
    },
    children,
  );
}

/**
 * @param look - colours
 * @param content - one line
 * @param attributes - place and size
 * @returns the text with an edge in the colour of the ground, readable over any mark
 */
export function drawHaloText(look: Look, content: string, attributes: SvgAttributes): SvgNode {
  const halo = { stroke: look.paper, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
  return svg('text', { ...attributes, ...halo }, [content]);
}
