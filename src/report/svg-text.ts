/**
 * Elements → the text of an SVG document. linkedom's own writer leaves & and < in attributes as they are and
 * adds no xmlns, so the tree is written here: every text and attribute escaped, coordinates to two decimals.
 */

/** The part of a DOM node that the writer reads. */
export interface NodeLike {
  readonly nodeType: number;
  readonly localName?: string;
  readonly nodeValue?: string | null;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<NodeLike>;
}

const ELEMENT = 1;
const TEXT = 3;

/** Attributes with coordinates. Not all attributes: in the colour #1e5000 there is a 1e5000. */
const GEOMETRY = new Set([
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'r',
  'rx',
  'ry',
  'd',
  'transform',
  'width',
  'height',
]);

/**
 * Hostile text → one line that every XML parser accepts: control characters, line ends and the marks that
 * reverse text become spaces, what XML 1.0 cannot hold becomes U+FFFD.
 *
 * @param text - anything, e.g. a column's name out of a file
 * @param maxLength - longer text is cut, with an ellipsis
 * @returns a single line, not escaped
 */
export function cleanText(text: string, maxLength = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .trim();
  const letters = Array.from(line);
  return letters.length > maxLength ? `${letters.slice(0, maxLength - 1).join('')}…` : line;
}

/**
 * @param value - attribute or path data with numbers in it
 * @returns the same with every number to two decimals
 */
export function roundNumbers(value: string): string {
  return value.replace(/-?\d*\.?\d+(?:e[-+]?\d+)?/gi, (number) =>
    String(Math.round(Number(number) * 100) / 100 + 0),
  );
}

/**
 * @param node - an element or text; comments, styles and scripts are left out
 * @returns its markup
 */
export function writeNode(node: NodeLike): string {
  if (node.nodeType === TEXT) return escapeText(node.nodeValue ?? '');
  if (node.nodeType !== ELEMENT) return '';
  const name = node.localName ?? '';
  if (name === 'style' || name === 'script') return '';
  let attributes = '';
  for (const attribute of node.attributes ?? []) {
    if (attribute.name === 'class') continue;
    const value = GEOMETRY.has(attribute.name) ? roundNumbers(attribute.value) : attribute.value;
    attributes += ` ${attribute.name}="${escapeText(value)}"`;
  }
  let content = '';
  for (const child of node.childNodes) content += writeNode(child);
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
