/**
 * Fewer passes: quasi-Newton steps in place of plain EM steps, and truncated Newton steps where there are many rows. The
 * objective never falls.
 *
 * A proposal costs one pass. It is kept if the objective does not fall. If it falls, a shorter proposal follows, by a
 * backtracking line search on the parabola through the known values along the direction; then the plain step. After a rejected
 * Newton step comes the quasi-Newton step first. The estimate of the gain still to come uses the same direction.
 */

import type { FactoredMixture } from '../../core/factored-mixture.js';
import type { Parameters } from '../../core/parameters.js';
import type { MStepResult } from '../m-step.js';
import {
  type AcceleratorState,
  type Aim,
  createAcceleratorState,
  LEAST_ONE_IN,
  MEMORY,
} from './accelerator-state.js';
import { estimateFromGains, isSlowGain, rememberGain } from './gains.js';
import { measureDirection, type PartialEm, type VectorMap } from './measure.js';
import { MOST_EVALUATIONS } from './newton.js';
import {
  computeDirection,
  dot,
  largestCoordinate,
  moveAlong,
  type Point,
  pairBetween,
} from './quasi-newton.js';

/** An estimate of the gain still to come. */
export interface GainEstimate {
  /** Of the objective for each row; infinite where the last steps do not tell. */
  readonly toCome: number;
  /** Whether the curvature was measured. */
  readonly isMeasured: boolean;
}

/** Proposals in one direction before the plain step; 1 takes a fifth more passes, 3 save none. */
const TRIES = 2;

/**
 * Farthest that a proposal goes along any coordinate: standard deviations of the data, or factors of e. Farther away a
 * component has no rows, and its numbers soon overflow.
 */
const REACH = 10;

/** A shorter proposal is this part of the last one, at least and at most. */
const SHORTEST = 0.1;
const LONGEST = 0.5;

/** Most plain steps after a failure: with its two passes, a quarter more than plain EM would take. */
const LONGEST_PAUSE = 8;

/** The curvature is measured where the remembered curvature promises less than this: farther away it differs from that at the maximum. */
const NEAR = 1e-2;

/** Proposes points to the EM loop and learns how they did. */
export class Accelerator {
  readonly state: AcceleratorState;
  readonly #vectors: VectorMap;
  /** How far along the direction the last proposal went, and which one it was. */
  #factor = 1;
  #tries = 0;

  /** @param state - in/out: of a run that goes on; default: a new one's */
  constructor(vectors: VectorMap, state: AcceleratorState = createAcceleratorState()) {
    this.#vectors = vectors;
    this.state = state;
  }

  /**
   * The run has come to a point.
   *
   * @param image - where a plain step goes from there
   */
  arrive(mixture: FactoredMixture, image: MStepResult, meanObjective: number): void {
    const { state } = this;
    this.#learnGain(meanObjective);
    const from = state.point;
    const point = this.#vectors.toPoint(mixture, image);
    const pair = from && point && pairBetween(from, point);
    state.point = point;
    if (pair) {
      state.pairs = [...state.pairs, ...state.measured, pair].slice(-MEMORY);
      state.ownPairs = [...state.ownPairs, pair].slice(-MEMORY);
    } else if (from || !point) this.#forget();
    state.aim = point && this.#aimFrom(point);
    state.remembered = undefined;
    state.measured = [];
    if (!state.aim) this.#forget();
    const isNear = state.aim !== undefined && state.aim.slope / 2 < NEAR;
    state.isToMeasure = isNear && state.isSlow && state.oneIn > 1 && state.unmeasuredSteps === 0;
    if (state.unmeasuredSteps > 0) state.unmeasuredSteps--;
  }

  /** A point to try instead of the plain step, or undefined for the plain step. */
  propose(part: PartialEm): Parameters | undefined {
    const { state } = this;
    if (state.plainSteps > 0) {
      state.plainSteps--;
      return undefined;
    }
    this.#measure(part);
    const { point, aim, isSlow } = state;
    if (!isSlow || !point || !aim) return undefined;
    return this.#buildFirst(point, aim);
  }

