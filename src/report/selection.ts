/**
 * Which rows a picture shows. Of more rows than it can hold it shows the fringe, the closest ties first, and an even
 * share of every component's other rows, but of none fewer than a picture needs to show that it is there.
 */

import type { ResolvedInput } from './input.js';

/** Most points in a picture: some 900 kB of SVG, and more would only cover each other. */
export const MAX_POINTS = 20_000;
/** Most of a thinned picture's points that the fringe takes, as a share. It is what one looks for, so it goes first. */
const FRINGE_SHARE = 0.25;
/** Share of the other points that is dealt out evenly, whatever the components' sizes. */
const EVEN_SHARE = 0.1;

/** The rows to draw, by index, upwards. */
export interface RowSelection {
  /** All drawn rows. */
  drawn: Uint32Array;
  /** The drawn rows to mark as fringe: all of it, or of a larger one the closest ties. */
  fringe: Uint32Array;
  /** (n) component with the largest responsibility, of every row. */
  labels: Uint32Array;
  /** Number of fringe rows, drawn or not. */
  nFringe: number;
}

/**
 * Finds the fringe (r₍₁₎ − r₍₂₎ < margin, the largest less the second largest; with one component the second is 0)
 * and, of more rows than `limit`, those to draw: the fringe, closest ties first, as far as it takes a quarter of the
 * places, and an even share of each component's other rows: of its nⱼ every (nⱼ / sⱼ)-th, so that a point of j stands
 * for nⱼ / sⱼ rows.
 *
 * @param input - responsibilities and margin
 * @param limit - most rows to draw
 * @returns the rows to draw
 */
export function selectRows(input: ResolvedInput, limit = MAX_POINTS): RowSelection {
  const { nSamples, fringeMargin } = input;
  const { labels, margins } = rankRows(input);
  let nFringe = 0;
  for (const margin of margins) if (margin < fringeMargin) nFringe++;
  const all = new Uint32Array(nFringe);
  let at = 0;
  for (let i = 0; i < nSamples; i++) if (margins[i] < fringeMargin) all[at++] = i;
  if (nSamples <= limit) {
    return { drawn: Uint32Array.from({ length: nSamples }, (_, i) => i), fringe: all, labels, nFringe };
  }

  const nMarked = Math.min(nFringe, Math.floor(limit * FRINGE_SHARE));
  const fringe =
    nMarked < nFringe ? all.sort((a, b) => margins[a] - margins[b] || a - b).slice(0, nMarked) : all;
  fringe.sort();
  const isMarked = new Uint8Array(nSamples);
  for (const i of fringe) isMarked[i] = 1;
  const sizes = new Array<number>(input.parameters.nComponents).fill(0);
  for (let i = 0; i < nSamples; i++) if (isMarked[i] === 0) sizes[labels[i]]++;
  const quotas = dealQuotas(sizes, limit - nMarked);

  const drawn = new Uint32Array(limit);
  const seen = new Array<number>(sizes.length).fill(0);
  at = 0;
  for (let i = 0; i < nSamples; i++) {
    if (isMarked[i] === 1) {
      drawn[at++] = i;
      continue;
    }
    // Of m rows the i-th is drawn when floor(i·s/m) steps up: exactly s of them, evenly spaced.
    const j = labels[i];
    const before = Math.floor((seen[j] * quotas[j]) / sizes[j]);
    seen[j]++;
    if (Math.floor((seen[j] * quotas[j]) / sizes[j]) > before) drawn[at++] = i;
  }
  return { drawn, fringe, labels, nFringe };
}

/** Of every row the component with the largest responsibility, and r₍₁₎ − r₍₂₎. */
function rankRows({ nSamples, responsibilities, parameters }: ResolvedInput): {
  labels: Uint32Array;
  margins: Float64Array;
} {
  const k = parameters.nComponents;
  const labels = new Uint32Array(nSamples);
  const margins = new Float64Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    let largest = -1;
    let second = 0;
    for (let j = 0; j < k; j++) {
      const r = responsibilities[i * k + j];
      if (r > largest) {
        if (largest > second) second = largest;
        largest = r;
        labels[i] = j;
      } else if (r > second) second = r;
    }
    margins[i] = largest - second;
  }
  return { labels, margins };
}

/** Deals `total` places to groups of more rows in all, none more than its size: a small part evenly, the rest by size. */
function dealQuotas(sizes: number[], total: number): number[] {
  const nRows = sizes.reduce((sum, size) => sum + size, 0);
  const even = Math.floor((total * EVEN_SHARE) / sizes.length);
  const least = sizes.map((size) => Math.min(size, even));
  const nLeast = least.reduce((sum, quota) => sum + quota, 0);
  // Rounded so that the sum comes out: each gets what the running total steps up by.
  let rowsBefore = 0;
  return sizes.map((size, j) => {
    const share = (rows: number) => Math.floor((rows * (total - nLeast)) / (nRows - nLeast));
    const before = share(rowsBefore);
    rowsBefore += size - least[j];
    return least[j] + share(rowsBefore) - before;
  });
}
