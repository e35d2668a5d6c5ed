/** The picture that suits the number of columns of a mixture. */

import { checkObject, checkParameters } from './checks.js';
import { resolveInput, type ScatterInput } from './input.js';
import { drawPairs } from './pairs.js';
import { createPrincipalAxes } from './principal-axes.js';
import { drawScatter, scatterSvg } from './scatter.js';

/** With more columns, the panels of the pairs are too small to read. */
const MAX_PAIRED = 6;

/**
 * Draws rows and components: one column as a histogram, two as a scatter plot, three to six as a matrix of pairs, more over
 * their two principal axes. With `x` or `y` it draws the scatter plot of these columns. A scatter plot has at most
 * 20,000 points, and so have all pairs together. Of more rows it draws the fringe, the closest ties first, and an even
 * share of every component's other rows.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, and how to draw them
 * @returns a self-contained SVG document
 * @throws GmmError `INVALID_OPTION` or `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
 * @example
 * ```ts
 * const svg = await pictureSvg({ parameters: model, rows, responsibilities, columns: model.columns });
 * ```
 */
export async function pictureSvg(input: ScatterInput): Promise<string> {
  checkObject('input', input);
  checkParameters(input.parameters);
  const d = input.parameters.nFeatures;
  if (d <= 2 || input.x !== undefined || input.y !== undefined) return scatterSvg(input);
  if (d <= MAX_PAIRED) {
    const size = d === 3 ? 720 : 900;
    return drawPairs(resolveInput({ ...input, width: input.width ?? size, height: input.height ?? size }));
  }
  const resolved = resolveInput(input);
  return drawScatter(resolved, createPrincipalAxes(resolved), `Principal axes of ${d} columns`);
}
