/** What both pictures share: the drawing libraries, colours, heading, legend, axes, and the document around. */

import { GmmError } from '../errors.js';
import { cleanText, type NodeLike, writeNode } from './svg-text.js';
import { type Axis, createAxis } from './ticks.js';

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

/** Part of the legend: a symbol and what it stands for. */
export interface LegendItem {
  /** Pixels that the symbol takes. */
  symbolWidth: number;
  /** Draws the symbol, its left edge at 0 and its middle at height 0. */
  draw: () => SvgElement[];
  text: string;
}

/** A picture but for its marks. */
export interface Frame {
  title: string;
  subtitle: string;
  /** For readers who cannot see the picture. */
  description: string;
  width: number;
  height: number;
  /** Range of the axis to the right. */
  xDomain: [number, number];
  /** Range of the axis upwards. */
  yDomain: [number, number];
  /** Ticks of the axis to the right; default: round numbers. */
  createXAxis?: (domain: [number, number], target: number) => Axis;
  /** Least pixels between these ticks; default 80. */
  xTickDistance?: number;
  xLabel: string;
  yLabel: string;
  legend: LegendItem[];
}

/** A mark of Plot, or a function that draws one. */
export type Mark = import('@observablehq/plot').Markish;

export const FRINGE_COLOUR = '#d7191c';
export const INK = '#222';
const FAINT_INK = '#555';
const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif';
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
const FONT_SIZE = 12;
/** Advances in em, rounded up from those of a wide sans-serif (DejaVu Sans), so that text rarely takes more. */
const NARROW_LETTER = 0.4;
const LETTER = 0.66;
const WIDE_LETTER = 1;
const TICK_DISTANCE = 80;

/**
 * Loads the drawing libraries.
 *
 * @returns them, with an empty document
 * @throws GmmError `MISSING_DEPENDENCY` when they are not installed
 */
export async function openCanvas(): Promise<Canvas> {
  try {
    const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
    return {
      Plot,
      document: parseHTML('<!doctype html><html><body></body></html>')
        .document as unknown as Canvas['document'],
    };
  } catch (cause) {
    throw new GmmError(
      'MISSING_DEPENDENCY',
      'pictures need @observablehq/plot and linkedom, which could not be loaded; ' +
        'run: npm install @observablehq/plot linkedom',
      { cause },
    );
  }
}

/** The colours of a component. */
export interface Blue {
  /** Of its points and curves. */
  fill: string;
  /** Of lines over its own points: the same, darker. */
  stroke: string;
}

/**
 * Blues for k components, from dark to light, all far enough from white to be seen.
 *
 * @param k - number of components
 * @returns k colours
 */
