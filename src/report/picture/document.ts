/** A chart as a standalone SVG document: no scripts, no styles, no references. */

import { cleanText } from '../chart/clean-text.js';
import { drawRoot, PICTURE_LOOK } from '../chart/look.js';
import { type SvgNode, svg } from '../chart/svg-node.js';
import { writeSvg } from '../chart/write-svg.js';

export interface DocumentInput {
  title: string;
  /** For readers who cannot see the picture. */
  description: string;
  width: number;
  height: number;
}

/**
 * @param input - title and size
 * @param children - from the back to the front
 * @returns the text of the file
 */
export function writeDocument(input: DocumentInput, children: readonly SvgNode[]): string {
  const { title, description, width, height } = input;
  const root = drawRoot(PICTURE_LOOK, { width, height }, { xmlns: 'http://www.w3.org/2000/svg' }, [
    svg('title', {}, [cleanText(title)]),
    svg('desc', {}, [cleanText(description, 1000)]),
    svg('rect', { width, height, fill: PICTURE_LOOK.paper }),
    ...children,
  ]);
  return `${writeSvg(root)}\n`;
}
