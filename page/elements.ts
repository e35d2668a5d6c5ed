/** Finds and creates elements. Text is always set as text, never as markup. */

import type { SvgNode } from '../src/report/chart/svg-node.js';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

/** @returns an element of the page, if the report has it */
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