export function createBlues(k: number): Blue[] {
  return Array.from({ length: k }, (_, j) => {
    const t = k === 1 ? 0.5 : j / (k - 1);
    const hue = Math.round(222 - 24 * t);
    const lightness = Math.round(34 + 28 * t);
    return {
      fill: `hsl(${hue}, 75%, ${lightness}%)`,
      stroke: `hsl(${hue}, 85%, ${Math.round(lightness * 0.75)}%)`,
    };
  });
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
 * Draws marks into a frame.
 *
 * @param canvas - where it is drawn
 * @param frame - all but the marks
 * @param marks - from the back to the front
 * @returns a whole SVG document: no scripts, no styles, no references
 */
export function drawFrame(canvas: Canvas, frame: Frame, marks: Mark[]): string {
  const { Plot, document } = canvas;
  const { width, height } = frame;
  const marginRight = 20;
  const marginBottom = 52;
  const header: SvgElement[] = [];
  const title = cleanText(frame.title);
  const left = 16;
  let top = 0;
  for (const line of [
    { text: title, size: 15, fill: INK, weight: 600 },
    { text: cleanText(frame.subtitle), size: FONT_SIZE, fill: FAINT_INK, weight: 400 },
  ]) {
    if (line.text === '') continue;
    top += line.size + 9;
    const element = createElement(canvas, 'text', {
      x: left,
      y: top,
      'font-size': line.size,
      fill: line.fill,
    });
    element.setAttribute('font-weight', String(line.weight));
    element.textContent = fitText(line.text, width - left - marginRight, line.size);
    header.push(element);
  }
  top += 22;
  let at = left;
  for (const item of frame.legend) {
    const itemWidth = item.symbolWidth + 6 + textWidth(item.text, FONT_SIZE);
    if (at > left && at + itemWidth > width - marginRight) {
      at = left;
      top += 19;
    }
    const group = createElement(canvas, 'g', { transform: `translate(${at},${top - 4})` });
    group.append(...item.draw());
    const text = createElement(canvas, 'text', { x: item.symbolWidth + 6, y: 4, fill: INK });
    text.textContent = item.text;
    group.append(text);
    header.push(group);
    at += itemWidth + 18;
  }

  const marginTop = top + 18;
  const yAxis = createAxis(frame.yDomain, Math.max(2, (height - marginTop - marginBottom) / 55));
  const marginLeft = 40 + widestLabel(yAxis);
  const room = width - marginLeft - marginRight;
  const createXAxis = frame.createXAxis ?? createAxis;
  const tickDistance = frame.xTickDistance ?? TICK_DISTANCE;
  let xAxis = createXAxis(frame.xDomain, Math.max(2, room / tickDistance));
  // Long labels need fewer ticks, and fewer ticks need no longer labels.
  const distance = widestLabel(xAxis) + 12;
  if (distance > tickDistance) xAxis = createXAxis(frame.xDomain, Math.max(2, room / distance));

  const plot = Plot.plot({
    document,
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    x: { type: 'linear', domain: frame.xDomain },
    y: { type: 'linear', domain: frame.yDomain },
    marks: [
      Plot.gridX({ ticks: xAxis.ticks, stroke: INK, strokeOpacity: 0.08 }),
      Plot.gridY({ ticks: yAxis.ticks, stroke: INK, strokeOpacity: 0.08 }),
      ...marks,
      Plot.axisX(axisOptions(xAxis, frame.xLabel, room, marginBottom)),
      Plot.axisY(axisOptions(yAxis, frame.yLabel, height - marginTop - marginBottom, marginLeft)),
    ],
  }) as unknown as NodeLike;

  let body = '';
  for (const child of plot.childNodes) body += writeNode(child);
  const root = createElement(canvas, 'svg', {
    xmlns: SVG_NAMESPACE,
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': FONT,
    'font-size': FONT_SIZE,
    fill: INK,
  });
  const name = createElement(canvas, 'title', {});
  name.textContent = title;
  const description = createElement(canvas, 'desc', {});
  description.textContent = cleanText(frame.description);
  const background = createElement(canvas, 'rect', { width, height, fill: '#fff' });
  root.append(name, description, background, ...header);
  return (
    `${writeNode(root).slice(0, -'</svg>'.length)}` +
    `<g text-anchor="middle" color="${INK}">${body}</g></svg>\n`
  );
}

function widestLabel(axis: Axis): number {
  return axis.labels.reduce((widest, label) => Math.max(widest, textWidth(label, FONT_SIZE)), 0);
}

function axisOptions(axis: Axis, label: string, room: number, margin: number) {
  return {
    ticks: axis.ticks,
    tickFormat: (_: number, i: number) => axis.labels[i],
    tickSize: 4,
    label: fitText(cleanText(label), room, FONT_SIZE),
    labelAnchor: 'center' as const,
    labelArrow: 'none' as const,
    labelOffset: margin - 12,
    fontSize: FONT_SIZE,
  };
}

function letterWidth(letter: string): number {
  if (" fijlrtI.,:;|()[]-'".includes(letter)) return NARROW_LETTER;
  // From Hangul on most scripts are as wide as high.
  return (letter.codePointAt(0) as number) < 0x1100 ? LETTER : WIDE_LETTER;
}

/**
 * @param text - a line
 * @param size - of the letters, in pixels
 * @returns about the pixels it takes, rarely fewer
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter) * size;
  return width;
}

/**
 * @param text - a line
 * @param room - in pixels
 * @param size - of the letters, in pixels
 * @returns as much of the text as the room holds
 */
export function fitText(text: string, room: number, size: number): string {
  if (textWidth(text, size) <= room) return text;
  let width = size;
  let out = '';
  for (const letter of text) {
    width += letterWidth(letter) * size;
    if (width > room) break;
    out += letter;
  }
  return `${out.trimEnd()}…`;
}