  /**
   * The proposal was rejected: another one, or undefined for the plain step. A Newton step has one try, then the quasi-Newton
   * step has its own.
   *
   * @param meanObjective - of the rejected point; undefined where it was no mixture
   */
  retry(meanObjective: number | undefined): Parameters | undefined {
    const { state } = this;
    const { point, aim, remembered } = state;
    if (point && remembered) {
      this.#distrust();
      return this.#buildFirst(point, remembered);
    }
    if (point && aim && this.#tries < TRIES) {
      // The maximum of the parabola with this slope at 0 through the objective found at `factor`.
      const hoped = this.#factor * aim.slope;
      const gained = (meanObjective ?? Number.NEGATIVE_INFINITY) - state.meanObjective;
      const top = hoped / (2 * (hoped - gained));
      this.#factor *= Math.min(LONGEST, Math.max(SHORTEST, top));
      return this.#build(point, aim);
    }
    this.#forget();
    // The plain step that follows counts as one step of the pause.
    state.plainSteps = state.pause - 1;
    state.pause = Math.min(LONGEST_PAUSE, 2 * state.pause);
    return undefined;
  }

  /** Whether the objective rises from the last point to another, by the trapezoid rule on the gradients at both. */
  isUphill(mixture: FactoredMixture, image: MStepResult): boolean {
    const from = this.state.point;
    const to = this.#vectors.toPoint(mixture, image);
    if (!from || !to) return false;
    const rise = to.x.reduce((sum, x, a) => sum + (x - from.x[a]) * (from.gradient[a] + to.gradient[a]), 0);
    return rise >= 0;
  }

  /** The proposal was kept. */
  accept(): void {
    this.state.pause = 1;
  }

  estimateToCome(part: PartialEm): GainEstimate {
    this.#measure(part);
    const { gains, aim } = this.state;
    // What the quadratic model promises: half its slope at the point times the way to its maximum.
    const hoped = aim ? aim.slope / 2 : Number.POSITIVE_INFINITY;
    if (aim?.isMeasured) return { toCome: hoped, isMeasured: true };
    const tail = estimateFromGains(gains);
    return { toCome: Math.max(hoped, tail), isMeasured: false };
  }

  /** Makes the next step a plain one. */
  takePlainStep(): void {
    this.state.plainSteps = Math.max(1, this.state.plainSteps);
  }

  /** The run begins anew, from another mixture. */
  restart(): void {
    Object.assign(this.state, createAcceleratorState([], this.state.oneIn));
  }

  #learnGain(meanObjective: number): void {
    const { state } = this;
    const gain = meanObjective - state.meanObjective;
    state.meanObjective = meanObjective;
    if (Number.isNaN(gain)) return;
    state.isSlow ||= isSlowGain(gain, state.gains);
    state.gains = rememberGain(state.gains, gain);
  }

  #forget(): void {
    const { state } = this;
    state.pairs = [];
    state.ownPairs = [];
    state.aim = undefined;
  }

  #buildFirst(from: Point, aim: Aim): Parameters {
    this.#factor = Math.min(1, REACH / largestCoordinate(aim.direction));
    this.#tries = 0;
    return this.#build(from, aim);
  }

  #build({ x }: Point, { direction }: Aim): Parameters {
    this.#tries++;
    return this.#vectors.fromVector(moveAlong(x, this.#factor, direction));
  }

  #aimFrom(from: Point): Aim | undefined {
    const { pairs } = this.state;
    if (pairs.length === 0) return undefined;
    const direction = computeDirection(from, pairs);
    const slope = dot(from.gradient, direction);
    // No way up: the pairs contradict each other, as they are of another region.
    return isRise(slope) ? { direction, slope, isMeasured: false } : undefined;
  }

  /** Measures the curvature at the last point, if it is to be measured and the passes left allow for it. */
  #measure(part: PartialEm): void {
    const { state } = this;
    const { point: from, oneIn, isToMeasure } = state;
    state.isToMeasure = false;
    if (!from || !isToMeasure || part.passesLeft() < 1 + MOST_EVALUATIONS / oneIn) return;
    const { direction, pairs } = measureDirection(from, state, this.#vectors, part);
    state.measured = pairs;
    const slope = direction ? dot(from.gradient, direction) : 0;
    if (direction && isRise(slope)) {
      state.remembered = state.aim;
      state.aim = { direction, slope, isMeasured: true };
    } else {
      this.#distrust();
    }
  }

  /** The measured curvature led nowhere. */
  #distrust(): void {
    const { state } = this;
    state.aim = state.remembered ?? state.aim;
    state.remembered = undefined;
    state.measured = [];
    if (state.oneIn > LEAST_ONE_IN) {
      state.oneIn /= 2;
    } else {
      state.unmeasuredSteps = state.rest;
      state.rest *= 2;
    }
  }
}

function isRise(slope: number): boolean {
  return slope > 0 && slope < Number.POSITIVE_INFINITY;
}
