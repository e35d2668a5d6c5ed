/**
 * Truncated Newton: the Newton step towards a maximum, by preconditioned conjugate gradients (Nocedal & Wright, Numerical
 * Optimization, 2006, algorithms 5.3 and 7.1). Every Hessian-vector product is a difference of two gradients. The gradients may
 * be those on a part of the data (subsampled Newton): an inexact Hessian still gives a good direction. This file knows only vectors.
 */

import {
  addInto,
  type CurvaturePair,
  computeDirection,
  dot,
  largestCoordinate,
  moveAlong,
  type Point,
  pairBetween,
} from './quasi-newton.js';

/** The result of conjugate gradients. */
export interface NewtonSolution {
  /**
   * `'solved'`: to the wanted accuracy. `'too-hard'`: not within 30 products. `'curves-up'`: the function does not curve
   * down along `along`, so no maximum of the quadratic model lies that way. `'no-value'`: the function has no value at a probe.
   */
  readonly end: 'solved' | 'too-hard' | 'curves-up' | 'no-value';
  /** The solution so far: the maximum of the quadratic model in the span of the pairs. */
  readonly direction: Float64Array;
  /** The curvature pairs that were measured, each conjugate to those before it. */
  readonly pairs: readonly CurvaturePair[];
  /** The last direction along which the curvature was measured. */
  readonly along: Float64Array;
}

/** The function to maximise, and the way to measure it. */
export interface NewtonProblem {
  /** Gradient and EM step at a vector, on all the data or a part; undefined if the function has no value there. */
  readonly probe: (x: Float64Array) => Point | undefined;
  /** The result of `probe` at the point itself, if it is known. */
  readonly base?: Point;
  /** Most that a probe changes any coordinate. */
  readonly reach?: number;
}

/** Default reach of a probe: errors of the third order stay below those of a part of the data. */
const PROBE = 1e-4;

/**
 * Conjugate gradients end when one product gains less than this part of what an average one has gained (Nash & Sofer, 1990).
 * The gain that the step promises is then known to about this part.
 */
const ACCURACY = 0.1;

/** Most Hessian-vector products. */
export const MOST_PRODUCTS = 30;

/** Most function evaluations: one for each product, and one for the gradient at the point. */
export const MOST_EVALUATIONS = MOST_PRODUCTS + 1;

/**
 * @param at - with the gradient on all the data
 * @param pairs - known curvature pairs: the preconditioner
 * @returns undefined where the function has no value at the point itself
 */
export function solveNewton(
  at: Point,
  pairs: readonly CurvaturePair[],
  { probe, base = probe(at.x), reach = PROBE }: NewtonProblem,
): NewtonSolution | undefined {
  if (!base) return undefined;
  const direction = new Float64Array(at.x.length);
  const residual = { x: at.x, gradient: at.gradient.slice(), step: at.step.slice() };
  const found: CurvaturePair[] = [];
  let ascent = computeDirection(residual, pairs);
  let along = ascent;
  let size = dot(residual.gradient, ascent);
  let gain = 0;
  const endAs = (end: NewtonSolution['end']): NewtonSolution => ({ end, direction, pairs: found, along });
  while (size > 0 && found.length < MOST_PRODUCTS) {
    const pair = measurePair(base, along, probe, reach);
    if (typeof pair === 'string') return endAs(pair);
    found.push(pair);
    const factor = size / dot(pair.s, pair.y);
    const last = (factor * size) / 2;
    gain += last;
    addInto(direction, factor, pair.s);
    if (found.length * last <= ACCURACY * gain) return endAs('solved');
    addInto(residual.gradient, -factor, pair.y);
    addInto(residual.step, -factor, pair.t);
    ascent = computeDirection(residual, pairs);
    const before = size;
    size = dot(residual.gradient, ascent);
    along = moveAlong(ascent, size / before, along);
  }
  return endAs(size > 0 ? 'too-hard' : 'solved');
}

/** The curvature pair along a direction, measured by a small step; or why there is none. */
function measurePair(
  base: Point,
  s: Float64Array,
  probe: NewtonProblem['probe'],
  reach: number,
): CurvaturePair | 'curves-up' | 'no-value' {
  const factor = reach / largestCoordinate(s);
  const point = probe(moveAlong(base.x, factor, s));
  if (!point) return 'no-value';
  const small = pairBetween(base, point);
  if (!small) return 'curves-up';
  return { s, y: small.y.map((value) => value / factor), t: small.t.map((value) => value / factor) };
}
