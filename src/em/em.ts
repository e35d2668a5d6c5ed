/**
 * The EM loop: E-step, M-step, till the rule says stop. It sees parameters and statistics, nothing of shards or threads.
 * Dempster, Laird & Rubin, 1977.
 */

import { LARGEST_CHANGE, LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY } from '../core/statistics.js';
import type { FitStatus, Parameters } from '../types.js';
import type { ConvergenceRule } from './convergence.js';
import { type MStepOptions, mStep } from './m-step.js';

/** E-step: parameters → statistics of all rows, or the index of a component whose covariance is not positive definite. */
export type EStep = (parameters: Parameters) => Float64Array | number;

/** How a run goes on and what it reports. */
export interface EmOptions extends MStepOptions {
  readonly maxIter: number;
  readonly rule: ConvergenceRule;
  /** A row that the mixture explains worst, where an empty component starts again. */
  readonly findWorstRow: (parameters: Parameters) => Float64Array;
  readonly onIteration: (iteration: number, logLikelihood: number) => void;
}

/** A run's end. */
export interface EmRun {
  readonly parameters: Parameters;
  readonly status: FitStatus;
  /** Of `parameters`, total. */
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  /** Total log-likelihood before each M-step. */
  readonly logLikelihoods: readonly number[];
  /** M-steps done. */
  readonly nIterations: number;
  /** Why the run is degenerate, if it is. */
  readonly collapse?: Collapse | undefined;
}

/** The component that collapsed and when. */
export interface Collapse {
  readonly component: number;
  readonly iteration: number;
  /** Effective rows of the component, weight × all rows. */
  readonly share: number;
}

/** Passes in a row with a component on the floor after which it is taken as collapsed for good. */
const PATIENCE = 20;

/** @param start - positive definite */
export function runEm(start: Parameters, eStep: EStep, options: EmOptions): EmRun {
  const { maxIter, rule, onIteration } = options;
  let trace: number[] = [];
  let parameters = start;
  let evaluated = start;
  let collapse: Collapse | undefined;
  let passesOnFloor = 0;
  let restartsLeft = start.nComponents;
  let logLikelihood = Number.NEGATIVE_INFINITY;
  let logMaxResponsibility = 0;

  const end = (status: FitStatus, nIterations: number): EmRun => ({
    parameters: evaluated,
    status: collapse ? 'degenerate' : status,
    logLikelihood,
    logMaxResponsibility,
    logLikelihoods: trace,
    nIterations,
    collapse,
  });

  for (let iteration = 0; ; iteration++) {
    const statistics = eStep(parameters);
    if (typeof statistics === 'number') {
      collapse = { component: statistics, iteration, share: parameters.weights[statistics] };
      return end('degenerate', iteration);
    }
    evaluated = parameters;
    logLikelihood = statistics[LOG_LIKELIHOOD];
    logMaxResponsibility = statistics[LOG_MAX_RESPONSIBILITY];
    onIteration(iteration, logLikelihood);
    if (rule.isConverged(logLikelihood, statistics[LARGEST_CHANGE])) return end('converged', iteration);
    if (passesOnFloor >= PATIENCE) return end('degenerate', iteration);
    if (iteration === maxIter) return end('max-iter', iteration);

    const { parameters: next, lifted, empty } = mStep(parameters, statistics, options);
    trace.push(logLikelihood);
    passesOnFloor = lifted < 0 ? 0 : passesOnFloor + 1;
    collapse =
      lifted < 0 ? undefined : { component: lifted, iteration: iteration + 1, share: next.weights[lifted] };
    parameters = next;
    if (empty.length > 0) {
      if (restartsLeft === 0) {
        collapse = { component: empty[0], iteration: iteration + 1, share: 0 };
        return end('degenerate', iteration + 1);
      }
      restartsLeft--;
      parameters = restartComponent(next, empty[0], options.findWorstRow(parameters));
      // Another mixture than the one that was climbing: its trace begins here.
      trace = [];
    }
  }
}

/**
 * Puts an empty component where rows are explained worst: at that row, with the mean covariance of the others
 * and the weight of an average component.
 */
function restartComponent(parameters: Parameters, empty: number, row: Float64Array): Parameters {
  const { covarianceType, nComponents: k, nFeatures: d } = parameters;
  const weights = parameters.weights.map((weight, j) => (j === empty ? 1 / k : (weight * (k - 1)) / k));
  const means = parameters.means.slice();
  means.set(row, empty * d);
  const covariances = parameters.covariances.slice();
  if (covarianceType !== 'tied') {
    const size = covariances.length / k;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) if (j !== empty) sum += parameters.weights[j] * covariances[j * size + i];
      covariances[empty * size + i] = sum;
    }
  }
  return { ...parameters, weights, means, covariances };
}
