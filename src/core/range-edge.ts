/** Whether the best number of components lies at the edge of the range that was tried, so that another may be better. */

/** The chosen number of components is the largest or the smallest that was tried. */
export interface RangeEdge {
  readonly side: 'largest' | 'smallest';
  /** The least number of components to try next. */
  readonly from: number;
  /** The largest. */
  readonly to: number;
}

interface Count {
  readonly nComponents: number;
}

/**
 * @param cells - of a sweep
 * @param best - the chosen cell
 * @param nSamples - number of rows, an upper bound for the number of components
 * @returns `undefined` if only one k was tried, if k has neighbours on both sides, or if there is no further k to try
 */
export function findRangeEdge(
  cells: readonly Count[],
  { nComponents: k }: Count,
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
