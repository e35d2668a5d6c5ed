/** What is around the marks: heading, legend, axes, and the document. */

import { type Canvas, createElement, INK, type Mark, SVG_NAMESPACE, type SvgElement } from './canvas.js';
import { cleanText, type NodeLike, writeNode } from './svg-text.js';
import { fitName, fitText, textWidth } from './text-width.js';
import { type Axis, createAxis } from './ticks.js';

/** Part of the legend: a symbol and what it stands for. */
export interface LegendItem {
  /** Pixels that the symbol takes. */
  symbolWidth: number;
  /** Draws the symbol, its left edge at 0 and its middle at height 0. */
  draw: () => SvgElement[];
  text: string;
  /** Pixels to the next part; default 18. */
  gap?: number;
}

/** The document around one or more panels. */
export interface Heading {
  title: string;
  subtitle: string;
  /** For readers who cannot see the picture. */
  description: string;
  width: number;
  height: number;
  legend: LegendItem[];
}

/** A rectangle, in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Marks between axes. */
export interface Panel {
  /** The rectangle between the axes, which are drawn to its left and below. */
  box: Box;
  /** Range to the right, and where the grid's lines stand. */
  xAxis: Axis;
  /** Range upwards, and where the grid's lines stand. */
  yAxis: Axis;
  /** Name of the axis below; without one it is not drawn. */
  xLabel?: string | undefined;
  /** Name of the axis to the left; without one it is not drawn. */
  yLabel?: string | undefined;
  /** From the back to the front. */
  marks: Mark[];
}

/** A picture of one panel but for its marks. */
export interface Frame extends Heading {
  xDomain: [number, number];
  yDomain: [number, number];
  /** Ticks of the axis to the right; default: round numbers. */
  createXAxis?: (domain: [number, number], target: number) => Axis;
  /** Least pixels between these ticks; default 80. */
  xTickDistance?: number;
  xLabel: string;
  yLabel: string;
}

/** Room to the left of the heading and to the right of everything. */
const SIDE = 16;
const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif';
const FONT_SIZE = 12;
const FAINT_INK = '#555';
const X_TICK_DISTANCE = 80;
const Y_TICK_DISTANCE = 55;
/** From the axis below to the picture's edge. */
const MARGIN_BOTTOM = 52;

/**
 * Draws marks into one panel that fills the picture.
 *
 * @param canvas - where it is drawn
 * @param frame - all but the marks
 * @param marks - from the back to the front
 * @returns a whole SVG document: no scripts, no styles, no references
 */
export function drawFrame(canvas: Canvas, frame: Frame, marks: Mark[]): string {
  const { width, height } = frame;
  return drawDocument(canvas, frame, (top) => {
    const bottom = height - MARGIN_BOTTOM;
    const yAxis = createAxis(frame.yDomain, Math.max(2, (bottom - top) / Y_TICK_DISTANCE));
    const box = { left: roomForLabels(yAxis), right: width - SIDE, top, bottom };
    const { xDomain, xLabel, yLabel, createXAxis = createAxis, xTickDistance = X_TICK_DISTANCE } = frame;
    const xAxis = createFittingAxis(createXAxis, xDomain, box.right - box.left, xTickDistance);
    return [{ box, xAxis, yAxis, xLabel, yLabel, marks }];
  });
}

/**
 * @param axis - an axis upwards
 * @returns pixels from the picture's edge that its labels and name take
 */
export function roomForLabels(axis: Axis): number {
  return 40 + widestLabel(axis);
}

/**
 * @param create - makes an axis with at most so many steps
 * @param domain - range of an axis to the right
 * @param room - its length in pixels
 * @param tickDistance - least pixels between its ticks
 * @returns the axis with labels that do not touch
 */
export function createFittingAxis(
  create: (domain: [number, number], target: number) => Axis,
  domain: [number, number],
  room: number,
  tickDistance: number,
): Axis {
  const axis = create(domain, Math.max(2, room / tickDistance));
  // Long labels need fewer ticks, and fewer ticks need no longer labels.
  const distance = widestLabel(axis) + 12;
  return distance > tickDistance ? create(domain, Math.max(2, room / distance)) : axis;
}

/**
 * Draws a heading and, below it, panels.
 *
 * @param canvas - where it is drawn
 * @param heading - title, legend, size
 * @param createPanels - makes the panels, told how far down the heading reaches
 * @returns a whole SVG document
 */
