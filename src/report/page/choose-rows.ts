/** The rows that a page shows: all of them, or a sample that is denser on the fringe. */

/** Most points: a phone draws them without a pause, and the file can be mailed. */
const MAX_POINTS = 6_000;
/** Fewer points if rows are wide: about 3 MB of numbers. */
const MAX_NUMBERS = 400_000;
const MIN_POINTS = 500;

/** Most rows in the table of the fringe. */
const MAX_TIES = 200;

/** Steps of the slider for the margin: 0, 0.01, … 1. */
const MARGIN_STEPS = 100;

/** Indices of rows. */
export interface ChosenRows {
  /** Rows to draw, in rising order. */
  drawn: Uint32Array;
  /** The closest ties, closest first, at most `MAX_TIES`; all of them are drawn. */
  ties: Uint32Array;
  /** Number of rows on the fringe. */
  nFringe: number;
  /** Number of rows on the fringe for every margin of the slider. */
  fringeCounts: number[];
}

/**
 * Chooses all rows if they are few. Otherwise it chooses the closest ties, then evenly spaced rows of the fringe up to a
 * quarter of the points, then evenly spaced other rows.
 *
 * @param margins - (n) the largest responsibility minus the second largest
 * @param fringeMargin - rows with a smaller margin are on the fringe
 * @param width - numbers per row in the page
 */
export function chooseRows(margins: Float64Array, fringeMargin: number, width: number): ChosenRows {
  const n = margins.length;
  const most = Math.min(MAX_POINTS, Math.max(MIN_POINTS, Math.floor(MAX_NUMBERS / width)));
  const fringe = indicesWhere(margins, (margin) => margin < fringeMargin);
  const ties = closest(margins, fringe, MAX_TIES);
  const result = { ties, nFringe: fringe.length, fringeCounts: countFringes(margins) };
  if (n <= most) return { ...result, drawn: Uint32Array.from(margins, (_, i) => i) };

  const isDrawn = new Uint8Array(n);
  for (const i of ties) isDrawn[i] = 1;
  const undrawn = fringe.filter((i) => isDrawn[i] === 0);
  for (const i of spaced(undrawn, most / 4 - ties.length)) isDrawn[i] = 1;
  const nDrawn = isDrawn.reduce((sum, one) => sum + one, 0);
  const others = indicesWhere(margins, (margin) => !(margin < fringeMargin));
  for (const i of spaced(others, most - nDrawn)) isDrawn[i] = 1;
  return { ...result, drawn: indicesWhere(isDrawn, (one) => one === 1) };
}

function indicesWhere(values: Float64Array | Uint8Array, isWanted: (value: number) => boolean): Uint32Array {
  let count = 0;
  for (const value of values) if (isWanted(value)) count++;
  const out = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < values.length; i++) if (isWanted(values[i])) out[at++] = i;
  return out;
}

/** Sorts the numbers themselves: ten times as fast as sorting a million indices by their numbers. */
function closest(margins: Float64Array, fringe: Uint32Array, count: number): Uint32Array {
  const sorted = Float64Array.from(fringe, (i) => margins[i]).sort();
  const last = sorted[Math.min(count, sorted.length) - 1];
  const below = fringe.filter((i) => margins[i] < last);
  const level = fringe.filter((i) => margins[i] === last).subarray(0, count - below.length);
  return Uint32Array.of(...below, ...level).sort((a, b) => margins[a] - margins[b] || a - b);
}

/** At most `count` of the rows, evenly spaced. */
function spaced(rows: Uint32Array, count: number): Uint32Array {
  const size = Math.max(0, Math.min(rows.length, Math.floor(count)));
  return Uint32Array.from({ length: size }, (_, i) => rows[Math.floor((i * rows.length) / size)]);
}

function countFringes(margins: Float64Array): number[] {
  const counts = new Array<number>(MARGIN_STEPS + 2).fill(0);
  for (const margin of margins) {
    // The lowest step above the margin. The product is rounded, so the search starts one step below.
    let step = Math.max(0, Math.floor(margin * MARGIN_STEPS) - 1);
    while (step <= MARGIN_STEPS && !(margin < step / MARGIN_STEPS)) step++;
    counts[step]++;
  }
  let total = 0;
  return counts.slice(0, MARGIN_STEPS + 1).map((count) => {
    total += count;
    return total;
  });
}
