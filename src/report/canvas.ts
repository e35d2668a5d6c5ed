/** What every picture is drawn with: the drawing libraries, elements, text. */

import { loadOptional, type Need } from '../optional-packages.js';
import type { NodeLike } from './svg-text.js';

/** The part of an SVG element that drawing uses; the package is compiled without the DOM's types. */
export interface SvgElement extends NodeLike {
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(...nodes: SvgElement[]): void;
}

/** The drawing libraries, with a document of their own for each picture. */
export interface Canvas {
  Plot: typeof import('@observablehq/plot');
  document: { createElementNS(namespace: string, name: string): SvgElement };
}

/** Where a mark is drawn: values → pixels, and the rectangle between the axes. */
export interface Area {
  toX: (value: number) => number;
  toY: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A mark of Plot. */
export type Mark = import('@observablehq/plot').Markish;

const PICTURES: Need = { purpose: 'drawing a picture', packages: ['@observablehq/plot', 'linkedom'] };

export const INK = '#222';
export const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * Loads the drawing libraries.
 *
 * @returns them, with an empty document
 * @throws GmmError `MISSING_DEPENDENCY` when they are not installed or can't be loaded
 */
export async function openCanvas(): Promise<Canvas> {
  const [Plot, { parseHTML }] = await Promise.all([
    loadOptional<Canvas['Plot']>('@observablehq/plot', PICTURES),
    loadOptional<typeof import('linkedom')>('linkedom', PICTURES),
  ]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return { Plot, document: document as unknown as Canvas['document'] };
}

/**
 * @param canvas - where it is drawn
 * @param name - e.g. `circle`
 * @param attributes - names and values
 * @returns an SVG element
 */
export function createElement(
  { document }: Canvas,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
): SvgElement {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * @param canvas - where it is drawn
 * @param content - a line of text, shown as it is
 * @param attributes - of the text: place, size
 * @returns the text with a white edge behind it, to be read over anything
 */
export function createHaloText(
  canvas: Canvas,
  content: string,
  attributes: Readonly<Record<string, string | number>>,
): SvgElement[] {
  const draw = (paint: Readonly<Record<string, string | number>>) => {
    const text = createElement(canvas, 'text', { ...attributes, ...paint });
    text.textContent = content;
    return text;
  };
  return [draw({ stroke: '#fff', 'stroke-width': 4, 'stroke-linejoin': 'round' }), draw({ fill: INK })];
}

/**
 * @param draw - draws what Plot has no mark for
 * @returns a mark
 */
export function createMark(draw: (area: Area) => SvgElement): Mark {
  return (_index, { x, y }, _values, { width, height, marginLeft, marginRight, marginTop, marginBottom }) =>
    draw({
      toX: x as unknown as Area['toX'],
      toY: y as unknown as Area['toY'],
      left: marginLeft,
      right: width - marginRight,
      top: marginTop,
      bottom: height - marginBottom,
    });
}
