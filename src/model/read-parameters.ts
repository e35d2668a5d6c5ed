/** Reads and checks parameters that callers write, nested or flat. */

import { computeCholesky } from '../core/cholesky.js';
import { formOf } from '../core/covariance/families.js';
import { countCovariances, covarianceLength, type Form } from '../core/covariance/form.js';
import type { KnownParameters, Noise } from '../core/parameters.js';
import { describe, GmmError, type GmmErrorCode } from '../errors.js';
import { MOST_COMPONENTS, MOST_COVARIANCES, MOST_FEATURES } from '../limits.js';
import type { CovarianceType, MeansInput, Parameters, ParametersInput } from '../types.js';
import { flatten, isNumberArray, wrong } from './flatten.js';
import { resolveNoise } from './read-noise.js';

/** Weights that are written with six digits or more sum to 1 within this. */
const WEIGHT_SUM_TOLERANCE = 1e-6;

/** Asymmetry, relative to the variances, that counts as the caller's rounding; such matrices are made exactly symmetric. */
const SYMMETRY_TOLERANCE = 1e-9;

/** @throws GmmError if the model is larger than any model that `fit` takes */
function checkSize(type: CovarianceType, k: number, d: number, code: GmmErrorCode): void {
  if (k > MOST_COMPONENTS) throw wrong(code, `"nComponents" must be at most ${MOST_COMPONENTS}, got ${k}`);
  if (d > MOST_FEATURES) throw wrong(code, `"nFeatures" must be at most ${MOST_FEATURES}, got ${d}`);
  const length = covarianceLength(formOf(type), k, d);
  if (length <= MOST_COVARIANCES) return;
  const message = `"covariances" must be at most ${MOST_COVARIANCES} numbers, got ${length} for ${k} '${type}' components of ${d} columns`;
  throw wrong(code, message);
}

/**
 * Reads and checks parameters: shapes, finite numbers, weights >= 0 that sum to 1, symmetric positive definite covariances.
 *
 * @param input - as the caller wrote it, nested or flat
 * @param code - of the error
 * @throws GmmError with `code`, which names the field
 */
export function resolveParameters(
  input: ParametersInput,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): Parameters {
  checkSize(type, k, d, code);
  const degreesOfFreedom = resolveDegrees(input.degreesOfFreedom, k, code);
  const noise = resolveNoise(input.noise, d, code);
  return {
    ...(degreesOfFreedom && { degreesOfFreedom }),
    covarianceType: type,
    nComponents: k,
    nFeatures: d,
    weights: resolveWeights(input.weights, k, code, 1 - (noise?.weight ?? 0)),
    means: flatten(input.means, [k, d], 'means', code),
    covariances: resolveCovariances(input.covariances, type, k, d, code),
    ...(noise && { noise }),
  };
}

/**
 * Like `resolveParameters`, but weights and covariances may be left out.
 *
 * @param weightSum - what the weights sum to: 1, with noise less
 */
export function resolveKnownParameters(
  input: MeansInput,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
  weightSum = 1,
): KnownParameters {
  checkSize(type, k, d, code);
  const { weights, covariances } = input;
  return {
    weights: weights === undefined ? undefined : resolveWeights(weights, k, code, weightSum),
    means: flatten(input.means, [k, d], 'means', code),
    covariances: covariances === undefined ? undefined : resolveCovariances(covariances, type, k, d, code),
    degreesOfFreedom: resolveDegrees(input.degreesOfFreedom, k, code),
  };
}

function resolveWeights(value: unknown, k: number, code: GmmErrorCode, wanted: number): Float64Array {
  const weights = flatten(value, [k], 'weights', code);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw wrong(code, `"weights[${negative}]" must be >= 0, got ${weights[negative]}`);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - wanted) > WEIGHT_SUM_TOLERANCE) {
    throw wrong(
      code,
      `"weights" must sum to ${wanted === 1 ? '1' : `${wanted}, 1 less the noise's`}, got ${sum}`,
    );
  }
  return weights;
}

/** @returns (k) degrees of freedom of t components; undefined for Gaussian ones */
function resolveDegrees(value: unknown, k: number, code: GmmErrorCode): Float64Array | undefined {
  if (value === undefined) return undefined;
  const all = typeof value === 'number' ? new Float64Array(k).fill(value) : value;
  const degrees = flatten(all, [k], 'degreesOfFreedom', code);
  const bad = degrees.findIndex((number) => !(number > 0 && number < Number.POSITIVE_INFINITY));
  if (bad < 0) return degrees;
  throw wrong(code, `"degreesOfFreedom[${bad}]" must be a finite number > 0, got ${degrees[bad]}`);
}

