/**
 * Fewer passes: when plain EM shrinks its steps steadily, extrapolate them, and never lose by it.
 *
 * A proposal is tried with one pass. It is kept if it raises the log-likelihood; else the plain step is taken, and
 * the next proposals are shorter. Plain EM goes first, while its steps are large or still growing, and last:
 * where proposals gain next to nothing, a few plain steps show whether that is convergence.
 */

import type { Parameters } from '../types.js';
import { type Anderson, createAnderson } from './anderson.js';
import type { ParameterVector } from './parameter-vector.js';

/** Proposes points to the EM loop and learns how they did. */
export interface Accelerator {
  /**
   * @param current - where the run is
   * @param image - where a plain step goes from there; undefined where it goes over the edge, to a collapse
   * @returns a point to try instead of the plain step, or undefined for the plain step
   */
  propose(current: Parameters, image: Parameters | undefined): Parameters | undefined;
  /**
   * How the last proposal did: whether it was kept, and whether so little came of it that the end may be near.
   *
   * @returns whether proposals have nothing more to give: the run has converged
   */
  judge(isBetter: boolean, isNear: boolean): boolean;
  /** A plain step was taken, with this gain. */
  observe(gain: number): void;
  /** The run begins anew, elsewhere. */
  restart(): void;
}

/** Plain steps whose gains must shrink in a row before the first proposal. */
const STEADY_STEPS = 2;

/** Where a plain step shrinks the gain by more than this, EM is quick enough by itself. */
const QUICK = 0.3;

/**
 * Good proposals in a row, each gaining less than the threshold, that are convergence: an extrapolation leaves less
 * than it gains, unless it was held back, and one after a bad proposal is.
 */
const QUIET_PROPOSALS = 3;

/** Plain steps after a bad proposal: one, then two, then four; half as many after each good one. */
const LONGEST_PAUSE = 4;

/** Plain steps that are taken to see whether the end is near: what Aitken's rule needs, and one. */
const PLAIN_STEPS_AT_THE_END = 5;

export function createAccelerator(vectors: ParameterVector): Accelerator {
  let anderson: Anderson = createAnderson();
  let previousGain = Number.NaN;
  let steadySteps = 0;
  let plainStepsDue = 0;
  let quietProposals = 0;
  let pause = 0;
  return {
    propose(current, image) {
      const x = vectors.toVector(current);
      const y = image && vectors.toVector(image);
      if (!x || !y) {
        anderson = createAnderson();
        return undefined;
      }
      anderson.push(x, y);
      if (steadySteps < STEADY_STEPS || plainStepsDue > 0) return undefined;
      const proposal = anderson.propose();
      return proposal && vectors.fromVector(proposal);
    },
    judge(isBetter, isNear) {
      if (isBetter) {
        anderson.lengthen();
        pause = Math.floor(pause / 2);
        quietProposals = isNear ? quietProposals + 1 : 0;
        return quietProposals >= QUIET_PROPOSALS;
      }
      anderson.shorten();
      quietProposals = 0;
      pause = Math.min(LONGEST_PAUSE, 2 * pause || 1);
      plainStepsDue = pause;
      if (isNear) plainStepsDue = PLAIN_STEPS_AT_THE_END;
      return false;
    },
    observe(gain) {
      if (plainStepsDue > 0) plainStepsDue--;
      const factor = gain / previousGain;
      previousGain = gain;
      if (steadySteps < STEADY_STEPS) steadySteps = factor > QUICK && factor < 1 ? steadySteps + 1 : 0;
    },
    restart() {
      anderson = createAnderson();
      previousGain = Number.NaN;
      steadySteps = 0;
      plainStepsDue = 0;
      quietProposals = 0;
    },
  };
}
