/**
 * What the responsibilities of a solution tell about its components: which rows belong to each, how much the log-likelihood depends
 * on it, and how much two of them overlap. One walk over the rows; nothing of size n × k is kept.
 */

import type { SharedRows } from '../../rows/shared-rows.js';

/** Responsibilities of a stretch of rows: (count × k) of the rows from `first` on. */
export type VisitResponsibilities = (responsibilities: Float64Array, first: number, count: number) => void;

/** The rows of which a component has a share. */
export interface Members {
  readonly rows: number[];
  /** Responsibility times the row's weight. */
  readonly shares: number[];
}

export interface Overlap {
  /** (k) */
  readonly members: readonly Members[];
  /** (k) −Σ w ln (1 − r): what the log-likelihood loses without the component, before the other weights grow. */
  readonly withoutIt: Float64Array;
  /** (k × k) Σ w [(r + s) ln (r + s) − r ln r − s ln s], for i > j: the part of the entropy that a merger of the two removes. */
  readonly entropy: Float64Array;
}

/** Smaller responsibilities make no difference to any of this. */
const LEAST_SHARE = 1e-3;

/** Stands for 1 − r where the other components give no density, whose logarithm would be infinite. */
const LEAST_REST = 1e-300;

/** x log x, 0 at 0. */
export function timesLog(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}

/** @param visitAll - calls back with the responsibilities of all rows, stretch by stretch */
export function measureOverlap(
  { sampleWeight }: SharedRows,
  k: number,
  visitAll: (visit: VisitResponsibilities) => void,
): Overlap {
  const members = Array.from({ length: k }, (): Members => ({ rows: [], shares: [] }));
  const withoutIt = new Float64Array(k);
  const entropy = new Float64Array(k * k);
  const active = new Int32Array(k);
  const terms = new Float64Array(k);
  visitAll((responsibilities, first, count) => {
    for (let i = 0; i < count; i++) {
      const weight = sampleWeight ? sampleWeight[first + i] : 1;
      if (weight === 0) continue;
      let nActive = 0;
      for (let j = 0; j < k; j++) {
        const r = responsibilities[i * k + j];
        if (r < LEAST_SHARE) continue;
        members[j].rows.push(first + i);
        members[j].shares.push(weight * r);
        withoutIt[j] -= weight * Math.log(Math.max(1 - r, LEAST_REST));
        terms[nActive] = timesLog(r);
        active[nActive++] = j;
      }
      for (let a = 1; a < nActive; a++) {
        for (let b = 0; b < a; b++) {
          const both = responsibilities[i * k + active[a]] + responsibilities[i * k + active[b]];
          entropy[active[a] * k + active[b]] += weight * (timesLog(both) - terms[a] - terms[b]);
        }
      }
    }
  });
  return { members, withoutIt, entropy };
}

/** The rows that two components have together. */
export function joinMembers(one: Members, other: Members): Members {
  const shares = new Map(one.rows.map((row, i) => [row, one.shares[i]]));
  other.rows.forEach((row, i) => {
    shares.set(row, (shares.get(row) ?? 0) + other.shares[i]);
  });
  const rows = [...shares.keys()].sort((a, b) => a - b);
  return { rows, shares: rows.map((row) => shares.get(row) ?? 0) };
}
