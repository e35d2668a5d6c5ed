/**
 * A chart as plain data: the page that is written turns it into markup, the script in the page into elements, and so
 * both draw the same.
 */

/** An element of a picture. */
export interface SvgNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (SvgNode | string)[];
}

export function svg(
  name: string,
  attributes: SvgNode['attributes'],
  children: SvgNode['children'] = [],
): SvgNode {
  return { name, attributes, children };
}

/** Pixels to one decimal. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}
