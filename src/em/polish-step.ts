/**
 * One step of polishing. The curvature is measured on all rows:
 *
 *   the objective curves up along a direction   the point is near a saddle, and the step goes along that direction
 *   it curves down along all directions         Newton's step
 */

import { factorMixture } from '../core/factored-mixture.js';
import { ALL_ROWS } from '../rows/row-part.js';
import { solveExactly } from './acceleration/hessian.js';
import { MOST_PRODUCTS, type NewtonSolution, solveNewton } from './acceleration/newton.js';
import type { ParameterVector } from './acceleration/parameter-vector.js';
import {
  type CurvaturePair,
  computeDirection,
  dot,
  largestCoordinate,
  moveAlong,
  type Point,
  pairBetween,
} from './acceleration/quasi-newton.js';
import type { Evaluator, RunPoint } from './evaluator.js';
import { isWithinBounds } from './m-step.js';
import type { EmOptions } from './run.js';

/** How a run is polished. */
export interface PolishOptions {
  readonly vectors: ParameterVector;
  /** What may be left to gain for each row. */
  readonly tol: number;
  /** Passes so far, to which the passes of polishing are compared. */
  readonly passesBefore: number;
}

interface StepOptions extends PolishOptions {
  /** A promise of at most this for each row is no gain. */
  readonly noGain: number;
  /** Whether no step of this polishing came before. */
  readonly isFirst: boolean;
}

/** A step, or why there is none. */
export type PolishStep =
  | {
      readonly kind: 'newton';
      readonly point: RunPoint;
      /** Gain for each row: what the step promised, and what is left after it. */
      readonly promised: number;
      readonly left: number;
      readonly pairs: readonly CurvaturePair[];
    }
  | { readonly kind: 'off-saddle'; readonly point: RunPoint; readonly pairs: readonly CurvaturePair[] }
  /** The step promises more than the tolerance, and the objective falls along it. */
  | { readonly kind: 'no-way'; readonly pairs: readonly CurvaturePair[] }
  | { readonly kind: 'no-gain' }
  /** Too few passes are left to measure the curvature. */
  | { readonly kind: 'no-passes' };

/**
 * Reach of a probe. On all rows a difference of gradients has no error but rounding, and a plateau has so little curvature that
 * third derivatives hide it from a longer probe.
 */
const PROBE = 1e-6;

/** Farthest that a Newton step goes along any coordinate, and how far the first step off a saddle goes. */
const REACH = 10;
const ESCAPE = 0.5;

/** A rejected step is followed by a step of this part of its length; so many lengths are tried. */
const SHORTER = 0.25;
const TRIES = 4;

/** Most passes after the products: steps off a saddle, then steps along Newton's direction. */
const MOST_TRIES = 2 * TRIES;

/** A step off a saddle gains at least this part of the tolerance. */
const LEAST_ESCAPE = 0.01;

/** The whole Hessian is measured first if it takes at most this part of the passes so far. */
const CHEAP = 0.25;

/** Most parameters for the whole Hessian: larger ones take longer to decompose than to measure. */
const MOST_PARAMETERS = 100;

/** EM is slow where it leaves more than 1 − SLOW of the way along some direction. */
const SLOW = 0.01;

export function takePolishStep(
  from: RunPoint,
  evaluator: Evaluator,
  options: EmOptions,
  { vectors, tol, passesBefore, noGain, isFirst }: StepOptions,
): PolishStep {
  const at = vectors.toPoint(from.mixture, from.image);
  if (!at) return { kind: 'no-gain' };
  const mostProducts = evaluator.passesLeft() - MOST_TRIES;
  if (mostProducts < MOST_PRODUCTS) return { kind: 'no-passes' };
  const probe = (x: Float64Array): Point | undefined => {
    const found = evaluator.step(vectors.fromVector(x), ALL_ROWS);
    return found && vectors.toPoint(found.mixture, found.image);
  };
  const passes = passesBefore + evaluator.countIterations();
  const newton = measure(at, probe, { passes, mostProducts, isFirst });
  if (!newton) return { kind: 'no-gain' };

  const search = (direction: Float64Array, longest: number, leastGain: number): RunPoint | undefined => {
    for (let i = 0; i < TRIES; i++) {
      const x = moveAlong(at.x, longest * SHORTER ** i, direction);
      const point = evaluateSound(x, vectors, evaluator, options);
      if (point && point.objective - from.objective >= leastGain * options.moments.totalWeight) return point;
    }
    return undefined;
  };
  if (newton.end === 'curves-up') {
    const sign = dot(newton.along, at.gradient) < 0 ? -1 : 1;
    const longest = (sign * ESCAPE) / largestCoordinate(newton.along);
    const point = search(newton.along, longest, LEAST_ESCAPE * tol);
    if (point) return { kind: 'off-saddle', point, pairs: [] };
  }
  // A quadratic gains half of its slope on the way to its maximum.
  const promised = dot(at.gradient, newton.direction) / 2;
  if (!(promised > noGain)) return { kind: 'no-gain' };
  const point = search(newton.direction, Math.min(1, REACH / largestCoordinate(newton.direction)), 0);
  const to = point && vectors.toPoint(point.mixture, point.image);
  if (!point || !to) return promised < tol ? { kind: 'no-gain' } : { kind: 'no-way', pairs: newton.pairs };
  const taken = pairBetween(at, to);
  const pairs = taken ? [...newton.pairs, taken] : newton.pairs;
  const left = dot(to.gradient, computeDirection(to, pairs)) / 2;
  return { kind: 'newton', point, promised, left, pairs };
}

/**
 * Solves Newton's equation by conjugate gradients, or by the whole Hessian: first where that is cheap, and after the conjugate
 * gradients where these had a hard time. They can miss a saddle along a direction in which the gradient is nearly 0.
 */
function measure(
  at: Point,
  probe: (x: Float64Array) => Point | undefined,
  { passes, mostProducts, isFirst }: { passes: number; mostProducts: number; isFirst: boolean },
): NewtonSolution | undefined {
  const size = at.x.length;
  const affordable = Math.min(mostProducts, MOST_PARAMETERS, passes);
  if (size <= Math.min(affordable, isFirst ? CHEAP * passes : passes)) return solveExactly(at, probe, PROBE);
  const solution = solveNewton(at, [], { probe, base: at, reach: PROBE });
  if (!solution || isEasy(solution, size) || size > affordable - solution.pairs.length) return solution;
  return solveExactly(at, probe, PROBE) ?? solution;
}

/** Whether few directions were enough, and EM is slow along none of them. */
function isEasy({ end, pairs }: NewtonSolution, size: number): boolean {
  // y · P y / y · s is a mean of the eigenvalues of 1 − a, with a the factor by which EM shrinks a distance.
  const isQuick = pairs.every(({ s, y, t }) => dot(y, t) > SLOW * dot(y, s));
  return end === 'solved' && isQuick && pairs.length < size / 2;
}

/** The point at a vector; undefined if a variance is too small or a component empty. */
function evaluateSound(
  x: Float64Array,
  vectors: ParameterVector,
  evaluator: Evaluator,
  options: EmOptions,
): RunPoint | undefined {
  const mixture = factorMixture(vectors.fromVector(x));
  const point = isWithinBounds(mixture, options) ? evaluator.evaluate(mixture) : undefined;
  return point && point.image.lifted === undefined && point.image.empty.length === 0 ? point : undefined;
}
