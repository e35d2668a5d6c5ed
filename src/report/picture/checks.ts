/** Checks of what a caller passes to a picture. Each error names the field. */

import { COVARIANCE_TYPES, formOf } from '../../core/covariance/families.js';
import { covarianceLength } from '../../core/covariance/form.js';
import { describe, GmmError, type GmmErrorCode } from '../../errors.js';
import type { CovarianceType, Parameters } from '../../types.js';

function isNumberArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float64Array || value instanceof Float32Array;
}

/** @throws GmmError `INVALID_OPTION` unless it is an object */
export function checkObject(name: string, value: unknown): asserts value is Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return;
  throw new GmmError('INVALID_OPTION', `"${name}" must be an object, got ${describe(value)}`);
}

/** @throws GmmError `INVALID_OPTION` unless it is a string or left out */
export function checkText(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'string') return;
  throw new GmmError('INVALID_OPTION', `"${name}" must be a string, got ${describe(value)}`);
}

/** @throws GmmError `INVALID_OPTION` unless it is an array of `count` strings */
export function checkTexts(name: string, value: unknown, count: number): void {
  if (!Array.isArray(value)) {
    throw new GmmError('INVALID_OPTION', `"${name}" must be an array of strings, got ${describe(value)}`);
  }
  if (value.length !== count) {
    throw new GmmError(
      'INVALID_OPTION',
      `"${name}" must have ${count} names, one per column, got ${value.length}`,
    );
  }
  for (let i = 0; i < count; i++) {
    if (typeof value[i] === 'string') continue;
    throw new GmmError('INVALID_OPTION', `"${name}[${i}]" must be a string, got ${describe(value[i])}`);
  }
}

/** The numbers that a field may hold, with a description for messages. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly wanted: string;
}

const FINITE: Range = { least: -Number.MAX_VALUE, most: Number.MAX_VALUE, wanted: 'a finite number' };

const POSITIVE: Range = { least: Number.MIN_VALUE, most: Number.MAX_VALUE, wanted: 'a finite number > 0' };

/** Probabilities; rounding may add a little to 1. */
export const PROBABILITIES: Range = { least: 0, most: 1 + 1e-9, wanted: 'a number from 0 to 1' };

/** @throws GmmError with `code` unless it is an array of numbers in the range */
export function checkNumbers(
  name: string,
  value: unknown,
  code: GmmErrorCode,
  { least, most, wanted }: Range = FINITE,
): asserts value is ArrayLike<number> {
  if (!isNumberArray(value)) {
    throw new GmmError(code, `"${name}" must be an array of numbers, got ${describe(value)}`);
  }
  for (let i = 0; i < value.length; i++) {
    const number = value[i];
    if (typeof number === 'number' && number >= least && number <= most) continue;
    throw new GmmError(code, `"${name}[${i}]" must be ${wanted}, got ${describe(number)}`);
  }
}

/** @throws GmmError `INVALID_OPTION` unless it is a whole number >= 1 */
export function checkCount(name: string, value: unknown): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return;
  throw new GmmError('INVALID_OPTION', `"${name}" must be a whole number >= 1, got ${describe(value)}`);
}

/** @throws GmmError `INVALID_OPTION` unless it is a covariance type */
export function checkType(name: string, value: unknown): asserts value is CovarianceType {
  if (COVARIANCE_TYPES.includes(value as CovarianceType)) return;
  throw new GmmError(
    'INVALID_OPTION',
    `"${name}" must be ${COVARIANCE_TYPES.join(', ')}, got ${describe(value)}`,
  );
}

/** @throws GmmError `INVALID_OPTION` unless all arrays of the mixture have the right lengths and finite numbers */
export function checkParameters(value: unknown): asserts value is Parameters {
  checkObject('parameters', value);
  const { covarianceType, nComponents: k, nFeatures: d } = value;
  checkType('parameters.covarianceType', covarianceType);
  checkCount('parameters.nComponents', k);
  checkCount('parameters.nFeatures', d);
  const lengths = {
    weights: k,
    means: k * d,
    covariances: covarianceLength(formOf(covarianceType), k, d),
  };
  const all = value.degreesOfFreedom === undefined ? lengths : { ...lengths, degreesOfFreedom: k };
  for (const [field, length] of Object.entries(all)) {
    const name = `parameters.${field}`;
    const numbers = value[field];
    checkNumbers(name, numbers, 'INVALID_OPTION', field === 'degreesOfFreedom' ? POSITIVE : FINITE);
    if (numbers.length === length) continue;
    throw new GmmError('INVALID_OPTION', `"${name}" must have ${length} numbers, got ${numbers.length}`);
  }
}
