/** Parameters as callers write them, nested or flat, → checked values. */

import { computeCholesky } from '../core/cholesky.js';
import { covarianceLength } from '../core/covariance-type.js';
import { covarianceShape, type KnownParameters } from '../core/parameters.js';
import { describe, GmmError, type GmmErrorCode, type GmmErrorFields } from '../errors.js';
import { MOST_COMPONENTS, MOST_COVARIANCES, MOST_FEATURES } from '../limits.js';
import type { CovarianceType, MeansInput, NumberArray, Parameters, ParametersInput } from '../types.js';

/** Weights written with six digits or more sum to 1 within this; exact ones within rounding. */
const WEIGHT_SUM_TOLERANCE = 1e-6;

/** Matrices computed by the caller are symmetric within rounding, relative to their variances; then made so exactly. */
const SYMMETRY_TOLERANCE = 1e-9;

/** Parameters that a caller gives as an option are start values. */
function wrong(code: GmmErrorCode, message: string, fields: GmmErrorFields = {}): GmmError {
  return new GmmError(code, message, { ...fields, option: code === 'INVALID_OPTION' ? 'init' : undefined });
}

function isNumberArray(value: unknown): value is NumberArray | readonly unknown[] {
  return Array.isArray(value) || value instanceof Float64Array || value instanceof Float32Array;
}

/**
 * A nested or flat array of numbers as a flat one.
 *
 * @param shape - outermost first; a flat array of the product's length is taken too
 * @param name - the field's name, for messages
 */
function flatten(value: unknown, shape: readonly number[], name: string, code: GmmErrorCode): Float64Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const wanted = shape.join(' × ');
  if (!isNumberArray(value)) {
    throw wrong(code, `"${name}" must be an array of ${wanted} numbers, got ${describe(value)}`);
  }
  const isFlat =
    shape.length > 1 && value.length === length && (length === 0 || typeof value[0] === 'number');
  // What a shape claims is not allocated before the value has that shape, as far as its first parts go.
  if (!isFlat) checkFirstParts(value, shape, name, code);
  const out = new Float64Array(length);
  let at = 0;
  const read = (part: unknown, axis: number, path: string): void => {
    if (axis === shape.length) {
      if (typeof part !== 'number' || !Number.isFinite(part)) {
        throw wrong(code, `"${path}" must be a finite number, got ${describe(part)}`);
      }
      out[at++] = part;
      return;
    }
    checkPart(part, axis, shape, name, path, code);
    for (let i = 0; i < part.length; i++) read(part[i], axis + 1, `${path}[${i}]`);
  };
  if (isFlat) for (let i = 0; i < length; i++) read(value[i], shape.length, `${name}[${i}]`);
  else read(value, 0, name);
  return out;
}

function checkPart(
  part: unknown,
  axis: number,
  shape: readonly number[],
  name: string,
  path: string,
  code: GmmErrorCode,
): asserts part is NumberArray | readonly unknown[] {
  if (isNumberArray(part) && part.length === shape[axis]) return;
  const got = isNumberArray(part) ? `${part.length}` : describe(part);
  const wanted = `an array of length ${shape[axis]} (${name} is ${shape.join(' × ')})`;
  throw wrong(code, `"${path}" must be ${wanted}, got ${got}`);
}

function checkFirstParts(value: unknown, shape: readonly number[], name: string, code: GmmErrorCode): void {
  let part = value;
  for (let axis = 0; axis < shape.length; axis++) {
    checkPart(part, axis, shape, name, name + '[0]'.repeat(axis), code);
    part = part[0];
  }
}

/** @throws GmmError where a model is larger than any that is fitted */
function checkSize(type: CovarianceType, k: number, d: number, code: GmmErrorCode): void {
  if (k > MOST_COMPONENTS) throw wrong(code, `"nComponents" must be at most ${MOST_COMPONENTS}, got ${k}`);
  if (d > MOST_FEATURES) throw wrong(code, `"nFeatures" must be at most ${MOST_FEATURES}, got ${d}`);
  const length = covarianceLength(type, k, d);
  if (length <= MOST_COVARIANCES) return;
  const message = `"covariances" must be at most ${MOST_COVARIANCES} numbers, got ${length} for ${k} '${type}' components of ${d} columns`;
  throw wrong(code, message);
}

/**
 * Reads and checks parameters: shapes, finite numbers, weights >= 0 that sum to 1, symmetric positive definite covariances.
 *
 * @param input - as the caller wrote it, nested or flat
 * @param code - the error's code where something is wrong
 * @throws GmmError with `code`, naming the field
 */
