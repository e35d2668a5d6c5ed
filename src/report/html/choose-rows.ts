/** Which rows a page shows: of many a sample, dense where the mixture is unsure. */

/** Most points: what a phone draws without a pause, and a file that can still be mailed. */
const MAX_POINTS = 6_000;
/** Fewer where rows are wide: some 3 MB of numbers. */
const MAX_NUMBERS = 400_000;
const MIN_POINTS = 500;

/** Most rows of the fringe's table. */
export const MAX_TIES = 200;

/** Margins of the page's slider: 0, 0.01, … 1. */
export const MARGIN_STEPS = 100;

/** Rows by number. */
export interface ChosenRows {
  /** Rows to draw, rising. */
  drawn: Uint32Array;
  /** The closest ties, closest first, at most `MAX_TIES`; all of them are drawn. */
  ties: Uint32Array;
  /** Fringe rows in all. */
  nFringe: number;
  /** Fringe rows in all for every margin of the slider. */
  fringeCounts: number[];
}

/**
 * All rows if they are few. Else the closest ties, then fringe rows evenly spaced to a quarter of the points, then
 * the others evenly spaced.
 *
 * @param margins - (n) by how much the largest responsibility is ahead
 * @param fringeMargin - rows with less are fringe
 * @param width - numbers a row takes in the page
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

/** Sorts the bare numbers, which is ten times as fast as sorting a million indices by them. */
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
    // The lowest step that the margin is below; the product is rounded, so its neighbours are looked at.
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
