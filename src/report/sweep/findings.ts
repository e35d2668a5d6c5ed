/** What a sweep shows besides its best cell: cells without a model. */

import type { CriterionCell } from './cell.js';

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
