/**
 * Truncated Newton: the Newton step towards a maximum, by preconditioned conjugate gradients (Nocedal & Wright, Numerical
 * Optimization, 2006, algorithms 5.3 and 7.1). Every Hessian-vector product is a difference of two gradients. The gradients may
 * be those on a part of the data (subsampled Newton): a Hessian need not be exact to point the way. This file sees vectors only.
 */

import {
  addInto,
  type CurvaturePair,
  computeDirection,
  dot,
  moveAlong,
  type Point,
  pairBetween,
} from './quasi-newton.js';

/** The step, and the curvature pairs that were measured for it, each conjugate to those before it. */
export interface NewtonStep {
  readonly direction: Float64Array;
  readonly pairs: readonly CurvaturePair[];
}

/** Farthest that a probe goes along any coordinate: errors of the third order stay below those of a part of the data. */
const PROBE = 1e-4;

/**
 * Conjugate gradients end when one product gains less than this part of what an average one has gained (Nash & Sofer, 1990).
 * The gain that the step promises is then known to about this part.
 */
const ACCURACY = 0.1;

/** Most Hessian-vector products. */
const MOST_PRODUCTS = 30;

/** Most function evaluations: one for each product, and one for the gradient at the point. */
export const MOST_EVALUATIONS = MOST_PRODUCTS + 1;

/**
 * @param at - with the gradient on all the data
 * @param pairs - known curvature pairs: the preconditioner
 * @param probe - the function on a part of the data: undefined where it has no value
 * @returns undefined where the function curves up on the way, has no value there, or the equation is too hard to solve
 */
export function solveNewton(
  at: Point,
  pairs: readonly CurvaturePair[],
  probe: (x: Float64Array) => Point | undefined,
): NewtonStep | undefined {
  const base = probe(at.x);
  if (!base) return undefined;
  const direction = new Float64Array(at.x.length);
  const residual = { x: at.x, gradient: at.gradient.slice(), step: at.step.slice() };
  const found: CurvaturePair[] = [];
  let ascent = computeDirection(residual, pairs);
  let along = ascent;
  let size = dot(residual.gradient, ascent);
  let gain = 0;
  while (found.length < MOST_PRODUCTS) {
    const pair = measurePair(base, along, probe);
    if (!pair) return undefined;
    found.push(pair);
    const factor = size / dot(pair.s, pair.y);
    const last = (factor * size) / 2;
    gain += last;
    addInto(direction, factor, pair.s);
    if (found.length * last <= ACCURACY * gain) return { direction, pairs: found };
    addInto(residual.gradient, -factor, pair.y);
    addInto(residual.step, -factor, pair.t);
    ascent = computeDirection(residual, pairs);
    const before = size;
    size = dot(residual.gradient, ascent);
    along = moveAlong(ascent, size / before, along);
  }
  return undefined;
}

/** The curvature pair along a direction, measured by a small step; undefined as of `pairBetween`. */
function measurePair(
  base: Point,
  s: Float64Array,
  probe: (x: Float64Array) => Point | undefined,
): CurvaturePair | undefined {
  const farthest = s.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = PROBE / farthest;
  const point = probe(moveAlong(base.x, factor, s));
  const small = point && pairBetween(base, point);
  if (!small) return undefined;
  return { s, y: small.y.map((value) => value / factor), t: small.t.map((value) => value / factor) };
}
