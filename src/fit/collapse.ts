/** What is said of a fit of which every start collapsed: onto what, and what helps. */

import { familyOf } from '../core/covariance/families.js';
import { densityOf, type ModelShape } from '../core/parameters.js';
import { compose, describe, GmmError, joinMessages, type Message, mention } from '../errors.js';
import { type CollapseCause, findCause, list } from './collapse-cause.js';
import type { StartedRun } from './finalists.js';
import type { PreparedData } from './prepared-data.js';
import { findDefaultPrior } from './prior.js';
import type { FitContext } from './runs.js';

/** A ridge of a larger part of the least variance would change the model. */
const LARGEST_RIDGE = 0.01;

/** A failure, and what is known of its cause. */
export interface Collapse {
  readonly error: GmmError;
  readonly cause: string | undefined;
}

/** @param runs - at least one, all collapsed */
export function explainCollapse(
  runs: readonly StartedRun[],
  { data, options }: FitContext,
  shape: ModelShape,
): Collapse {
  const { columns, moments } = data;
  const { nFeatures: d, nComponents: k, covarianceType } = shape;
  const { regCovar, covarianceFloor } = options.settings;
  const all = runs.length === 1 ? 'the only start' : `all ${runs.length} starts`;
  const constant = columns.findIndex((_, a) => moments.covariance[a * d + a] === 0);
  if (constant >= 0 && familyOf(covarianceType).form.name !== 'spherical') {
    const message = compose`${all} collapsed: column ${describe(columns[constant])} is constant; leave it out or set ${mention('regCovar')} (now ${regCovar})`;
    return { error: new GmmError('DEGENERATE', message, { column: columns[constant] }), cause: undefined };
  }
  const cause = causeOf(runs, data);
  const ridge = findRidge(data, covarianceFloor);
  const isRidgeLarger = ridge !== undefined && ridge > regCovar;
  const isSole = cause?.columns.length === 1 && d > 1;
  const hasPrior = findDefaultPrior(data, k) !== undefined;
  const remedies: (string | Message)[] = [
    ...(hasPrior && densityOf(options.settings) === 't'
      ? [compose`leave ${mention('components')} at 'gaussian'`]
      : []),
    ...(hasPrior && options.prior === 'none' ? [compose`leave ${mention('prior')} at 'auto'`] : []),
    ...(isSole ? [compose`leave out column ${list(cause.columns)}`] : []),
    ...(!hasPrior && cause && cause.columns.length > 1 ? ['leave out one of these columns'] : []),
    ...(!isRidgeLarger ? [] : [compose`set ${mention('regCovar')} to ${ridge} (now ${regCovar})`]),
  ];
  const advice =
    remedies.length > 0
      ? joinMessages(remedies, ', or ')
      : compose`set ${mention('regCovar')} (now ${regCovar})`;
  const message = compose`${all} collapsed: ${cause?.text ?? whereOf(runs, moments.totalWeight, d)}; ${advice}`;
  const error = new GmmError('DEGENERATE', message, isSole ? { column: cause.columns[0] } : {});
  return { error, cause: cause?.text };
}

function causeOf(runs: readonly StartedRun[], data: PreparedData): CollapseCause | undefined {
  for (const { run } of runs) {
    const cause = run.collapse && findCause(data, run.parameters, run.collapse.component);
    if (cause) return cause;
  }
  return undefined;
}

function whereOf(runs: readonly StartedRun[], totalWeight: number, d: number): string {
  const { component, iteration, share } = runs.flatMap(({ run }) => run.collapse ?? [])[0];
  const rows = Number((share * totalWeight).toPrecision(3));
  return `the first in component ${component} at iteration ${iteration} (${rows} effective rows in ${d} dimensions)`;
}

/**
 * A ridge with which no covariance of the M-step is below the floor: in every direction it adds at least the floor times the data's
 * variance there, which is at most their trace.
 *
 * @returns undefined where it would be large beside a column's variance
 */
function findRidge({ reference }: PreparedData, floor: number): number | undefined {
  const d = reference.mean.length;
  const variances = Array.from({ length: d }, (_, a) => reference.covariance[a * d + a]);
  const least = floor * variances.reduce((sum, one) => sum + one, 0);
  if (!(least > 0 && least <= LARGEST_RIDGE * Math.min(...variances))) return undefined;
  const unit = 10 ** Math.floor(Math.log10(least));
  return Number((Math.ceil((1.01 * least) / unit) * unit).toPrecision(1));
}
