/**
 * Fewer passes: quasi-Newton steps in place of plain ones, never at the cost of the log-likelihood.
 *
 * A proposal is tried with one pass and kept if the log-likelihood does not fall; else a shorter one is tried, by the
 * parabola through what is known along the direction; else the plain step is taken. The estimate of what is still to
 * gain, which the rules of convergence are told, comes from the same direction.
 */

import type { Parameters } from '../types.js';
import type { MStepResult } from './m-step.js';
import type { ParameterVector } from './parameter-vector.js';
import { computeDirection, dot, type Move, moveAlong, moveBetween, type Point } from './quasi-newton.js';

/** All that an accelerator remembers, as plain data. */
export interface AcceleratorState {
  /** Oldest first. */
  moves: readonly Move[];
  /** The last point of the run, and its log-likelihood a row. */
  point: Point | undefined;
  meanLogLikelihood: number;
  /** What the last steps gained, a row, the latest at the end. */
  gains: readonly number[];
  /** Plain steps to take before the next proposal. */
  plainSteps: number;
  /** How many plain steps follow the next failure. */
  pause: number;
  /** Whether plain EM is slow enough to be helped. */
  isSlow: boolean;
}

/** @param moves - of a run on other rows of the same data: bent alike, so their guidance holds here, too */
export function createAcceleratorState(moves: readonly Move[] = []): AcceleratorState {
  return {
    moves,
    point: undefined,
    meanLogLikelihood: Number.NaN,
    gains: [],
    plainSteps: 0,
    pause: 1,
    isSlow: moves.length > 0,
  };
}

/** Proposes points to the EM loop and learns how they did. */
export interface Accelerator {
  readonly state: AcceleratorState;
  /**
   * The run has come to a point.
   *
   * @param image - where a plain step goes from there
   */
  arrive(parameters: Parameters, image: MStepResult, meanLogLikelihood: number): void;
  /** A point to try instead of the plain step, or undefined for the plain step. */
  propose(): Parameters | undefined;
  /**
   * The proposal was bad: another one, or undefined for the plain step.
   *
   * @param meanLogLikelihood - of the bad one, undefined where it was no mixture
   */
  retry(meanLogLikelihood: number | undefined): Parameters | undefined;
  /** The proposal was kept. */
  accept(): void;
  /** Estimate of the mean log-likelihood still to gain; infinite where the last steps don't tell. */
  estimateToCome(): number;
  /** The next step is a plain one. */
  takePlainStep(): void;
  /** The run begins anew, elsewhere. */
  restart(): void;
}

/** Moves remembered; 10 and 40 take as many passes, a few more and a few fewer. */
const MEMORY = 20;

/** Proposals in one direction before the plain step; 1 takes a fifth more passes, 3 save none. */
const TRIES = 2;

/**
 * Farthest that a proposal goes along any coordinate: standard deviations of the data, or e-folds. Farther off a component
 * has no rows, and its numbers soon overflow.
 */
const REACH = 10;

/** A shorter proposal is this part of the last one, at least and at most. */
const SHORTEST = 0.1;
const LONGEST = 0.5;

/** Most plain steps after a failure: with its two passes, a quarter more than plain EM would take. */
const LONGEST_PAUSE = 8;

/** Where a plain step shrinks the gain by more than this, EM is quick enough by itself. */
const QUICK = 0.5;

/** Gains whose sum is set against that of as many before. */
const WINDOW = 5;

/** Where the quadratic model has its top, seen from a point. */
interface Aim {
  readonly from: Point;
  readonly direction: Float64Array;
  /** Of the log-likelihood a row, along the direction. */
  readonly slope: number;
}

function aimFrom(from: Point, moves: readonly Move[]): Aim {
  const direction = computeDirection(from, moves);
  return { from, direction, slope: dot(from.gradient, direction) };
}

export function createAccelerator(
  vectors: ParameterVector,
  state: AcceleratorState = createAcceleratorState(),
): Accelerator {
  // What follows from the state, found when it is needed; and the proposals of this step.
  let found: Aim | undefined;
  let factor = 1;
  let tries = 0;

  const aim = (): Aim | undefined => {
    if (!state.point || state.moves.length === 0) return undefined;
    found ??= aimFrom(state.point, state.moves);
    return found;
  };
  const forget = (): void => {
    state.moves = [];
    found = undefined;
  };
  const build = ({ from, direction }: Aim): Parameters => {
    tries++;
    return vectors.fromVector(moveAlong(from.x, factor, direction));
  };

  return {
    state,

    arrive(parameters, image, meanLogLikelihood) {
      const gain = meanLogLikelihood - state.meanLogLikelihood;
      state.meanLogLikelihood = meanLogLikelihood;
      if (!Number.isNaN(gain)) {
        // Gains that grow are those of the first steps, or of a way off a plateau: EM itself knows best.
        const ratio = gain / (state.gains.at(-1) ?? Number.NaN);
        if (ratio > QUICK && ratio < 1) state.isSlow = true;
        state.gains = [...state.gains.slice(1 - 2 * WINDOW), gain];
      }
      const from = state.point;
      const point = vectors.toPoint(parameters, image);
      const move = from && point && moveBetween(from, point);
      state.point = point;
      found = undefined;
      if (move) state.moves = [...state.moves, move].slice(-MEMORY);
      else if (from || !point) forget();
      // No way up: the moves contradict each other, as they are of another region.
      const slope = aim()?.slope ?? 1;
      if (!(slope > 0 && slope < Number.POSITIVE_INFINITY)) forget();
    },

    propose() {
      if (state.plainSteps > 0) {
        state.plainSteps--;
        return undefined;
      }
      const target = state.isSlow ? aim() : undefined;
      if (!target) return undefined;
      const farthest = target.direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      factor = Math.min(1, REACH / farthest);
      tries = 0;
      return build(target);
    },

    retry(meanLogLikelihood) {
      const target = aim();
      if (target && tries < TRIES) {
        // The top of the parabola with this slope at 0 that goes through what was found at `factor`.
        const hoped = factor * target.slope;
        const gained = (meanLogLikelihood ?? Number.NEGATIVE_INFINITY) - state.meanLogLikelihood;
        const top = hoped / (2 * (hoped - gained));
        factor *= Math.min(LONGEST, Math.max(SHORTEST, top));
        return build(target);
      }
      forget();
      // This plain step is one of them.
      state.plainSteps = state.pause - 1;
      state.pause = Math.min(LONGEST_PAUSE, 2 * state.pause);
      return undefined;
    },

    accept() {
      state.pause = 1;
    },

    estimateToCome() {
      const { gains } = state;
      const target = aim();
      const width = Math.min(WINDOW, Math.floor(gains.length / 2));
      if (!target || width === 0) return Number.POSITIVE_INFINITY;
      // Aitken's estimate, on sums of gains as single ones go up and down.
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      const last = sum(gains.slice(-width));
      const before = sum(gains.slice(-2 * width, -width));
      const tail = last < before ? last ** 2 / (before - last) : last > 0 ? Number.POSITIVE_INFINITY : 0;
      // And what the quadratic model hopes for: half its slope at the point times the way to its top.
      return Math.max(target.slope / 2, tail);
    },

    takePlainStep() {
      state.plainSteps = Math.max(1, state.plainSteps);
    },

    restart() {
      forget();
      Object.assign(state, createAcceleratorState());
    },
  };
}
