/** What callers get of a fit. */

import { countParameters } from '../core/covariance/families.js';
import { computeCriteria } from '../core/criteria.js';
import { countDegrees } from '../core/degrees-of-freedom.js';
import type { DataNote } from '../data/dataset.js';
import { GaussianMixture } from '../model/mixture.js';
import type { FitMeasures, FitStatus, Restart } from '../results.js';
import type { ResolvedOptions } from './options.js';
import type { Fitted } from './outcome.js';
import type { PreparedData } from './prepared-data.js';

/** What `fit` gives. */
export interface FitResult extends FitMeasures {
  readonly model: GaussianMixture;
  readonly status: FitStatus;
  /** With status `'regularized'`: what components collapsed onto without the prior, as `"rain" is 0 in 838 of 1461 rows`, if it is known. */
  readonly collapse?: string;
  /** Whether EM converged: `status` is `'converged'`, or `'regularized'` and it did. */
  readonly converged: boolean;
  /** The log-likelihood for each row. */
  readonly meanLogLikelihood: number;
  /**
   * Total log-likelihood of every accepted point of the winning run before its last, with a prior plus the log prior; never falls,
   * except with `regCovar`. Empty for a variational fit, which has `lowerBounds`.
   */
  readonly logLikelihoods: readonly number[];
  /**
   * Of a variational fit: the lower bound of the log-evidence at the end, as scikit-learn computes it, without the terms that depend on
   * the prior and the number of rows alone.
   */
  readonly lowerBound?: number;
  /** Of a variational fit: the lower bound after every pass of the winning run; it never falls, and the last is `lowerBound`. */
  readonly lowerBounds?: readonly number[];
  /** How every start went. */
  readonly restarts: readonly Restart[];
  /** Notes for a person, as of a `Dataset`: that the weights look normalised. Mostly none. */
  readonly notes: readonly DataNote[];
}

export function createResult(
  { winner, restarts, prior, isRegularized, collapse }: Fitted,
  { columns, moments, notes, rows }: PreparedData,
  { settings, seed }: ResolvedOptions,
): FitResult {
  // Without the components that a variational fit dropped.
  const { covarianceType, nComponents, nFeatures, noise } = winner.parameters;
  const { parameters, status, logLikelihood, logMaxResponsibility, nIterations, trace } = winner;
  const { equalWeights, degreesOfFreedom } = settings;
  const estimatedDegrees = typeof degreesOfFreedom === 'string' ? degreesOfFreedom : 'none';
  const nParameters =
    countParameters(covarianceType, nComponents, nFeatures, equalWeights, noise !== undefined) +
    countDegrees(degreesOfFreedom, nComponents);
  const criteria = computeCriteria(logLikelihood, logMaxResponsibility, nParameters, moments.totalWeight);
  const converged = status === 'converged';
  const summary = { nSamples: rows.nSamples, logLikelihood, ...criteria, converged, nIterations, seed };
  return {
    model: GaussianMixture.fromFit({ parameters, columns, equalWeights, estimatedDegrees, fit: summary }),
    status: isRegularized ? 'regularized' : status,
    ...(collapse !== undefined && { collapse }),
    converged,
    nIterations,
    logLikelihood,
    ...(prior && { logPrior: winner.objective - logLikelihood }),
    meanLogLikelihood: logLikelihood / moments.totalWeight,
    logLikelihoods: trace,
    ...('lowerBounds' in winner && { lowerBound: winner.objective, lowerBounds: winner.lowerBounds }),
    ...criteria,
    nParameters,
    restarts,
    notes,
  };
}
