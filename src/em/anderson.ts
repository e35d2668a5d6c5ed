/**
 * Anderson's extrapolation of a fixed-point map x → G(x) from its last few steps (Anderson, 1965; Walker & Ni, 2011;
 * for EM: Henderson & Varadhan, 2019, "DAAREM").
 *
 * With residuals f = G(x) − x and the differences of the last m points, ΔX and ΔF, the coefficients γ minimise
 * ‖f − ΔF γ‖; the next point is x + f − (ΔX + ΔF) γ, what the map would tend to if it were linear there. It sees
 * vectors only, nothing of mixtures, rows or threads.
 */

import { Matrix, solve } from 'ml-matrix';

/** A window of the last points and the extrapolation from it. */
export interface Anderson {
  /** Adds a point and its image. */
  push(x: Float64Array, image: Float64Array): void;
  /** The extrapolated point after the last one pushed, or undefined where there is too little to go by. */
  propose(): Float64Array | undefined;
  /** The last proposal was good: the next may be bolder. */
  lengthen(): void;
  /** The last proposal was bad: the next is shorter, and goes by the last few points only. */
  shorten(): void;
}

/** Differences kept: more see more slow directions at once, fewer forget sooner what no longer holds. */
const WINDOW = 10;

/** Points kept after a bad proposal. */
const KEPT = 3;

/**
 * Ridge of the least squares, relative to columns of length 1 (Levenberg's damping): large, the proposal is the plain
 * step; small, the full extrapolation. Good proposals lower it, bad ones raise it.
 */
const FIRST_RIDGE = 1e-2;
const LEAST_RIDGE = 1e-12;
const MOST_RIDGE = 10;

/** Longest proposal, in steps of the map. */
const FIRST_LENGTH = 64;
const LEAST_LENGTH = 2;
const MOST_LENGTH = 65536;

interface Point {
  readonly x: Float64Array;
  /** G(x) − x */
  readonly residual: Float64Array;
}

export function createAnderson(): Anderson {
  let points: Point[] = [];
  let longest = FIRST_LENGTH;
  let ridge = FIRST_RIDGE;
  return {
    push(x, image) {
      points.push({ x, residual: image.map((value, i) => value - x[i]) });
      if (points.length > WINDOW + 1) points.shift();
    },
    propose() {
      const last = points.at(-1);
      if (!last || points.length < 2) return undefined;
      const differences = points.slice(1).map((point, i) => difference(point, points[i]));
      const gamma = leastSquares(
        differences.map(({ residual }) => residual),
        last.residual,
        ridge,
      );
      if (!gamma) return undefined;
      const step = last.residual.slice();
      differences.forEach((change, i) => {
        for (let a = 0; a < step.length; a++) step[a] -= gamma[i] * (change.x[a] + change.residual[a]);
      });
      const length = Math.sqrt(dot(step, step) / dot(last.residual, last.residual));
      if (!Number.isFinite(length)) return undefined;
      const factor = Math.min(1, longest / length);
      return last.x.map((value, a) => value + factor * step[a]);
    },
    lengthen() {
      longest = Math.min(MOST_LENGTH, 2 * longest);
      ridge = Math.max(LEAST_RIDGE, ridge / 10);
    },
    shorten() {
      longest = Math.max(LEAST_LENGTH, longest / 4);
      ridge = Math.min(MOST_RIDGE, 100 * ridge);
      points = points.slice(-KEPT);
    },
  };
}

function difference(to: Point, from: Point): Point {
  return {
    x: to.x.map((value, a) => value - from.x[a]),
    residual: to.residual.map((value, a) => value - from.residual[a]),
  };
}

function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < u.length; a++) sum += u[a] * v[a];
  return sum;
}

/** γ that minimises ‖target − Σ γᵢ columnᵢ‖, by the normal equations of columns scaled to length 1, damped. */
function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
  ridge: number,
): number[] | undefined {
  const m = columns.length;
  const norms = columns.map((column) => Math.sqrt(dot(column, column)));
  if (norms.some((norm) => !(norm > 0 && norm < Number.POSITIVE_INFINITY))) return undefined;
  const gram = new Matrix(m, m);
  const right = new Matrix(m, 1);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const value = i === j ? 1 + ridge : dot(columns[i], columns[j]) / (norms[i] * norms[j]);
      gram.set(i, j, value);
      gram.set(j, i, value);
    }
    right.set(i, 0, dot(columns[i], target) / norms[i]);
  }
  try {
    const gamma = solve(gram, right).to1DArray();
    return gamma.map((value, i) => value / norms[i]);
  } catch {
    // Columns that are the same to the last bit: nothing to go by.
    return undefined;
  }
}
