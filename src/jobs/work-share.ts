/**
 * How much work a fit is, and how much of it is done: estimates for the order of jobs, for progress, and for how many starts go on.
 * They are made before the number of iterations is known, and depend on sizes only.
 */

import { triangleLength } from '../core/cholesky.js';
import { formOf } from '../core/covariance/families.js';
import type { ComponentDensity, ModelShape } from '../core/parameters.js';

/** Iterations that a run to convergence is assumed to need. */
export const USUAL_ITERATIONS = 50;

/** An exponential, in multiplications. */
const EXPONENTIAL = 20;

/** The density of a t component beside the Gaussian one, with its two logarithms and its statistics: 8 ns to 4 ns of an exponential. */
const TAIL = 40;

/** The approximate cost of one pass over n rows, in multiplications. */
export function estimatePass(n: number, shape: ModelShape, components: ComponentDensity): number {
  const { covarianceType, nComponents: k, nFeatures: d } = shape;
  const form = formOf(covarianceType);
  const gaussian = EXPONENTIAL + form.passCost(d);
  if (components === 'gaussian') return n * k * gaussian;
  // For Gaussian components of one covariance no pass collects the scatter of each.
  return n * k * (gaussian + TAIL + (form.isShared ? triangleLength(d) : 0));
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
