/**
 * Fewer passes: quasi-Newton steps in place of plain ones, never at the cost of the log-likelihood; of many rows Newton's,
 * with the curvature that a part of them shows.
 *
 * A proposal is tried with one pass and kept if the log-likelihood does not fall; else a shorter one is tried, by the
 * parabola through what is known along the direction; else the plain step is taken. In place of Newton's it is the quasi-Newton
 * step first. The estimate of what is still to gain, which the rules of convergence are told, comes from the same direction.
 */

import type { Parameters } from '../../core/parameters.js';
import type { RowPart } from '../../rows/row-part.js';
import type { MStepResult } from '../m-step.js';
import { MOST_LOOKS, solveNewton } from './newton.js';
import type { ParameterVector } from './parameter-vector.js';
import {
  computeDirection,
  correctDirection,
  dot,
  type Move,
  moveAlong,
  moveBetween,
  type Point,
} from './quasi-newton.js';

/** Where the quadratic model has its top, seen from a point. */
export interface Aim {
  readonly direction: Float64Array;
  /** Of the log-likelihood a row, along the direction. */
  readonly slope: number;
  /** Whether the curvature was measured, in every direction that matters here; else it is remembered in some. */
  readonly isMeasured: boolean;
}

/** All that an accelerator remembers, as plain data. */
export interface AcceleratorState {
  /** Oldest first: of this run, of one on other rows before it, and measured on a part of the rows. */
  moves: readonly Move[];
  /** Those of this run, over all its rows. */
  ownMoves: readonly Move[];
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
  /** From the last point on. */
  aim: Aim | undefined;
  /** The aim that the moves alone gave, where `aim` was measured; and the moves that this took. */
  remembered: Aim | undefined;
  measured: readonly Move[];
  /** It is measured on one row in so many, a power of 2; 1 for never. And which of these parts is next. */
  oneIn: number;
  nextPart: number;
  /** Whether the curvature is to be measured at the last point, if the run goes on from there. */
  isToMeasure: boolean;
  /** Steps to take before it is measured again, and how many of them follow the next time that it misleads. */
  unmeasuredSteps: number;
  rest: number;
}

/** An estimate of the mean log-likelihood still to gain. */
export interface ToCome {
  /** Infinite where the last steps don't tell. */
  readonly toCome: number;
  /** Whether the curvature was measured. */
  readonly isMeasured: boolean;
}

/**
 * A part of the rows tells how the log-likelihood bends where it has so many for each number of the parameter vector; twice and
 * four times as many where that was too few.
 */
const ROWS_PER_PARAMETER = 140;

/** Of all rows a part is at most a quarter, as it is looked at some ten times a step; below a sixteenth nothing is saved. */
const LEAST_ONE_IN = 4;
const MOST_ONE_IN = 16;

/**
 * @param nRows - where they are weighted, as many of equal weight as tell as much
 * @param length - of the parameter vector
 * @returns on one of how many rows the curvature is measured, 1 where they are too few for that
 */
export function chooseOneIn(nRows: number, length: number): number {
  let oneIn = MOST_ONE_IN;
  while (oneIn > 1 && nRows < oneIn * ROWS_PER_PARAMETER * length) oneIn /= 2;
  return oneIn < LEAST_ONE_IN ? 1 : oneIn;
}

/**
 * @param moves - of a run on other rows of the same data: bent alike, so their guidance holds here, too
 * @param oneIn - as `chooseOneIn` gives it
 */
export function createAcceleratorState(moves: readonly Move[] = [], oneIn = 1): AcceleratorState {
  return {
    moves,
    ownMoves: [],
    point: undefined,
    meanLogLikelihood: Number.NaN,
    gains: [],
    plainSteps: 0,
    pause: 1,
    isSlow: moves.length > 0,
    aim: undefined,
    remembered: undefined,
    measured: [],
    oneIn,
    nextPart: 0,
    isToMeasure: false,
    unmeasuredSteps: 0,
    rest: SHORTEST_REST,
  };
}

