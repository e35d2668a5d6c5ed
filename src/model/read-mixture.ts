/** A mixture as a caller writes it → the content of a model. */

import { COVARIANCE_TYPES } from '../core/covariance/families.js';
import { describe, GmmError } from '../errors.js';
import type { ComponentDensity, CovarianceType, ParametersInput } from '../types.js';
import type { ModelContent } from './model-file.js';
import {
  type EstimatedDegrees,
  resolveEqualWeights,
  resolveEstimatedDegrees,
  resolveParameters,
} from './read-parameters.js';

/** What `GaussianMixture.fromParameters` takes. */
export interface MixtureInput extends ParametersInput {
  /** Default `'full'`. */
  covarianceType?: CovarianceType | undefined;
  /** Default false. With true the weights must be 1/k, and do not count as free parameters. */
  equalWeights?: boolean | undefined;
  /** Default: `'t'` where there are degrees of freedom. */
  components?: ComponentDensity | undefined;
  /** How the degrees of freedom of t components count as free parameters; default `'each'`. */
  estimatedDegrees?: EstimatedDegrees | undefined;
  /** (d) default `x0`, `x1`, … */
  columns?: readonly string[] | undefined;
}

/** @throws GmmError INVALID_MODEL, which names the field */
export function resolveMixture(input: MixtureInput): ModelContent {
  if (typeof input !== 'object' || input === null) {
    throw new GmmError('INVALID_MODEL', `parameters must be an object, got ${describe(input)}`);
  }
  const type = input.covarianceType ?? 'full';
  if (!COVARIANCE_TYPES.includes(type)) {
    const message = `"covarianceType" must be ${COVARIANCE_TYPES.join(', ')}, got ${describe(type)}`;
    throw new GmmError('INVALID_MODEL', message);
  }
  const k = input.weights?.length;
  if (!(k >= 1))
    throw new GmmError('INVALID_MODEL', `"weights" must be an array, got ${describe(input.weights)}`);
  const first = input.means?.[0];
  const d = typeof first === 'number' ? (input.means?.length ?? 0) / k : (first?.length ?? 0);
  if (!(Number.isInteger(d) && d >= 1)) {
    const message = `"means" must be ${k} rows of numbers, got ${describe(input.means)}`;
    throw new GmmError('INVALID_MODEL', message);
  }
  const parameters = resolveParameters(input, type, k, d, 'INVALID_MODEL');
  const equalWeights = resolveEqualWeights(input.equalWeights, parameters.weights, parameters.noise);
  const estimatedDegrees = resolveEstimatedDegrees(input.components, input.estimatedDegrees, parameters);
  const columns = resolveColumns(input.columns, d);
  return { parameters, columns, equalWeights, estimatedDegrees, fit: undefined };
}

function resolveColumns(value: readonly string[] | undefined, d: number): readonly string[] {
  const columns = value ?? Array.from({ length: d }, (_, a) => `x${a}`);
  if (!(Array.isArray(columns) && Array.from(columns).every((name) => typeof name === 'string'))) {
    throw new GmmError('INVALID_MODEL', `"columns" must be an array of strings, got ${describe(columns)}`);
  }
  if (columns.length !== d) {
    throw new GmmError('INVALID_MODEL', `"columns" must be ${d} names, got ${columns.length}`);
  }
  return columns;
}
