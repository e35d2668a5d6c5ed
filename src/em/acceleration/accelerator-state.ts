/** The memory of an accelerator, as plain data: an interrupted run that goes on takes the same steps. */

import type { CurvaturePair, Point } from './quasi-newton.js';

/** The way from a point to the maximum of the quadratic model. */
export interface Aim {
  readonly direction: Float64Array;
  /** Slope of the objective for each row along the direction. */
  readonly slope: number;
  /** Whether the curvature was measured in all directions that matter here; otherwise it comes from curvature pairs. */
  readonly isMeasured: boolean;
}

export interface AcceleratorState {
  /** Oldest first: from this run, from an earlier run on other rows, and measured on a part of the rows. */
  pairs: readonly CurvaturePair[];
  /** Only the pairs from steps of this run, on all its rows. */
  ownPairs: readonly CurvaturePair[];
  /** The last point of the run, and its objective for each row. */
  point: Point | undefined;
  meanObjective: number;
  /** Gains of the last steps for each row, the latest at the end. */
  gains: readonly number[];
  /** Plain steps to take before the next proposal. */
  plainSteps: number;
  /** How many plain steps follow the next failure. */
  pause: number;
  /** Whether plain EM is slow enough to be helped. */
  isSlow: boolean;
  /** From the last point. */
  aim: Aim | undefined;
  /** If `aim` was measured: the aim by the pairs alone, and the measured pairs. */
  remembered: Aim | undefined;
  measured: readonly CurvaturePair[];
  /** The curvature is measured on one row in so many, a power of 2; 1 for never. The second is the index of the next part. */
  oneIn: number;
  nextPart: number;
  /** Whether to measure the curvature at the last point if the run goes on from there. */
  isToMeasure: boolean;
  /** Steps before the curvature is measured again, and the number of such steps after the next time it misleads. */
  unmeasuredSteps: number;
  rest: number;
}

/** Curvature pairs remembered; 10 and 40 take as many passes, a few more and a few fewer. */
export const MEMORY = 20;

/** Rows per free parameter that a part needs to show the curvature; twice, then four times as many after it has misled. */
const ROWS_PER_PARAMETER = 140;

/** The largest part is a quarter of all rows, since a step passes it some ten times. A part below a sixteenth saves no more time. */
export const LEAST_ONE_IN = 4;
const MOST_ONE_IN = 16;

/** Steps without measuring after the largest part has misled; the number doubles each time. */
const SHORTEST_REST = 4;

/**
 * @param nRows - the number of rows; the effective sample size if they are weighted
 * @param length - length of the parameter vector
 * @returns m, to measure the curvature on one row in m; 1 if there are too few rows
 */
export function chooseOneIn(nRows: number, length: number): number {
  let oneIn = MOST_ONE_IN;
  while (oneIn > 1 && nRows < oneIn * ROWS_PER_PARAMETER * length) oneIn /= 2;
  return oneIn < LEAST_ONE_IN ? 1 : oneIn;
}

/**
 * @param pairs - of a run on other rows of the same data, where the curvature is similar
 * @param oneIn - from `chooseOneIn`
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

/**
 * Prepares for a point that the run reaches without the accelerator.
 *
 * @param pairs - curvature pairs that were measured near that point
 */
export function learnPairs(state: AcceleratorState, pairs: readonly CurvaturePair[]): void {
  state.pairs = [...state.pairs, ...pairs].slice(-MEMORY);
  state.point = undefined;
  state.meanObjective = Number.NaN;
  state.gains = [];
  state.isSlow = true;
}
