/** Options about the distribution of the components, and what of the other options goes with it. */

import type { DegreesOfFreedom } from '../core/parameters.js';
import { compose, GmmError, mention, subject } from '../errors.js';
import { invalidOption, resolveOneOf } from '../option-checks.js';
import type { ComponentDensity, FitOptions } from '../types.js';
import { type PriorChoice, resolvePrior } from './prior.js';

const COMPONENTS: readonly ComponentDensity[] = ['gaussian', 't'];

/**
 * @returns for t components `'none'`: the prior is that of Gaussian ones
 * @throws GmmError INVALID_OPTION
 */
export function resolvePriorFor({
  components,
  prior,
}: Pick<FitOptions, 'components' | 'prior'>): PriorChoice {
  const choice = resolvePrior(prior);
  if (components !== 't') return choice;
  if (typeof choice !== 'object') return 'none';
  const message = compose`${subject('prior')} is one of Gaussian components; leave it out, or leave ${mention('components')} at 'gaussian'`;
  throw new GmmError('INVALID_OPTION', message, { option: 'prior' });
}

/** Bounds of degrees of freedom that are held: above, the components are Gaussian to the last digits. */
const LEAST_HELD_DEGREES = 0.1;
const MOST_HELD_DEGREES = 1e9;

/**
 * @returns how degrees of freedom are estimated; undefined for Gaussian components, which have none
 * @throws GmmError INVALID_OPTION
 */
export function resolveDegrees({
  components,
  degreesOfFreedom: how = components === 't' ? 'each' : undefined,
}: Pick<FitOptions, 'components' | 'degreesOfFreedom'>): DegreesOfFreedom | undefined {
  const isT = resolveOneOf('components', components, COMPONENTS, 'gaussian') === 't';
  if (!isT && how !== undefined) {
    const message = compose`${subject('degreesOfFreedom')} are those of t components; set ${mention('components')} 't', or leave them out`;
    throw new GmmError('INVALID_OPTION', message, { option: 'degreesOfFreedom' });
  }
  if (how === undefined || how === 'each' || how === 'shared') return how;
  if (typeof how === 'number' && how >= LEAST_HELD_DEGREES && how <= MOST_HELD_DEGREES) return how;
  const wanted = `'each', 'shared' or a number from ${LEAST_HELD_DEGREES} to ${MOST_HELD_DEGREES}`;
  throw invalidOption('degreesOfFreedom', wanted, how);
}
