/** The option `prior`: checked without the rows, then filled with the defaults that the rows decide. */

import { computeCholesky } from '../core/cholesky.js';
import { createDefaultPrior, type Prior } from '../core/prior.js';
import { compose, describe, GmmError, invalidOption, subject } from '../errors.js';
import { resolveNumber } from '../option-checks.js';
import type { PriorInput } from '../types.js';
import type { PreparedData } from './prepared-data.js';

/** A prior as a caller gave it, its arrays as lists of numbers. */
export interface GivenPrior {
  readonly meanShrinkage: number | undefined;
  readonly mean: readonly number[] | undefined;
  readonly degreesOfFreedom: number | undefined;
  /** Row-major. */
  readonly scale: readonly number[] | undefined;
}

/** `'auto'`: maximum likelihood, and the default prior where it fails; see fit-shape.ts. */
export type PriorChoice = 'auto' | 'none' | GivenPrior;

const FIELDS = ['meanShrinkage', 'mean', 'degreesOfFreedom', 'scale'];

/** @throws GmmError INVALID_OPTION */
export function resolvePrior(value: unknown): PriorChoice {
  if (value === undefined || value === 'auto') return 'auto';
  if (value === 'none') return 'none';
  if (typeof value !== 'object' || value === null) {
    throw invalidOption('prior', `'auto', 'none' or an object with some of ${FIELDS.join(', ')}`, value);
  }
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    const message = compose`unknown field ${describe(unknown)} of ${subject('prior')}; there are ${FIELDS.join(', ')}`;
    throw new GmmError('INVALID_OPTION', message, { option: 'prior' });
  }
  const { meanShrinkage, mean, degreesOfFreedom, scale } = value as PriorInput;
  return {
    meanShrinkage: checkNumber('meanShrinkage', meanShrinkage),
    mean: mean === undefined ? undefined : flatten('mean', mean),
    degreesOfFreedom: checkNumber('degreesOfFreedom', degreesOfFreedom),
    scale: scale === undefined ? undefined : flatten('scale', scale),
  };
}

function checkNumber(field: string, value: unknown): number | undefined {
  return value === undefined ? undefined : resolveNumber(`prior.${field}`, value, 0);
}

function flatten(field: string, value: unknown): number[] {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const numbers: unknown[] = isList ? Array.from(value as ArrayLike<unknown>).flatMap(toList) : [];
  if (numbers.length > 0 && numbers.every((number) => Number.isFinite(number))) return numbers as number[];
  throw invalidOption(`prior.${field}`, 'an array of finite numbers', value);
}

function toList(row: unknown): unknown[] {
  return Array.isArray(row) || ArrayBuffer.isView(row)
    ? Array.from(row as unknown as ArrayLike<unknown>)
    : [row];
}

/**
 * @param given - fields that are missing have their defaults, see `createDefaultPrior`
 * @throws GmmError INVALID_OPTION where it does not fit the rows' columns, or is no distribution
 */
export function createPrior(given: GivenPrior, { reference }: PreparedData, k: number): Prior {
  const d = reference.mean.length;
  const byDefault = createDefaultPrior(reference, k);
  const { meanShrinkage, mean, degreesOfFreedom, scale } = given;
  if (mean && mean.length !== d) {
    throw invalidOption('prior.mean', `${d} numbers, one for each column`, `${mean.length} numbers`);
  }
  if (scale && scale.length !== d * d) {
    throw invalidOption('prior.scale', `a matrix of ${d} × ${d} numbers`, `${scale.length} numbers`);
  }
  if (degreesOfFreedom !== undefined && !(degreesOfFreedom > d - 1)) {
    throw invalidOption('prior.degreesOfFreedom', `more than ${d - 1} for ${d} columns`, degreesOfFreedom);
  }
  const matrix = scale ? Float64Array.from(scale) : byDefault.scale;
  const isSymmetric = matrix.every((value, i) => value === matrix[(i % d) * d + Math.floor(i / d)]);
  if (!isSymmetric || !computeCholesky(matrix, 0, d)) {
    throw scale ? invalidOption('prior.scale', 'symmetric and positive definite', scale) : constantColumn();
  }
  return {
    meanShrinkage: meanShrinkage ?? byDefault.meanShrinkage,
    mean: mean ? Float64Array.from(mean) : byDefault.mean,
    degreesOfFreedom: degreesOfFreedom ?? byDefault.degreesOfFreedom,
    scale: matrix,
  };
}

function constantColumn(): GmmError {
  const message = compose`${subject('prior')} has no default scale, as a column is constant; leave the column out or give a scale`;
  return new GmmError('INVALID_OPTION', message, { option: 'prior' });
}

/** The default prior; undefined where a column is constant, since it then has no scale. */
export function findDefaultPrior({ reference }: PreparedData, k: number): Prior | undefined {
  const prior = createDefaultPrior(reference, k);
  return computeCholesky(prior.scale, 0, reference.mean.length) ? prior : undefined;
}
