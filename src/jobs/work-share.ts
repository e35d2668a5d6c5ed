/**
 * How much work a fit is, and how much of it is done: estimates for the order of jobs and for progress. They are made before the
 * number of iterations is known, and no result depends on them.
 */

import { formOf } from '../core/covariance/families.js';
import type { ModelShape } from '../core/parameters.js';

/** Iterations that a run to convergence is assumed to need. */
export const USUAL_ITERATIONS = 50;

/** The approximate cost of one pass over n rows, in multiplications. */
export function estimatePass(
  n: number,
  { covarianceType, nComponents: k, nFeatures: d }: ModelShape,
): number {
  // The exponential costs about twenty.
  return n * k * (20 + formOf(covarianceType).passCost(d));
}

/** A stage is never done before its last run has ended. */
const MOST_OF_STAGE = 1 - 1e-9;

/** Runs of one kind, all of which end before the next kind begins. */
export interface Stage {
  /** The cost of all its runs together, in the units of `estimatePass`. */
  readonly cost: number;
  /** Iterations that each of its runs is assumed to need. */
  readonly usualIterations: number;
}

/** The progress of one fit. */
export interface WorkShare {
  /**
   * Reports the iteration of a run.
   *
   * @param run - names the run in its stage
   * @param nRuns - of the stage; an estimate, where the stage may end early or late
   * @returns the share of the fit that is done, in [0, 1); it never falls
   */
  follow(stage: number, run: string, nRuns: number, iteration: number): number;
}

export function createWorkShare(stages: readonly Stage[]): WorkShare {
  const total = stages.reduce((sum, { cost }) => sum + cost, 0);
  const runs = stages.map(() => new Map<string, number>());
  let share = 0;
  return {
    follow(stage, run, nRuns, iteration) {
      const { cost, usualIterations } = stages[stage];
      // 0.86 after the usual iterations, and never 1, however many there are.
      runs[stage].set(run, 1 - Math.exp((-2 * iteration) / (usualIterations + 1)));
      const before = stages.slice(0, stage).reduce((sum, one) => sum + one.cost, 0);
      const parts = [...runs[stage].values()].reduce((sum, part) => sum + part, 0);
      share = Math.max(share, (before + cost * Math.min(parts / nRuns, MOST_OF_STAGE)) / total);
      return share;
    },
  };
}
