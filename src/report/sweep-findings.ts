/** What a sweep shows besides its best cell: which cells have no model, and whether larger or smaller k should be tried. */

import type { CriterionCell } from './criterion-cells.js';

/** The chosen number of components is at the edge of those that were tried. */
export interface RangeEdge {
  readonly side: 'largest' | 'smallest';
  /** What to try next: from one number of components to another. */
  readonly from: number;
  readonly to: number;
}

/**
 * @param cells - of a sweep
 * @param best - the chosen one
 * @param nSamples - rows, of which there are never fewer than components
 * @returns nothing where k was not chosen, or has neighbours on both sides, or can't go on in that direction
 */
export function findRangeEdge(
  cells: readonly Pick<CriterionCell, 'nComponents'>[],
  { nComponents: k }: Pick<CriterionCell, 'nComponents'>,
  nSamples: number,
): RangeEdge | undefined {
  const counts = cells.map(({ nComponents }) => nComponents);
  const [low, high] = counts.reduce(
    ([least, most], count) => [Math.min(least, count), Math.max(most, count)],
    [k, k],
  );
  if (low === high) return undefined;
  if (k === high && k < nSamples) {
    return { side: 'largest', from: Math.max(1, k - 2), to: Math.min(2 * k, nSamples) };
  }
  if (k === low && k > 1) return { side: 'smallest', from: Math.max(1, Math.floor(k / 2)), to: k };
  return undefined;
}

/**
 * Puts neighbours without a model together, so that ten cells that collapsed take one line.
 *
 * @param cells - of a sweep, by covariance type
 * @returns cells with a model alone; those without by covariance type and status
 */
export function groupCells<Cell extends CriterionCell>(cells: readonly Cell[]): Cell[][] {
  const groups: Cell[][] = [];
  for (const cell of cells) {
    const [before] = groups.at(-1) ?? [];
    const isLikeBefore =
      before !== undefined &&
      [before, cell].every(({ bic }) => bic === undefined) &&
      before.covarianceType === cell.covarianceType &&
      before.status === cell.status;
    if (isLikeBefore) groups.at(-1)?.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** Numbers of components as `-k` takes them: `4`, `2,4..6`. */
export function formatCounts(cells: readonly Pick<CriterionCell, 'nComponents'>[]): string {
  const counts = [...new Set(cells.map(({ nComponents }) => nComponents))].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const count of counts) {
    const range = ranges.at(-1);
    if (range && range[1] === count - 1) range[1] = count;
    else ranges.push([count, count]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}..${last}`)).join(',');
}