/** How the degrees of freedom of a model were estimated; `'none'` where they were held, and of Gaussian components. */
export type EstimatedDegrees = 'each' | 'shared' | 'none';

/**
 * Reads what a model says of its components beside their parameters, and checks that the two agree.
 *
 * @param components - `'gaussian'`, `'t'`, or undefined
 * @param estimated - undefined for `'each'` of t components
 * @throws GmmError INVALID_MODEL, which names the field
 */
export function resolveEstimatedDegrees(
  components: unknown,
  estimated: unknown,
  { degreesOfFreedom }: Parameters,
): EstimatedDegrees {
  const density = degreesOfFreedom ? 't' : 'gaussian';
  if (components !== undefined && components !== density) {
    const wanted = degreesOfFreedom ? `'t' with "degreesOfFreedom"` : `'gaussian' without "degreesOfFreedom"`;
    throw new GmmError('INVALID_MODEL', `"components" must be ${wanted}, got ${describe(components)}`);
  }
  const names: readonly unknown[] = degreesOfFreedom ? ['each', 'shared', 'none'] : ['none'];
  const value = estimated ?? (degreesOfFreedom ? 'each' : 'none');
  if (names.includes(value)) return value as EstimatedDegrees;
  const message = `"estimatedDegrees" must be ${names.join(', ')} of ${density} components, got ${describe(value)}`;
  throw new GmmError('INVALID_MODEL', message);
}

/**
 * Reads whether the weights are held equal, and checks that they are 1/k.
 *
 * @param value - true, false, or undefined for false
 * @param weights - in/out: (k); rounded weights become exactly 1/k
 * @throws GmmError INVALID_MODEL, which names the field
 */
export function resolveEqualWeights(value: unknown, weights: Float64Array, noise?: Noise): boolean {
  if (value === undefined || value === false) return false;
  if (value !== true) {
    throw new GmmError('INVALID_MODEL', `"equalWeights" must be true or false, got ${describe(value)}`);
  }
  const k = weights.length;
  const all = 1 - (noise?.weight ?? 0);
  const differing = weights.findIndex((weight) => Math.abs(k * weight - all) > WEIGHT_SUM_TOLERANCE);
  if (differing >= 0) {
    const message = `"weights[${differing}]" must be ${all === 1 ? '1' : all}/${k} with "equalWeights", got ${weights[differing]}`;
    throw new GmmError('INVALID_MODEL', message);
  }
  weights.fill(all / k);
  return true;
}

function resolveCovariances(
  value: unknown,
  type: CovarianceType,
  k: number,
  d: number,
  code: GmmErrorCode,
): Float64Array {
  const form = formOf(type);
  const covariances = flatten(value, form.nestedShape(k, d), 'covariances', code);
  if (form.isDense) checkMatrices(covariances, form, k, d, code);
  else checkVariances(covariances, form, d, code);
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

function checkVariances(values: Float64Array, form: Form, d: number, code: GmmErrorCode): void {
  const bad = values.findIndex((value) => !(value > 0));
  if (bad < 0) return;
  const isNested = form.nestedShape(1, d).length > 1;
  const path = isNested ? `[${Math.floor(bad / d)}][${bad % d}]` : `[${bad}]`;
  throw wrong(code, `"covariances${path}" must be > 0, got ${values[bad]}`);
}

/**
 * Checks that all matrices are symmetric and positive definite.
 *
 * @param values - in/out: small asymmetries from rounding are removed
 */
function checkMatrices(values: Float64Array, form: Form, k: number, d: number, code: GmmErrorCode): void {
  for (let index = 0; index < countCovariances(form, k); index++) {
    const path = form.isShared ? 'covariances' : `covariances[${index}]`;
    makeSymmetric(values.subarray(index * d * d, (index + 1) * d * d), d, path, code);
    if (!computeCholesky(values, index * d * d, d)) {
      const message = `"${path}" must be positive definite, and is not; a variance may be 0 or two columns equal`;
      throw wrong(code, message);
    }
  }
}

function makeSymmetric(matrix: Float64Array, d: number, path: string, code: GmmErrorCode): void {
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) {
      const lower = matrix[a * d + b];
      const upper = matrix[b * d + a];
      const scale = Math.sqrt(Math.abs(matrix[a * d + a] * matrix[b * d + b]));
      if (Math.abs(lower - upper) > SYMMETRY_TOLERANCE * scale) {
        const message = `"${path}" must be symmetric, got ${lower} at [${a}][${b}] and ${upper} at [${b}][${a}]`;
        throw wrong(code, message);
      }
      matrix[a * d + b] = matrix[b * d + a] = (lower + upper) / 2;
    }
  }
}
