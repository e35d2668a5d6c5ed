/**
 * The EM loop: E-step, M-step, till the rule says stop. It sees parameters and statistics, nothing of shards or threads.
 * Dempster, Laird & Rubin, 1977.
 */

import { LARGEST_CHANGE, LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY } from '../core/statistics.js';
import type { FitStatus, Parameters } from '../types.js';
import type { Accelerator } from './acceleration.js';
import type { ConvergenceRule } from './convergence.js';
import { type MStepOptions, type MStepResult, mStep } from './m-step.js';

/** E-step: parameters → statistics of all rows, or the index of a component whose covariance is not positive definite. */
export type EStep = (parameters: Parameters) => Float64Array | number;

/** How a run goes on and what it reports. */
export interface EmOptions extends MStepOptions {
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly rule: ConvergenceRule;
  /** Extrapolated steps, or undefined for exact EM. */
  readonly accelerator?: Accelerator | undefined;
  /** A row that the mixture explains worst, where an empty component starts again. */
  readonly findWorstRow: (parameters: Parameters) => Float64Array;
  /** Called after every pass; `iteration` counts from 0, the pass of the start. */
  readonly onIteration: (iteration: number, logLikelihood: number) => void;
}

/** A run's end. */
export interface EmRun {
  readonly parameters: Parameters;
  readonly status: FitStatus;
  /** Of `parameters`, total. */
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  /** Total log-likelihood of every accepted point before the last. */
  readonly logLikelihoods: readonly number[];
  /** Passes over the rows after the first, those of rejected points included. */
  readonly nIterations: number;
  /** Why the run is degenerate, if it is. */
  readonly collapse?: Collapse | undefined;
}

/** The component that collapsed and when. */
export interface Collapse {
  readonly component: number;
  readonly iteration: number;
  /** The component's share of all rows. */
  readonly share: number;
}

/** A point of the run: parameters, what a pass over the rows says of them, and where EM would go from there. */
interface Evaluated {
  readonly parameters: Parameters;
  readonly logLikelihood: number;
  readonly logMaxResponsibility: number;
  readonly largestChange: number;
  readonly image: MStepResult;
}

/** Passes in a row with a component on the floor after which it is taken as collapsed for good. */
const PATIENCE = 20;

/** @param start - positive definite */
export function runEm(start: Parameters, eStep: EStep, options: EmOptions): EmRun {
  const { maxIter, rule, accelerator, onIteration } = options;
  let trace: number[] = [];
  let passes = -1;
  let passesOnFloor = 0;
  let restartsLeft = start.nComponents;
  let collapse: Collapse | undefined;

  /** One pass; undefined where a covariance is not positive definite. */
  const evaluate = (parameters: Parameters): Evaluated | undefined => {
    const statistics = eStep(parameters);
    if (typeof statistics === 'number') {
      collapse = { component: statistics, iteration: passes + 1, share: parameters.weights[statistics] };
      return undefined;
    }
    const logLikelihood = statistics[LOG_LIKELIHOOD];
    onIteration(++passes, logLikelihood);
    return {
      parameters,
      logLikelihood,
      logMaxResponsibility: statistics[LOG_MAX_RESPONSIBILITY],
      largestChange: statistics[LARGEST_CHANGE],
      image: mStep(parameters, statistics, options),
    };
  };
  const end = (at: Evaluated, status: FitStatus): EmRun => ({
    parameters: at.parameters,
    status: collapse ? 'degenerate' : status,
    logLikelihood: at.logLikelihood,
    logMaxResponsibility: at.logMaxResponsibility,
    logLikelihoods: trace,
    nIterations: passes,
    collapse,
  });

  const first = evaluate(start);
  if (!first) {
    const nothing = { parameters: start, logLikelihood: Number.NEGATIVE_INFINITY, logMaxResponsibility: 0 };
    return { ...nothing, status: 'degenerate', logLikelihoods: [], nIterations: 0, collapse };
  }
  for (let current = first; ; ) {
    if (rule.isConverged(current.logLikelihood, current.largestChange)) return end(current, 'converged');
    if (passesOnFloor >= PATIENCE) return end(current, 'degenerate');
    if (passes >= maxIter) return end(current, 'max-iter');
    const { parameters: image, lifted, empty } = current.image;

    if (empty.length > 0) {
      if (restartsLeft-- === 0) {
        collapse = { component: empty[0], iteration: passes, share: 0 };
        return end(current, 'degenerate');
      }
      const again = evaluate(restartComponent(image, empty[0], options.findWorstRow(current.parameters)));
      if (!again) return end(current, 'degenerate');
      // Another mixture than the one that was climbing: its trace begins here.
      trace = [];
      rule.restart();
      accelerator?.restart();
      current = again;
      continue;
    }

    const proposal = accelerator?.propose(current.parameters, lifted < 0 ? image : undefined);
    if (proposal) {
      const tried = evaluate(proposal);
      const isBetter =
        tried !== undefined &&
        tried.logLikelihood >= current.logLikelihood &&
        tried.image.lifted < 0 &&
        tried.image.empty.length === 0;
      const hasSettled = accelerator?.judge(isBetter, rule.isNear(current, tried));
      rule.restart();
      if (isBetter) {
        trace.push(current.logLikelihood);
        current = tried;
        if (hasSettled) return end(current, 'converged');
        continue;
      }
      // Thrown away: the plain step instead, if there is a pass left for it.
      collapse = undefined;
      if (passes >= maxIter) return end(current, 'max-iter');
    }

    const next = evaluate(image);
    if (!next) return end(current, 'degenerate');
    accelerator?.observe(next.logLikelihood - current.logLikelihood);
    trace.push(current.logLikelihood);
    passesOnFloor = lifted < 0 ? 0 : passesOnFloor + 1;
    collapse =
      lifted < 0 ? undefined : { component: lifted, iteration: passes, share: image.weights[lifted] };
    current = next;
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
