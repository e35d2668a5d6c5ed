/** What stands above the panels: a title, a subtitle and a legend. */

import { cleanText } from './clean-text.js';
import type { Look } from './look.js';
import { moveTo, px, type SvgNode, svg } from './svg-node.js';
import { FONT_SIZE, fitText, textWidth } from './text-width.js';

/** A symbol and its meaning. */
export interface LegendItem {
  /** Width of the symbol in pixels. */
  width: number;
  /** The symbol, with its left edge at 0 and its middle at height 0. */
  symbol: SvgNode[];
  text: string;
  /** Pixels to the next item; default 18. */
  gap?: number;
}

export interface HeaderInput {
  width: number;
  /** No line for an empty one. */
  title: string;
  /** No line for an empty one. */
  subtitle: string;
  legend: readonly LegendItem[];
}

/** Room to the left and to the right. */
const SIDE = 16;
const LINE_HEIGHT = 19;
/** From a symbol to its text. */
const SYMBOL_GAP = 6;

/** @returns the header, and the height of its lower edge in pixels */
export function drawHeader(look: Look, input: HeaderInput): { nodes: SvgNode[]; bottom: number } {
  const lines = [
    { text: cleanText(input.title), size: 15, fill: look.ink, weight: 600 },
    { text: cleanText(input.subtitle), size: FONT_SIZE, fill: look.softInk, weight: 400 },
  ];
  const nodes: SvgNode[] = [];
  let y = 0;
  for (const { text, size, fill, weight } of lines) {
    if (text === '') continue;
    y += size + 9;
    const attributes = { x: SIDE, y, 'font-size': size, fill, 'font-weight': weight };
    nodes.push(svg('text', attributes, [fitText(text, input.width - 2 * SIDE, size)]));
  }
  const legend = drawLegend(input.legend, input.width, y + 22);
  return { nodes: [...nodes, ...legend.nodes], bottom: legend.baseline + 18 };
}

/** Items side by side, in as many lines as they need. */
function drawLegend(
  items: readonly LegendItem[],
  width: number,
  first: number,
): { nodes: SvgNode[]; baseline: number } {
  const nodes: SvgNode[] = [];
  let baseline = first;
  let x = SIDE;
  for (const { width: symbolWidth, symbol, text, gap = 18 } of items) {
    const textAt = symbolWidth + SYMBOL_GAP;
    const itemWidth = textAt + textWidth(text, FONT_SIZE);
    if (x > SIDE && x + itemWidth > width - SIDE) {
      x = SIDE;
      baseline += LINE_HEIGHT;
    }
    const content = fitText(text, width - SIDE - x - textAt, FONT_SIZE);
    nodes.push(
      svg('g', { class: 'legend', transform: moveTo(x, baseline - 4) }, [
        ...symbol,
        svg('text', { x: px(textAt), y: 4 }, [content]),
      ]),
    );
    x += itemWidth + gap;
  }
  return { nodes, baseline };
}
