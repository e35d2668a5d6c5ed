/** What an accelerator remembers, as plain data: a run that goes on after an interruption takes the same steps. */

import type { CurvaturePair, Point } from './quasi-newton.js';

/** Where the quadratic model has its maximum, seen from a point. */
export interface Aim {
  readonly direction: Float64Array;
  /** Of the objective for each row, along the direction. */
  readonly slope: number;
  /** Whether the curvature was measured in every direction that matters here; else it is remembered from curvature pairs. */
  readonly isMeasured: boolean;
}

export interface AcceleratorState {
  /** Oldest first: from this run, from a run on other rows before it, and measured on a part of the rows. */
  pairs: readonly CurvaturePair[];
  /** Only those from steps of this run, on all its rows. */
  ownPairs: readonly CurvaturePair[];
  /** The last point of the run, and its objective for each row. */
  point: Point | undefined;
  meanObjective: number;
  /** What the last steps gained for each row, the latest at the end. */
  gains: readonly number[];
  /** Plain steps to take before the next proposal. */
  plainSteps: number;
  /** How many plain steps follow the next failure. */
  pause: number;
  /** Whether plain EM is slow enough to be helped. */
  isSlow: boolean;
  /** From the last point on. */
  aim: Aim | undefined;
  /** The aim by the pairs alone, where `aim` was measured; and the pairs that measuring took. */
  remembered: Aim | undefined;
  measured: readonly CurvaturePair[];
  /** The curvature is measured on one row in so many, a power of 2; 1 for never. And which of these parts is next. */
  oneIn: number;
  nextPart: number;
  /** Whether the curvature is to be measured at the last point, if the run goes on from there. */
  isToMeasure: boolean;
  /** Steps to take before it is measured again, and how many follow the next time that it misleads. */
  unmeasuredSteps: number;
  rest: number;
}

/** Curvature pairs remembered; 10 and 40 take as many passes, a few more and a few fewer. */
export const MEMORY = 20;

/** A part of the rows shows the curvature when it has so many rows for each free parameter; two and four times as many where that was too few. */
const ROWS_PER_PARAMETER = 140;

/** The largest and the smallest part: a quarter of all rows, as it is passed some ten times a step; a part smaller than a sixteenth saves nothing more. */
export const LEAST_ONE_IN = 4;
const MOST_ONE_IN = 16;

/** Steps without measuring after the largest part has misled once; the number doubles each time. */
const SHORTEST_REST = 4;

/**
 * @param nRows - their effective number where they are weighted
 * @param length - of the parameter vector
 * @returns the curvature is measured on one row in so many; 1 where there are too few rows for that
 */
export function chooseOneIn(nRows: number, length: number): number {
  let oneIn = MOST_ONE_IN;
  while (oneIn > 1 && nRows < oneIn * ROWS_PER_PARAMETER * length) oneIn /= 2;
  return oneIn < LEAST_ONE_IN ? 1 : oneIn;
}

/**
 * @param pairs - of a run on other rows of the same data, where the curvature is much the same
 * @param oneIn - as `chooseOneIn` gives it
 */
export function createAcceleratorState(pairs: readonly CurvaturePair[] = [], oneIn = 1): AcceleratorState {
  return {
    pairs,
    ownPairs: [],
    point: undefined,
    meanObjective: Number.NaN,
    gains: [],
    plainSteps: 0,
    pause: 1,
    isSlow: pairs.length > 0,
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

/** The run comes to a point by steps that the accelerator did not see; curvature pairs were measured near it. */
export function learnPairs(state: AcceleratorState, pairs: readonly CurvaturePair[]): void {
  state.pairs = [...state.pairs, ...pairs].slice(-MEMORY);
  state.point = undefined;
  state.meanObjective = Number.NaN;
  state.gains = [];
  state.isSlow = true;
}
