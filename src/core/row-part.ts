/** A part of the rows, in place of all of them. */

/** Of every block of rows one stretch in `oneIn`, the `index`-th from 0. Parts of one `oneIn` have no row in common, and together all. */
export interface RowPart {
  readonly oneIn: number;
  readonly index: number;
}

export const ALL_ROWS: RowPart = { oneIn: 1, index: 0 };

/** A power of 2, which the usual parts divide evenly. */
const BLOCK_ROWS = 256;

/**
 * The stretches of a part, in order: spread over all rows, in whatever order these are.
 *
 * @param first - the rows in question are [first, end)
 * @param visit - called with the first row of a stretch and the number of its rows, which may be 0
 */
export function visitStretches(
  { oneIn, index }: RowPart,
  first: number,
  end: number,
  visit: (first: number, count: number) => void,
): void {
  const blockRows = oneIn > 1 ? BLOCK_ROWS : Math.max(1, end - first);
  for (let at = first; at < end; at += blockRows) {
    const rows = Math.min(blockRows, end - at);
    const before = Math.floor((rows * index) / oneIn);
    visit(at + before, Math.floor((rows * (index + 1)) / oneIn) - before);
  }
}
