/** One variational run inside a worker, from start values to its end; an interrupted run goes on from its state. */

import { createConvergenceRule } from '../em/convergence.js';
import { createBounds } from '../em/m-step.js';
import type { EStep } from '../em/run.js';
import { estimateFromShares } from '../em/start/shares.js';
import { findStart } from '../em/start/start.js';
import type { Posterior } from '../em/variational/posterior.js';
import { runVariational, type VariationalRun, type VariationalState } from '../em/variational/run.js';
import { rowsOfStart, updatePosterior } from '../em/variational/update.js';
import { Cancelled, type Participant } from '../parallel/job.js';
import type { LeadListener } from './lead-em.js';
import type { VariationalTask } from './tasks.js';

/**
 * @param state - where an earlier leader was, if there was one
 * @param eStep - passes over the job's rows
 */
export function leadVariational(
  { board }: Participant,
  task: VariationalTask,
  state: VariationalState | undefined,
  eStep: EStep,
  { onProgress, onState }: LeadListener,
): VariationalRun {
  const { settings, prior, moments } = task;
  const { totalWeight } = moments;
  const checkCancelled = () => {
    if (board.isCancelled()) throw new Cancelled();
  };
  const from = state ?? { posterior: startAt(task, checkCancelled), lowerBounds: [] };
  const { convergence, tol, maxIter } = settings;
  const rule = createConvergenceRule(convergence, tol, totalWeight, state && { ...state.rule });
  return runVariational(from, eStep, {
    ...{ prior, moments, maxIter, rule },
    onIteration: (iteration, bound) => onProgress({ iteration, meanLogLikelihood: bound / totalWeight }),
    onState: (read) => onState(() => ({ kind: 'variational', state: read() })),
  });
}

/** The posterior as if each component had the rows that the start values tell of. */
function startAt(
  { shape, start, settings, prior, moments }: VariationalTask,
  checkCancelled: () => void,
): Posterior {
  if (start.kind === 'posterior') return start.posterior;
  const boundsOf = (covarianceFloor: number) =>
    createBounds(shape.covarianceType, { ...settings, covarianceFloor }, moments);
  // Shares are taken as they are: the prior keeps covariances from collapse.
  const parameters =
    start.kind === 'shares'
      ? estimateFromShares(
          { ...shape, noise: undefined },
          start.sample.rows,
          start.shares,
          { ...boundsOf(0), moments },
          checkCancelled,
          0,
        )
      : findStart(start, shape, boundsOf(settings.covarianceFloor), checkCancelled);
  return updatePosterior(prior, shape, rowsOfStart(parameters, moments));
}