export function resolveParameters(
  input: ParametersInput,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): Parameters {
  checkSize(type, k, d, code);
  return {
    covarianceType: type,
    nComponents: k,
    nFeatures: d,
    weights: resolveWeights(input.weights, k, code),
    means: flatten(input.means, [k, d], 'means', code),
    covariances: resolveCovariances(input.covariances, type, k, d, code),
  };
}

/** As `resolveParameters`, where weights and covariances may be left out. */
export function resolveKnownParameters(
  input: MeansInput,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): KnownParameters {
  checkSize(type, k, d, code);
  const { weights, covariances } = input;
  return {
    weights: weights === undefined ? undefined : resolveWeights(weights, k, code),
    means: flatten(input.means, [k, d], 'means', code),
    covariances: covariances === undefined ? undefined : resolveCovariances(covariances, type, k, d, code),
  };
}

function resolveWeights(value: unknown, k: number, code: GmmErrorCode): Float64Array {
  const weights = flatten(value, [k], 'weights', code);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw wrong(code, `"weights[${negative}]" must be >= 0, got ${weights[negative]}`);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > WEIGHT_SUM_TOLERANCE) {
    throw wrong(code, `"weights" must sum to 1, got ${sum}`);
  }
  return weights;
}

function resolveCovariances(
  value: unknown,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): Float64Array {
  const covariances = flatten(value, covarianceShape(type, k, d), 'covariances', code);
  checkCovariances(covariances, type, k, d, code);
  return covariances;
}

/**
 * Reads and checks responsibilities: numbers >= 0, rows that sum to 1.
 *
 * @param value - (n × k) nested, or flat
 * @returns (n × k) row-major
 * @throws GmmError INVALID_OPTION
 */
export function resolveResponsibilities(value: unknown, k: number): Float64Array {
  const isFlat = isNumberArray(value) && !isNumberArray(value[0]);
  const n = isNumberArray(value) ? (isFlat ? value.length / k : value.length) : 0;
  const out = flatten(value, isFlat ? [value.length] : [n, k], 'responsibilities', 'INVALID_OPTION');
  if (!Number.isInteger(n)) {
    const message = `"responsibilities" must be ${k} numbers a row, got ${out.length}, no multiple of ${k}`;
    throw wrong('INVALID_OPTION', message);
  }
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const r = out[i * k + j];
      if (r < 0) {
        throw wrong('INVALID_OPTION', `"responsibilities[${i}][${j}]" must be >= 0, got ${r}`, { row: i });
      }
      sum += r;
    }
    if (Math.abs(sum - 1) > WEIGHT_SUM_TOLERANCE) {
      throw wrong('INVALID_OPTION', `"responsibilities[${i}]" must sum to 1, got ${sum}`, { row: i });
    }
  }
  return out;
}

/**
 * Positive variances, or symmetric positive definite matrices.
 *
 * @param values - in/out: by type; what rounding left of asymmetry is taken away
 */
function checkCovariances(
  values: Float64Array,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): void {
  if (type === 'diag' || type === 'spherical') {
    const bad = values.findIndex((value) => !(value > 0));
    if (bad < 0) return;
    const path = type === 'diag' ? `[${Math.floor(bad / d)}][${bad % d}]` : `[${bad}]`;
    throw wrong(code, `"covariances${path}" must be > 0, got ${values[bad]}`);
  }
  const matrices = type === 'tied' ? 1 : k;
  for (let j = 0; j < matrices; j++) {
    const path = type === 'tied' ? 'covariances' : `covariances[${j}]`;
    const offset = j * d * d;
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < a; b++) {
        const lower = values[offset + a * d + b];
        const upper = values[offset + b * d + a];
        const scale = Math.sqrt(Math.abs(values[offset + a * d + a] * values[offset + b * d + b]));
        if (Math.abs(lower - upper) > SYMMETRY_TOLERANCE * scale) {
          throw wrong(
            code,
            `"${path}" must be symmetric, got ${lower} at [${a}][${b}] and ${upper} at [${b}][${a}]`,
          );
        }
        values[offset + a * d + b] = values[offset + b * d + a] = (lower + upper) / 2;
      }
    }
    if (!computeCholesky(values, offset, d)) {
      throw wrong(
        code,
        `"${path}" must be positive definite, and is not; a variance may be 0 or two columns equal`,
      );
    }
  }
}