export function drawDocument(
  canvas: Canvas,
  heading: Heading,
  createPanels: (top: number) => Panel[],
): string {
  const { width, height } = heading;
  const { elements, bottom } = createHeader(canvas, heading);
  const panels = createPanels(bottom).map((panel) => drawPanel(canvas, panel, width, height));
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
  name.textContent = cleanText(heading.title);
  const description = createElement(canvas, 'desc', {});
  description.textContent = cleanText(heading.description, 1000);
  root.append(name, description, createElement(canvas, 'rect', { width, height, fill: '#fff' }), ...elements);
  return (
    `${writeNode(root).slice(0, -'</svg>'.length)}` +
    `<g text-anchor="middle" color="${INK}">${panels.join('')}</g></svg>\n`
  );
}

/** Title, subtitle and legend, and where the panels may begin. */
function createHeader(canvas: Canvas, heading: Heading): { elements: SvgElement[]; bottom: number } {
  const { width } = heading;
  const elements: SvgElement[] = [];
  let top = 0;
  for (const line of [
    { text: cleanText(heading.title), size: 15, fill: INK, weight: 600 },
    { text: cleanText(heading.subtitle), size: FONT_SIZE, fill: FAINT_INK, weight: 400 },
  ]) {
    if (line.text === '') continue;
    top += line.size + 9;
    const element = createElement(canvas, 'text', {
      x: SIDE,
      y: top,
      'font-size': line.size,
      fill: line.fill,
      'font-weight': line.weight,
    });
    element.textContent = fitText(line.text, width - 2 * SIDE, line.size);
    elements.push(element);
  }
  top += 22;
  let at = SIDE;
  for (const item of heading.legend) {
    const itemWidth = item.symbolWidth + 6 + textWidth(item.text, FONT_SIZE);
    if (at > SIDE && at + itemWidth > width - SIDE) {
      at = SIDE;
      top += 19;
    }
    const group = createElement(canvas, 'g', { transform: `translate(${at},${top - 4})` });
    group.append(...item.draw());
    const text = createElement(canvas, 'text', { x: item.symbolWidth + 6, y: 4, fill: INK });
    text.textContent = fitText(item.text, width - SIDE - at - item.symbolWidth - 6, FONT_SIZE);
    group.append(text);
    elements.push(group);
    at += itemWidth + (item.gap ?? 18);
  }
  return { elements, bottom: top + 18 };
}

/** The panel's markup. Plot draws on the whole picture, with margins that leave the panel's box. */
function drawPanel(canvas: Canvas, panel: Panel, width: number, height: number): string {
  const { Plot, document } = canvas;
  const { box, xAxis, yAxis, xLabel, yLabel, marks } = panel;
  const grid = { stroke: INK, strokeOpacity: 0.08 };
  const all = [
    Plot.gridX({ ticks: xAxis.ticks, ...grid }),
    Plot.gridY({ ticks: yAxis.ticks, ...grid }),
    ...marks,
  ];
  if (xLabel !== undefined) {
    all.push(Plot.axisX(axisOptions(xAxis, xLabel, box.right - box.left, MARGIN_BOTTOM)));
  }
  if (yLabel !== undefined) {
    all.push(Plot.axisY(axisOptions(yAxis, yLabel, box.bottom - box.top, roomForLabels(yAxis))));
  }
  const plot = Plot.plot({
    document,
    width,
    height,
    marginTop: box.top,
    marginBottom: height - box.bottom,
    marginLeft: box.left,
    marginRight: width - box.right,
    x: { type: 'linear', domain: xAxis.domain, axis: null },
    y: { type: 'linear', domain: yAxis.domain, axis: null },
    marks: all,
  }) as unknown as NodeLike;
  let markup = '';
  for (const child of plot.childNodes) markup += writeNode(child);
  return markup;
}

function widestLabel(axis: Axis): number {
  return axis.labels.reduce((widest, label) => Math.max(widest, textWidth(label, FONT_SIZE)), 0);
}

function axisOptions(axis: Axis, label: string, room: number, margin: number) {
  return {
    ticks: axis.ticks,
    tickFormat: (_: number, i: number) => axis.labels[i],
    tickSize: 4,
    label: fitName(cleanText(label), room, FONT_SIZE),
    labelAnchor: 'center' as const,
    labelArrow: 'none' as const,
    labelOffset: margin - 12,
    fontSize: FONT_SIZE,
  };
}
