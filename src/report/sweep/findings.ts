/** What a sweep shows besides its best cell: cells without a model, and whether to try larger or smaller k. */

import type { CriterionCell } from './cell.js';

/** The chosen number of components is the largest or the smallest that was tried. */
export interface RangeEdge {
  readonly side: 'largest' | 'smallest';
  /** Numbers of components to try next: from `from` to `to`. */
  readonly from: number;
  readonly to: number;
}

/**
 * @param cells - of a sweep
 * @param best - the chosen cell
 * @param nSamples - number of rows, an upper bound for the number of components
 * @returns `undefined` if only one k was tried, if k has neighbours on both sides, or if there is no further k to try
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
 * Groups neighbours without a model, so that ten cells that collapsed take one line of a table.
 *
 * @param cells - of a sweep, ordered by covariance type
 * @returns each cell with a model by itself; neighbours without a model together if their covariance type and status agree
 */
export function groupCells<Cell extends CriterionCell>(cells: readonly Cell[]): Cell[][] {
  const groups: Cell[][] = [];
  for (const cell of cells) {
    const [before] = groups.at(-1) ?? [];
    const isLikeBefore =
      before !== undefined &&
      [before, cell].every(({ bic }) => bic === undefined) &&
      before.covarianceType === cell.covarianceType &&
      before.hasNoise === cell.hasNoise &&
      before.status === cell.status;
    if (isLikeBefore) groups.at(-1)?.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** @returns the numbers of components as the option `-k` takes them: `4`, `2,4..6` */
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
