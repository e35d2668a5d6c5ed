/**
 * A variational run: pass and update in turn until the lower bound has converged. Every update raises the bound. The run works on
 * posteriors and statistics; it knows nothing about shards or threads.
 */

import { factorMixture } from '../../core/factored-mixture.js';
import type { Moments } from '../../core/moments.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY } from '../../core/statistics.js';
import type { FitStatus } from '../../results.js';
import type { ConvergenceRule, RuleState } from '../convergence.js';
import type { EmRun, EStep } from '../run.js';
import { computeEntropy, computeLowerBound } from './lower-bound.js';
import { type Posterior, toEStepMixture } from './posterior.js';
import type { VariationalPrior } from './prior.js';
import { summarizePass, updatePosterior } from './update.js';

export interface VariationalOptions {
  readonly prior: VariationalPrior;
  readonly moments: Moments;
  /** Most passes after the first. */
  readonly maxIter: number;
  readonly rule: ConvergenceRule;
  /** Called after every pass; `iteration` counts from 0. */
  readonly onIteration: (iteration: number, lowerBound: number) => void;
  /** Called before every pass. What `read` gives is a copy, whenever it is called. */
  readonly onState: (read: () => VariationalState) => void;
}

/** The state of a run, as plain data. */
export interface VariationalState {
  readonly posterior: Posterior;
  /** The lower bound after every pass. */
  readonly lowerBounds: readonly number[];
  readonly rule: RuleState;
  /** How the run ended, if only the pass of the point estimate is left. */
  readonly status?: FitStatus | undefined;
}

/**
 * The end of a variational run, as plain data: `parameters` are the point estimate of the posterior, `objective` is the lower
 * bound, and the log-likelihood is that of the point estimate.
 */
export interface VariationalRun extends EmRun {
  readonly posterior: Posterior;
  /** The lower bound after every pass. */
  readonly lowerBounds: readonly number[];
}

/** @param from - where to begin; the rule has its state already */
export function runVariational(
  from: Omit<VariationalState, 'rule'>,
  eStep: EStep,
  options: VariationalOptions,
): VariationalRun {
  const { prior, moments, maxIter, rule, onIteration, onState } = options;
  const lowerBounds = [...from.lowerBounds];
  let { posterior, status } = from;
  const tellState = (): void => {
    const reached = { posterior, rule: { ...rule.state }, status };
    const length = lowerBounds.length;
    onState(() => ({ ...reached, lowerBounds: lowerBounds.slice(0, length) }));
  };
  let mixture = toEStepMixture(prior, posterior);
  // Only numbers that overflow make a covariance singular.
  if (mixture.factors.singular !== undefined) status = 'degenerate';
  tellState();
  while (status === undefined) {
    const statistics = eStep(mixture);
    const rows = summarizePass(posterior.parameters, statistics, moments);
    const entropy = computeEntropy(mixture, statistics[LOG_LIKELIHOOD], rows);
    posterior = updatePosterior(prior, posterior.parameters, rows);
    mixture = toEStepMixture(prior, posterior);
    const bound = computeLowerBound(prior, entropy, posterior, mixture.factors.logDeterminants);
    lowerBounds.push(bound);
    onIteration(lowerBounds.length - 1, bound);
    if (mixture.factors.singular !== undefined || !Number.isFinite(bound)) status = 'degenerate';
    else if (rule.isConverged(bound, 0)) status = 'converged';
    else if (lowerBounds.length > maxIter) status = 'max-iter';
    tellState();
  }
  const { parameters } = posterior;
  const totals = status === 'degenerate' ? undefined : eStep(factorMixture(parameters));
  return {
    ...{ posterior, lowerBounds, parameters, status },
    objective: status === 'degenerate' ? Number.NEGATIVE_INFINITY : lowerBounds[lowerBounds.length - 1],
    logLikelihood: totals?.[LOG_LIKELIHOOD] ?? Number.NEGATIVE_INFINITY,
    logMaxResponsibility: totals?.[LOG_MAX_RESPONSIBILITY] ?? 0,
    trace: [],
    nIterations: Math.max(0, lowerBounds.length - 1),
  };
}
