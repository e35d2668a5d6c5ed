/**
 * A chart as plain data. Node.js writes it as markup (`write-svg.ts`); the script of a report creates elements from it.
 * Both draw the same chart.
 */

/** An SVG element. */
export interface SvgNode {
  readonly name: string;
  readonly attributes: SvgAttributes;
  readonly children: readonly (SvgNode | string)[];
}

export type SvgAttributes = Readonly<Record<string, string | number>>;

/**
 * @param name - of the element: `path`
 * @param attributes - names and values; nothing is escaped yet
 * @param children - elements and text
 * @returns the element
 */
export function svg(name: string, attributes: SvgAttributes, children: SvgNode['children'] = []): SvgNode {
  return { name, attributes, children };
}

/** @returns pixels, rounded to two decimals */
export function px(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/**
 * @param points - in pixels
 * @returns path data of the line through them; empty for no points
 */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)},${px(y)}`).join('');
}

/** @returns `transform` that moves an element, in pixels */
export function moveTo(x: number, y: number): string {
  return `translate(${px(x)},${px(y)})`;
}
