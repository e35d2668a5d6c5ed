/** A part of the rows, in place of all of them. */

/** Of every block of rows one stretch in `oneIn`, the `index`-th from 0. Parts of one `oneIn` have no row in common, and together all. */
export interface RowPart {
  readonly oneIn: number;
  readonly index: number;
}

export const ALL_ROWS: RowPart = { oneIn: 1, index: 0 };

/**
 * Parts are spread over blocks of 256 rows, so that rows in some order are sampled evenly; of more where there are 256 blocks all
 * the same: a pass over a sixteenth takes a tenth more time in copies of 16 rows than in copies of 128.
 */
const LEAST_BLOCKS = 256;
const SMALLEST_BLOCK = 256;
const LARGEST_BLOCK = 4096;

/** A power of 2, which the usual parts divide evenly. */
function blockRowsFor(n: number): number {
  let blockRows = SMALLEST_BLOCK;
  while (blockRows < LARGEST_BLOCK && 2 * blockRows * LEAST_BLOCKS <= n) blockRows *= 2;
  return blockRows;
}

/**
 * The stretches of a part, in order.
 *
 * @param n - all rows
 * @param first - the rows in question are [first, end)
 * @param visit - called with the first row of a stretch and the number of its rows, which may be 0
 */
export function visitStretches(
  { oneIn, index }: RowPart,
  n: number,
  first: number,
  end: number,
  visit: (first: number, count: number) => void,
): void {
  const blockRows = oneIn > 1 ? blockRowsFor(n) : Math.max(1, end - first);
  for (let at = first; at < end; at += blockRows) {
    const rows = Math.min(blockRows, end - at);
    const before = Math.floor((rows * index) / oneIn);
    visit(at + before, Math.floor((rows * (index + 1)) / oneIn) - before);
  }
}
