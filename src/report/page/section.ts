/** The building blocks of a report's sections. */

import { NOISE_LABEL } from '../chart/certainty.js';
import { type Html, type HtmlValue, html, nameOf } from './html.js';

/** Widths of a chart in pixels: for screens and paper, and for phones. */
const WIDE = 720;
const NARROW = 350;

export function section(id: string, heading: string, ...content: readonly HtmlValue[]): Html {
  return html`<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n${content}</section>\n`;
}

/** Draws a chart of a width in pixels. */
export type Chart = (width: number) => Html;

/** @returns the chart in two widths; the style shows one of them */
export function chartFigure(name: string, draw: Chart): Html {
  return html`<figure class="chart ${name}"><div class="wide">${draw(WIDE)}</div><div class="narrow">${draw(NARROW)}</div></figure>\n`;
}

/** @returns a column's name for a table */
export function columnName(name: string): Html {
  return html`<span class="name">${nameOf(name)}</span>`;
}

/** @returns a component's number with its colour; of −1 the name of noise */
export function componentName(j: number): Html {
  if (j === NOISE_LABEL) return html`× noise`;
  return html`<span class="swatch c${j}"></span>${j}`;
}

export function numberCell(text: HtmlValue): Html {
  return html`<td class="number">${text}</td>`;
}
