/** The picture that suits a mixture, by its number of columns. */

import { openCanvas } from './canvas.js';
import { checkObject, checkParameters } from './checks.js';
import { resolveInput, type ScatterInput } from './input.js';
import { drawPairs } from './pairs.js';
import { createPrincipalAxes } from './principal-axes.js';
import { drawScatter, scatterSvg } from './scatter.js';

/** With more columns the pictures of the pairs are too small to read. */
const MAX_PAIRED = 6;

/**
 * Draws rows and components: one column as a histogram, two as a scatter plot, three to six as a matrix of pairs,
 * more over their two principal axes. With `x` or `y` it is the scatter plot of these columns. A scatter plot has no
 * more than 20,000 points, all pairs together as many: of more rows it shows the fringe, the closest ties first, and
 * an even share of every component's other rows.
 *
 * @param input - mixture, rows (n × d), responsibilities (n × k), names, what to draw
 * @returns a self-contained SVG document
 * @throws GmmError `MISSING_DEPENDENCY` without @observablehq/plot and linkedom; `INVALID_OPTION` or
 *   `INVALID_DATA` for columns, sizes or lengths that do not fit the mixture
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
    const resolved = resolveInput({ ...input, width: input.width ?? size, height: input.height ?? size });
    return drawPairs(await openCanvas(), resolved);
  }
  const resolved = resolveInput(input);
  const canvas = await openCanvas();
  return drawScatter(canvas, resolved, createPrincipalAxes(resolved), `Principal axes of ${d} columns`);
}
