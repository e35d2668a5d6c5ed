/** Elements: those that the page was written with, and new ones. Text is only ever set as text. */

import type { SvgNode } from '../src/report/html/svg-node.js';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** An element of the page that may be missing: not every report has every part. */
export function find<T extends Element>(selector: string): T | undefined {
  return document.querySelector<T>(selector) ?? undefined;
}

export function createSvg({ name, attributes, children }: SvgNode): Element {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children.map((child) => (typeof child === 'string' ? child : createSvg(child))));
  return element;
}

export function create(name: string, className: string, ...children: (string | Element)[]): HTMLElement {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}
