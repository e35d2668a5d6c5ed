/**
 * Newton's step towards the maximum of a function whose curvature is measured, not remembered: preconditioned conjugate
 * gradients (Nocedal & Wright, Numerical Optimization, 2006, algorithms 5.3 and 7.1), every product with the Hessian a difference
 * of two gradients. What is measured may be the function on a part of its data: a Hessian need not be exact to point
 * the way. It sees vectors only.
 */

import {
  addInto,
  computeDirection,
  dot,
  type Move,
  moveAlong,
  moveBetween,
  type Point,
} from './quasi-newton.js';

/** The step, and the moves that were measured for it, each conjugate to those before it. */
export interface NewtonStep {
  readonly direction: Float64Array;
  readonly moves: readonly Move[];
}

/** Farthest that a probe goes along any coordinate: errors of the third order stay below those of a part of the data. */
const PROBE = 1e-4;

/**
 * The equation is solved when a product gains less than this part of what an average one has gained (Nash & Sofer, 1990): what
 * is hoped for is then known to some such part.
 */
const ACCURACY = 0.1;

/** Most products with the Hessian; and with the gradient that they start from, most looks at the function. */
const MOST_PROBES = 30;
export const MOST_LOOKS = MOST_PROBES + 1;

/**
 * @param at - where the gradient is that of all the data
 * @param moves - what is known of the Hessian: the preconditioner
 * @param probe - the function on a part of the data: undefined where it has no value
 * @returns undefined where the function bends up on the way, has no value there, or the equation is too hard to solve
 */
export function solveNewton(
  at: Point,
  moves: readonly Move[],
  probe: (x: Float64Array) => Point | undefined,
): NewtonStep | undefined {
  const base = probe(at.x);
  if (!base) return undefined;
  const direction = new Float64Array(at.x.length);
  const residual = { x: at.x, gradient: at.gradient.slice(), step: at.step.slice() };
  const found: Move[] = [];
  let ascent = computeDirection(residual, moves);
  let along = ascent;
  let size = dot(residual.gradient, ascent);
  let gain = 0;
  while (found.length < MOST_PROBES) {
    const move = probeAlong(base, along, probe);
    if (!move) return undefined;
    found.push(move);
    const factor = size / dot(move.s, move.y);
    const last = (factor * size) / 2;
    gain += last;
    addInto(direction, factor, move.s);
    if (found.length * last <= ACCURACY * gain) return { direction, moves: found };
    addInto(residual.gradient, -factor, move.y);
    addInto(residual.step, -factor, move.t);
    ascent = computeDirection(residual, moves);
    const before = size;
    size = dot(residual.gradient, ascent);
    along = moveAlong(ascent, size / before, along);
  }
  return undefined;
}

/** The move along a direction, measured by a small one; undefined as of `moveBetween`. */
function probeAlong(
  base: Point,
  s: Float64Array,
  probe: (x: Float64Array) => Point | undefined,
): Move | undefined {
  const farthest = s.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = PROBE / farthest;
  const point = probe(moveAlong(base.x, factor, s));
  const small = point && moveBetween(base, point);
  if (!small) return undefined;
  return { s, y: small.y.map((value) => value / factor), t: small.t.map((value) => value / factor) };
}
