/**
 * The rows that a picture shows. If there are more than it can hold, it shows the rows on the fringe, the closest ties
 * first, and an even share of every component's other rows, with enough rows of small components to see them.
 */

import { judgeRow } from '../chart/certainty.js';
import type { ResolvedInput } from './input.js';

/** Most points in a picture: some 400 kB of SVG. More points would only cover each other. */
export const MAX_POINTS = 20_000;
/** Largest share of the points that the fringe takes. Readers look for it, so it goes first. */
const FRINGE_SHARE = 0.25;
/** Share of the other points that the components get in equal parts, whatever their sizes. */
const EVEN_SHARE = 0.1;

/** Indices of rows, in rising order. */
export interface RowSelection {
  /** All drawn rows. */
  drawn: Uint32Array;
  /** The drawn rows to mark as fringe: all of the fringe, or its closest ties. */
  fringe: Uint32Array;
  /** (n) the likeliest component of every row, −1 for noise. */
  labels: Int32Array;
  /** (n) its probability. */
  certainties: Float64Array;
  /** Number of rows on the fringe, drawn or not. */
  nFringe: number;
}

/**
 * A row is on the fringe if the two largest responsibilities differ by less than the margin; with one component the second
 * largest is 0. If there are more rows than `limit`, the closest ties take up to a quarter of the places. Of the nⱼ other
 * rows of component j, evenly spaced sⱼ are drawn, so that each of its points stands for nⱼ / sⱼ rows.
 *
 * @param input - responsibilities and margin
 * @param limit - most rows to draw
 * @returns the rows to draw
 */
export function selectRows(input: ResolvedInput, limit = MAX_POINTS): RowSelection {
  const { nSamples, fringeMargin } = input;
  const { labels, margins, certainties } = rankRows(input);
  const all = indicesWhere(nSamples, (i) => margins[i] < fringeMargin);
  const nFringe = all.length;
  if (nSamples <= limit) {
    return { drawn: indicesWhere(nSamples, () => true), fringe: all, labels, certainties, nFringe };
  }
  const nMarked = Math.min(nFringe, Math.floor(limit * FRINGE_SHARE));
  if (nMarked < nFringe) all.sort((a, b) => margins[a] - margins[b] || a - b);
  const fringe = all.slice(0, nMarked).sort();
  const isDrawn = drawOthers(labels, fringe, input.parameters.nComponents, limit);
  for (const i of fringe) isDrawn[i] = 1;
  return { drawn: indicesWhere(nSamples, (i) => isDrawn[i] === 1), fringe, labels, certainties, nFringe };
}

function indicesWhere(n: number, isWanted: (i: number) => boolean): Uint32Array {
  let count = 0;
  for (let i = 0; i < n; i++) if (isWanted(i)) count++;
  const indices = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < n; i++) if (isWanted(i)) indices[at++] = i;
  return indices;
}

/** The likeliest component of every row, its probability r₍₁₎, and r₍₁₎ − r₍₂₎. */
function rankRows({ nSamples, responsibilities, parameters }: ResolvedInput): {
  labels: Int32Array;
  margins: Float64Array;
  certainties: Float64Array;
} {
  const labels = new Int32Array(nSamples);
  const certainties = new Float64Array(nSamples);
  const margins = new Float64Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    const { label, margin, first } = judgeRow(
      responsibilities,
      i,
      parameters.nComponents,
      parameters.noise !== undefined,
    );
    certainties[i] = first;
    labels[i] = label;
    margins[i] = margin;
  }
  return { labels, margins, certainties };
}

/** @returns (n) 1 for the drawn rows of those that are not marked */
function drawOthers(labels: Int32Array, marked: Uint32Array, k: number, limit: number): Uint8Array {
  const isMarked = new Uint8Array(labels.length);
  for (const i of marked) isMarked[i] = 1;
  // Noise is the last group.
  const groupOf = (i: number) => (labels[i] < 0 ? k : labels[i]);
  const sizes = new Array<number>(k + 1).fill(0);
  for (let i = 0; i < labels.length; i++) if (isMarked[i] === 0) sizes[groupOf(i)]++;
  if (sizes[k] === 0) sizes.pop();
  const quotas = dealQuotas(sizes, limit - marked.length);
  const seen = new Array<number>(k + 1).fill(0);
  return isMarked.map((mark, i) => {
    if (mark === 1) return 0;
    // Of m rows the i-th is drawn where floor(i·s/m) steps up: exactly s of them, evenly spaced.
    const j = groupOf(i);
    const before = Math.floor((seen[j] * quotas[j]) / sizes[j]);
    seen[j]++;
    return Math.floor((seen[j] * quotas[j]) / sizes[j]) > before ? 1 : 0;
  });
}

/**
 * Deals places to groups, none more than its size: a small part in equal shares, the rest in proportion to the sizes.
 *
 * @param sizes - of the groups; more rows in all than places
 * @param total - places
 */
function dealQuotas(sizes: number[], total: number): number[] {
  const nRows = sizes.reduce((sum, size) => sum + size, 0);
  const even = Math.floor((total * EVEN_SHARE) / sizes.length);
  const least = sizes.map((size) => Math.min(size, even));
  const nLeast = least.reduce((sum, quota) => sum + quota, 0);
  // Each group gets the steps of the running total, so that the rounded quotas sum to the total.
  let rowsBefore = 0;
  return sizes.map((size, j) => {
    const share = (rows: number) => Math.floor((rows * (total - nLeast)) / (nRows - nLeast));
    const before = share(rowsBefore);
    rowsBefore += size - least[j];
    return least[j] + share(rowsBefore) - before;
  });
}
