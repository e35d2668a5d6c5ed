/** Markup from templates. A value becomes text, unless it is markup from this file. */

import { cleanText } from '../chart/clean-text.js';
import type { SvgNode } from '../chart/svg-node.js';
import { escapeMarkup, writeSvg } from '../chart/write-svg.js';

/** Markup, as opposed to text that looks like markup. Only the functions of this file create it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** A value in a template: text, markup, a list of values, or nothing. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/**
 * @example
 * html`<td title="${name}">${name}</td>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0];
  values.forEach((value, i) => {
    markup += toMarkup(value) + strings[i + 1];
  });
  return new Html(markup);
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return escapeHtml(String(value));
}

/** Escapes any text. Characters that HTML does not allow become U+FFFD; line ends stay. */
function escapeHtml(text: string): string {
  return escapeMarkup(text.replace(/[^\P{Cc}\n\t]|[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')).replaceAll(
    "'",
    '&#39;',
  );
}

/** Marks text as markup: only for the page's own script and style, and for names of attributes. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** @returns a name from a file as one line, or `(no name)` if nothing of it can be seen */
export function nameOf(text: string): string {
  return cleanText(text) || '(no name)';
}

/**
 * Data for a `<script type="application/json">`. It contains no `<`, which could end the element or open a comment, and no
 * line separators, which old parsers reject.
 */
export function jsonHtml(value: unknown): Html {
  const escapes: Record<string, string> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    '\u2028': '\\u2028',
    '\u2029': '\\u2029',
  };
  return new Html(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => escapes[letter]));
}

/** @returns a chart as markup; its text is clean (see `cleanText`) */
export function svgHtml(node: SvgNode): Html {
  return new Html(writeSvg(node));
}
