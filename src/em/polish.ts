/**
 * Polishing: whether a run that looks converged is at its end, and if not, the way on.
 *
 * A rule of convergence sees only the directions of the last steps, and a plateau looks like an end to it. Newton steps with
 * measured curvature tell: at a maximum a step leaves a small part of the gain that it promised.
 */

import type { CurvaturePair } from './acceleration/quasi-newton.js';
import { ROUNDING } from './convergence.js';
import type { Evaluator, RunPoint } from './evaluator.js';
import { type PolishOptions, takePolishStep } from './polish-step.js';
import type { EmOptions } from './run.js';

/** Where polishing came to. */
export interface Polished {
  /** The points after the first, in order. */
  readonly points: readonly RunPoint[];
  /** Whether nothing is left to gain from the last point; else the run goes on from there. */
  readonly isEnd: boolean;
  /** Curvature pairs of the last step. */
  readonly pairs: readonly CurvaturePair[];
}

/** At a maximum of a nearly quadratic objective, a Newton step leaves at most this part of the gain that it promised. */
const CONTRACTION = 0.1;

/**
 * Near a maximum that is flatter than a quadratic, each Newton step leaves about half. Two steps in a row that leave at most this
 * part are enough if all that is left adds up to a tenth of the tolerance.
 */
const SLOW_CONTRACTION = 0.7;

/** Most Newton steps before the run goes on. */
const MOST_STEPS = 6;

/** A gain below this part of the tolerance does not count. */
const NO_GAIN = 1e-4;

/** @param from - a point where the run looks converged */
export function polish(
  from: RunPoint,
  evaluator: Evaluator,
  options: EmOptions,
  how: PolishOptions,
): Polished {
  const rounding = (ROUNDING * Math.abs(from.objective)) / options.moments.totalWeight;
  const noGain = Math.max(NO_GAIN * how.tol, rounding);
  const points: RunPoint[] = [];
  let current = from;
  let pairs: readonly CurvaturePair[] = [];
  let partBefore = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MOST_STEPS; i++) {
    const step = takePolishStep(current, evaluator, options, { ...how, noGain, isFirst: i === 0 });
    switch (step.kind) {
      case 'no-gain':
        return { points, isEnd: true, pairs };
      case 'no-passes':
        // The rule's verdict stands unless an earlier step has refuted it.
        return { points, isEnd: evaluator.countIterations() === 0, pairs };
      case 'no-way':
        return { points, isEnd: false, pairs: step.pairs };
    }
    points.push(step.point);
    current = step.point;
    pairs = step.pairs;
    if (step.kind === 'off-saddle') break;
    const { promised, left } = step;
    const part = left / promised;
    const isQuick = promised <= how.tol && left <= Math.max(noGain, CONTRACTION * promised);
    const isSlowEnd =
      Math.max(part, partBefore) <= SLOW_CONTRACTION && left / (1 - part) <= CONTRACTION * how.tol;
    if (isQuick || isSlowEnd) return { points, isEnd: true, pairs };
    if (!(part < 1)) break;
    partBefore = part;
  }
  return { points, isEnd: false, pairs };
}