/** EM on a part of the rows. */
export interface PartialEm {
  /** Where a step goes from a mixture on a part of the rows, if anywhere. */
  map(parameters: Parameters, rows: RowPart): MStepResult | undefined;
  /** Passes over all rows that the run has left. */
  passesLeft(): number;
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
  propose(part: PartialEm): Parameters | undefined;
  /**
   * The proposal was bad: another one, or undefined for the plain step. Newton's step has one try, then the quasi-Newton step
   * has its own.
   *
   * @param meanLogLikelihood - of the bad one, undefined where it was no mixture
   */
  retry(meanLogLikelihood: number | undefined): Parameters | undefined;
  /** Whether the gradients at the last point and at another, by the trapezoid rule, call the way there a rise. */
  isUphill(parameters: Parameters, image: MStepResult): boolean;
  /** The proposal was kept. */
  accept(): void;
  estimateToCome(part: PartialEm): ToCome;
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

/** Steps without measuring after the first time that the largest part misled; twice as many after the next. */
const SHORTEST_REST = 4;

/** The curvature is measured where the remembered one promises less than this: farther off it is another one at the top. */
const NEAR = 1e-2;

export function createAccelerator(
  vectors: ParameterVector,
  state: AcceleratorState = createAcceleratorState(),
): Accelerator {
  // The proposals of this step.
  let factor = 1;
  let tries = 0;

  const forget = (): void => {
    state.moves = [];
    state.ownMoves = [];
    state.aim = undefined;
  };
  const build = ({ x }: Point, { direction }: Aim): Parameters => {
    tries++;
    return vectors.fromVector(moveAlong(x, factor, direction));
  };
  const buildFirst = (from: Point, aim: Aim): Parameters => {
    const farthest = aim.direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    factor = Math.min(1, REACH / farthest);
    tries = 0;
    return build(from, aim);
  };
  /** What was measured leads nowhere. */
  const distrust = (): void => {
    state.aim = state.remembered ?? state.aim;
    state.remembered = undefined;
    state.measured = [];
    if (state.oneIn > LEAST_ONE_IN) {
      state.oneIn /= 2;
    } else {
      state.unmeasuredSteps = state.rest;
      state.rest *= 2;
    }
  };
  const aimFrom = (from: Point): Aim | undefined => {
    if (state.moves.length === 0) return undefined;
    const direction = computeDirection(from, state.moves);
    const slope = dot(from.gradient, direction);
    // No way up: the moves contradict each other, as they are of another region.
    return slope > 0 && slope < Number.POSITIVE_INFINITY
      ? { direction, slope, isMeasured: false }
      : undefined;
  };
  /** Measures the curvature at the last point, if it is to be measured and the passes left allow for it. */
  const measure = ({ map, passesLeft }: PartialEm): void => {
    const { point: from, oneIn, nextPart, isToMeasure } = state;
    state.isToMeasure = false;
    if (!from || !isToMeasure || passesLeft() < 1 + MOST_LOOKS / oneIn) return;
    // Another part each time: where one misleads, the next does not mislead alike. An odd step takes all of them in turn.
    const rows = { oneIn, index: nextPart % oneIn };
    state.nextPart = (rows.index + oneIn / 2 + 1) % oneIn;
    const probe = (x: Float64Array): Point | undefined => {
      const parameters = vectors.fromVector(x);
      const image = map(parameters, rows);
      return image && vectors.toPoint(parameters, image);
    };
    // What all rows have shown corrects what a part of them shows.
    const direction = correctDirection(from, state.ownMoves, (rest) => {
      const step = solveNewton(rest, state.moves, probe);
      state.measured = step?.moves ?? [];
      return step?.direction;
    });
    const slope = direction ? dot(from.gradient, direction) : 0;
    if (direction && slope > 0 && slope < Number.POSITIVE_INFINITY) {
      state.remembered = state.aim;
      state.aim = { direction, slope, isMeasured: true };
    } else {
      distrust();
    }
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
      if (move) {
        state.moves = [...state.moves, ...state.measured, move].slice(-MEMORY);
        state.ownMoves = [...state.ownMoves, move].slice(-MEMORY);
      } else if (from || !point) forget();
      state.aim = point && aimFrom(point);
      state.remembered = undefined;
      state.measured = [];
      if (!state.aim) forget();
      const isNear = state.aim !== undefined && state.aim.slope / 2 < NEAR;
      state.isToMeasure = isNear && state.isSlow && state.oneIn > 1 && state.unmeasuredSteps === 0;
      if (state.unmeasuredSteps > 0) state.unmeasuredSteps--;
    },

    propose(part) {
      if (state.plainSteps > 0) {
        state.plainSteps--;
        return undefined;
      }
      measure(part);
      const { point, aim, isSlow } = state;
      if (!isSlow || !point || !aim) return undefined;
      return buildFirst(point, aim);
    },

    retry(meanLogLikelihood) {
      const { point, aim, remembered } = state;
      if (point && remembered) {
        distrust();
        return buildFirst(point, remembered);
      }
      if (point && aim && tries < TRIES) {
        // The top of the parabola with this slope at 0 that goes through what was found at `factor`.
        const hoped = factor * aim.slope;
        const gained = (meanLogLikelihood ?? Number.NEGATIVE_INFINITY) - state.meanLogLikelihood;
        const top = hoped / (2 * (hoped - gained));
        factor *= Math.min(LONGEST, Math.max(SHORTEST, top));
        return build(point, aim);
      }
      forget();
      // This plain step is one of them.
      state.plainSteps = state.pause - 1;
      state.pause = Math.min(LONGEST_PAUSE, 2 * state.pause);
      return undefined;
    },

    isUphill(parameters, image) {
      const { point: from } = state;
      const to = vectors.toPoint(parameters, image);
      if (!from || !to) return false;
      const rise = to.x.reduce((sum, x, a) => sum + (x - from.x[a]) * (from.gradient[a] + to.gradient[a]), 0);
      return rise >= 0;
    },

    accept() {
      state.pause = 1;
    },

    estimateToCome(part) {
      measure(part);
      const { gains, aim } = state;
      // What the quadratic model hopes for: half its slope at the point times the way to its top.
      const hoped = aim ? aim.slope / 2 : Number.POSITIVE_INFINITY;
      if (aim?.isMeasured) return { toCome: hoped, isMeasured: true };
      // And Aitken's estimate, on sums of gains as single ones go up and down.
      const width = Math.min(WINDOW, Math.floor(gains.length / 2));
      const sum = (values: readonly number[]) => Math.abs(values.reduce((total, value) => total + value, 0));
      const last = sum(gains.slice(-width));
      const before = sum(gains.slice(-2 * width, -width));
      const tail = last < before ? last ** 2 / (before - last) : last > 0 ? Number.POSITIVE_INFINITY : 0;
      return { toCome: width === 0 ? Number.POSITIVE_INFINITY : Math.max(hoped, tail), isMeasured: false };
    },

    takePlainStep() {
      state.plainSteps = Math.max(1, state.plainSteps);
    },

    restart() {
      Object.assign(state, createAcceleratorState([], state.oneIn));
    },
  };
}
