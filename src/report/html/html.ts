/** Markup by template: whatever is put in comes out as text, unless it is markup that was made here. */

import { cleanText } from '../svg-text.js';
import type { SvgNode } from './svg-node.js';

/** Markup, as against text that happens to look like it. Only the functions of this file make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes: text, markup, lists of these, or nothing. */
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

/** Text of any origin: what HTML cannot hold is replaced as in pictures, but line ends stay. */
function escapeHtml(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]|[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Markup that was made with care elsewhere: our own script and style, pictures whose text is escaped. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** A name out of a file as one line; one that has nothing to see is shown as such. */
export function nameOf(text: string): string {
  return cleanText(text) || '(no name)';
}

/**
 * Data for a `<script type="application/json">`. No `<` is left in it, so that nothing can end the element or open a
 * comment, and no line separator that an old parser stumbles over.
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

/** A chart as markup. */
export function svgHtml({ name, attributes, children }: SvgNode): Html {
  const list = Object.entries(attributes).map(([key, value]) => html` ${new Html(key)}="${value}"`);
  const content = children.map((child) => (typeof child === 'string' ? html`${child}` : svgHtml(child)));
  return html`<${new Html(name)}${list}>${content}</${new Html(name)}>`;
}
