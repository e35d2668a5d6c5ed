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
import { estimateFromGains, type GainEstimate, isSlowGain, rememberGain } from './gains.js';
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

/** Proposals along a direction before the plain step. One takes a fifth more passes, three save none. */
const TRIES = 2;

/**
 * Most that a proposal changes any coordinate, in standard deviations of the data or powers of e. Farther away a component has no
 * rows, and its numbers soon overflow.
 */
const REACH = 10;

/** The least and the largest ratio of a shorter proposal to the last. */
const SHORTEST = 0.1;
const LONGEST = 0.5;

/** Most plain steps after a failure. With two failed proposals, that is a quarter more passes than plain EM takes. */
const LONGEST_PAUSE = 8;

/** The curvature is measured if the remembered curvature promises a smaller gain: far from the maximum the curvature differs from that at it. */
const NEAR = 1e-2;

/** Proposes points to the EM loop and learns from their results. */
export class Accelerator {
  readonly state: AcceleratorState;
  readonly #vectors: VectorMap;
  /** The last proposal: how far it went along the direction, and its number. */
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

  /** @returns a point to try instead of the plain step; undefined for the plain step */
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
   * Called when a proposal was rejected. A Newton step is tried once; the quasi-Newton step follows.
   *
   * @param meanObjective - of the rejected point; undefined if that was no valid mixture
   * @returns another point to try; undefined for the plain step
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

  /** Whether the objective rises from the last point to this, by the trapezoid rule on the two gradients. */
  isUphill(mixture: FactoredMixture, image: MStepResult): boolean {
    const from = this.state.point;
    const to = this.#vectors.toPoint(mixture, image);
    if (!from || !to) return false;
    let rise = 0;
    for (let a = 0; a < to.x.length; a++) {
      rise += (to.x[a] - from.x[a]) * (from.gradient[a] + to.gradient[a]);
    }
    return rise >= 0;
  }

  /** Called when a proposal was accepted. */
  accept(): void {
    this.state.pause = 1;
  }

  estimateToCome(part: PartialEm): GainEstimate {
    this.#measure(part);
    const { gains, aim } = this.state;
    // The quadratic model promises half of its slope.
    const hoped = aim ? aim.slope / 2 : Number.POSITIVE_INFINITY;
    if (aim?.isMeasured) return { toCome: hoped, isMeasured: true };
    const tail = estimateFromGains(gains);
    return { toCome: Math.max(hoped, tail), isMeasured: false };
  }

  /** @returns the gain still to come by measured curvature; undefined if that cannot be measured on a part of the rows */
  measureToCome(part: PartialEm): number | undefined {
    const { state } = this;
    if (state.oneIn === 1) return undefined;
    state.isToMeasure = true;
    this.#measure(part);
    if (!state.aim?.isMeasured) return undefined;
    // If the run goes on, it takes the measured step.
    state.isSlow = true;
    return state.aim.slope / 2;
  }

  /** Makes the next step a plain one. */
  takePlainStep(): void {
    this.state.plainSteps = Math.max(1, this.state.plainSteps);
  }

  /** The run starts again from another mixture. */
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
    // The direction leads down: the pairs come from another region and contradict each other.
    return isRise(slope) ? { direction, slope, isMeasured: false } : undefined;
  }

  /** Measures the curvature at the last point, if that is due and enough passes are left. */
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

  /** Called when the measured curvature misled. */
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
