/** A part of the rows: a fraction spread evenly over all of them, for example to measure curvature cheaply. */

/**
 * Rows are divided into spans of 256 to 4096 rows, and every span into `oneIn` pieces of consecutive rows. The part
 * holds the `index`-th piece, from 0, of every span. Parts with the same `oneIn` are disjoint and together hold all rows.
 */
export interface RowPart {
  readonly oneIn: number;
  readonly index: number;
}

export const ALL_ROWS: RowPart = { oneIn: 1, index: 0 };

export function isSamePart(one: RowPart, other: RowPart): boolean {
  return one.oneIn === other.oneIn && one.index === other.index;
}

/**
 * Short spans sample ordered rows evenly. Long spans copy faster: a pass over a sixteenth takes a tenth
 * more time in pieces of 16 rows than in pieces of 128. So spans grow with n, as long as there are 256 of them.
 */
const LEAST_SPANS = 256;
const SHORTEST_SPAN = 256;
const LONGEST_SPAN = 4096;

/** @returns a power of 2, which the usual parts divide evenly */
function spanRowsFor(n: number): number {
  let spanRows = SHORTEST_SPAN;
  while (spanRows < LONGEST_SPAN && 2 * spanRows * LEAST_SPANS <= n) spanRows *= 2;
  return spanRows;
}

/**
 * Visits the pieces of a part within rows [first, end), in order. All rows are one piece.
 *
 * @param n - number of all rows
 * @param visit - called with the first row of a piece and the number of its rows, which may be 0
 */
export function visitPieces(
  { oneIn, index }: RowPart,
  n: number,
  first: number,
  end: number,
  visit: (first: number, count: number) => void,
): void {
  const spanRows = oneIn > 1 ? spanRowsFor(n) : Math.max(1, end - first);
  for (let at = first; at < end; at += spanRows) {
    const rows = Math.min(spanRows, end - at);
    const before = Math.floor((rows * index) / oneIn);
    visit(at + before, Math.floor((rows * (index + 1)) / oneIn) - before);
  }
}
