/** Chart data → markup. Every text and every attribute value is escaped here and nowhere else. */

import type { SvgNode } from './svg-node.js';

/**
 * @param text - any text without control characters
 * @returns the text for markup, inside or outside of double quotes
 */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/**
 * @param node - an element; its text is clean (see `cleanText`)
 * @returns its markup, which is valid in an SVG file and in an HTML page
 */
export function writeSvg({ name, attributes, children }: SvgNode): string {
  let tag = name;
  for (const [key, value] of Object.entries(attributes)) tag += ` ${key}="${escapeMarkup(String(value))}"`;
  if (children.length === 0) return `<${tag}/>`;
  let content = '';
  for (const child of children) {
    content += typeof child === 'string' ? escapeMarkup(child) : writeSvg(child);
  }
  return `<${tag}>${content}</${name}>`;
}
