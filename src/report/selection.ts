/** Which rows a picture shows, and in which of its groups: a member of one component, or fringe. */

import type { ResolvedInput } from './input.js';

/** Most points in a picture: some 900 kB of SVG, and more would only cover each other. */
export const MAX_POINTS = 20_000;
/** Most fringe rows in a thinned picture. They are what one looks for, so they go first. */
export const MAX_FRINGE = 5_000;

/** The rows to draw, by index. */
export interface RowSelection {
  /** One list a component: drawn rows whose largest responsibility is that component's. */
  members: Uint32Array[];
  /** Drawn fringe rows. */
  fringe: Uint32Array;
  /** Number of fringe rows, drawn or not. */
  nFringe: number;
  /** Number of drawn rows. */
  nDrawn: number;
}

/**
 * Sorts rows into members and fringe (r₍₁₎ − r₍₂₎ < margin, the largest less the second largest; with one
 * component the second is 0), then thins both evenly when there are more than `MAX_POINTS`.
 *
 * @param input - responsibilities and margin
 * @returns the rows to draw
 */
export function selectRows(input: ResolvedInput): RowSelection {
  const { nSamples, responsibilities, fringeMargin } = input;
  const k = input.parameters.nComponents;
  const labels = new Uint32Array(nSamples);
  const isFringe = new Uint8Array(nSamples);
  let nFringe = 0;
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
    if (largest - second < fringeMargin) {
      isFringe[i] = 1;
      nFringe++;
    }
  }

  const thin = nSamples > MAX_POINTS;
  const nFringeDrawn = thin ? Math.min(nFringe, MAX_FRINGE) : nFringe;
  const nMembers = nSamples - nFringe;
  const nMembersDrawn = thin ? Math.min(nMembers, MAX_POINTS - nFringeDrawn) : nMembers;

  const fringe = new Uint32Array(nFringeDrawn);
  const members: number[][] = Array.from({ length: k }, () => []);
  // Of m rows the i-th is drawn when floor(i·s/m) steps up: exactly s of them, evenly spaced.
  let seenFringe = 0;
  let drawnFringe = 0;
  let seenMembers = 0;
  let drawnMembers = 0;
  for (let i = 0; i < nSamples; i++) {
    if (isFringe[i] === 1) {
      seenFringe++;
      if (Math.floor((seenFringe * nFringeDrawn) / nFringe) > drawnFringe) fringe[drawnFringe++] = i;
    } else {
      seenMembers++;
      if (Math.floor((seenMembers * nMembersDrawn) / nMembers) > drawnMembers) {
        members[labels[i]].push(i);
        drawnMembers++;
      }
    }
  }
  return {
    members: members.map((indices) => Uint32Array.from(indices)),
    fringe,
    nFringe,
    nDrawn: nFringeDrawn + nMembersDrawn,
  };
}

/**
 * @param input - rows
 * @param indices - rows to take
 * @param column - column to take
 * @returns that column of those rows, in their order
 */
export function takeColumn(input: ResolvedInput, indices: Uint32Array, column: number): Float64Array {
  const d = input.parameters.nFeatures;
  const out = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) out[i] = input.rows[indices[i] * d + column];
  return out;
}
