/** The model file, which `toJSON` returns and `fromJSON` reads (docs/model.schema.json). Numbers round-trip exactly. */

import { COVARIANCE_TYPES, formOf } from '../core/covariance/families.js';
import { type ComponentDensity, densityOf, type Noise, nest } from '../core/parameters.js';
import { describe, GmmError } from '../errors.js';
import type { CovarianceType, Parameters, ParametersInput } from '../types.js';
import {
  type EstimatedDegrees,
  resolveEqualWeights,
  resolveEstimatedDegrees,
  resolveParameters,
} from './read-parameters.js';

/** The fit that made a model. */
export interface FitSummary {
  readonly nSamples: number;
  readonly logLikelihood: number;
  readonly bic: number;
  readonly aic: number;
  readonly icl: number;
  readonly converged: boolean;
  readonly nIterations: number;
  readonly seed: number;
}

/** A model as plain data: the content of a model file. */
export interface ModelFile {
  format: 'parallel-gmm';
  version: 1;
  covarianceType: CovarianceType;
  nComponents: number;
  nFeatures: number;
  columns: string[];
  /** (k) */
  weights: number[];
  /** (k × d) nested */
  means: number[][];
  /** Nested by type: full k × d × d, tied d × d, diag k × d, spherical k. */
  covariances: number[] | number[][] | number[][][];
  /** A uniform density beside the components: π₀, −ln V, and the box that noise is drawn from. Absent without noise. */
  noise?: { weight: number; logDensity: number; box?: { corner: number[]; edges: number[][] } };
  /** Whether the weights are held at 1/k, with noise at (1 − π₀)/k. They are then no free parameters. Absent for false. */
  equalWeights?: boolean;
  /** Absent for Gaussian components. */
  components?: ComponentDensity;
  /** (k) of t components, whose `covariances` are scale matrices; absent for Gaussian ones. */
  degreesOfFreedom?: number[];
  /** How the degrees of freedom were estimated, `'none'` if they were held: absent for Gaussian components. */
  estimatedDegrees?: EstimatedDegrees;
  fit?: FitSummary;
}

/** A model file's content, read and checked. */
export interface ModelContent {
  readonly parameters: Parameters;
  readonly columns: readonly string[];
  readonly equalWeights: boolean;
  readonly estimatedDegrees: EstimatedDegrees;
  readonly fit: FitSummary | undefined;
}

export function toModelFile({
  parameters,
  columns,
  equalWeights,
  estimatedDegrees,
  fit,
}: ModelContent): ModelFile {
  const { covarianceType, nComponents: k, nFeatures: d, weights, means, covariances, noise } = parameters;
  const { degreesOfFreedom } = parameters;
  return {
    format: 'parallel-gmm',
    version: 1,
    covarianceType,
    nComponents: k,
    nFeatures: d,
    columns: [...columns],
    weights: Array.from(weights),
    means: nest(means, [k, d]) as number[][],
    covariances: nest(covariances, formOf(covarianceType).nestedShape(k, d)) as ModelFile['covariances'],
    ...(noise ? { noise: noiseToJson(noise, d) } : {}),
    ...(equalWeights ? { equalWeights } : {}),
    ...(degreesOfFreedom && {
      components: densityOf(parameters),
      degreesOfFreedom: Array.from(degreesOfFreedom),
      estimatedDegrees,
    }),
    ...(fit ? { fit } : {}),
  };
}

function noiseToJson({ weight, logDensity, box }: Noise, d: number): NonNullable<ModelFile['noise']> {
  if (!box) return { weight, logDensity };
  const edges = nest(box.edges, [d, d]) as number[][];
  return { weight, logDensity, box: { corner: Array.from(box.corner), edges } };
}

function invalid(field: string, wanted: string, got: unknown): GmmError {
  return new GmmError('INVALID_MODEL', `"${field}" must be ${wanted}, got ${describe(got)}`);
}

/** @throws GmmError INVALID_MODEL, which names the field */
export function readModelFile(value: unknown): ModelContent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GmmError('INVALID_MODEL', `a model must be an object, got ${describe(value)}`);
  }
  const file = value as Record<string, unknown>;
  if (file.format !== 'parallel-gmm') throw invalid('format', '"parallel-gmm"', file.format);
  if (file.version !== 1) throw invalid('version', '1, the version that this package reads', file.version);
  const type = file.covarianceType as CovarianceType;
  if (!COVARIANCE_TYPES.includes(type)) throw invalid('covarianceType', COVARIANCE_TYPES.join(', '), type);
  const k = readSize(file, 'nComponents');
  const d = readSize(file, 'nFeatures');
  const { columns } = file;
  if (
    !Array.isArray(columns) ||
    columns.length !== d ||
    !Array.from(columns).every((name) => typeof name === 'string')
  ) {
    throw invalid('columns', `an array of ${d} strings`, columns);
  }
  const parameters = resolveParameters(file as unknown as ParametersInput, type, k, d, 'INVALID_MODEL');
  const equalWeights = resolveEqualWeights(file.equalWeights, parameters.weights, parameters.noise);
  const estimatedDegrees = resolveEstimatedDegrees(file.components, file.estimatedDegrees, parameters);
  const fit = file.fit === undefined ? undefined : readFit(file.fit);
  return { parameters, columns, equalWeights, estimatedDegrees, fit };
}

function readSize(file: Record<string, unknown>, field: string): number {
  const size = file[field];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) {
    throw invalid(field, 'a whole number >= 1', size);
  }
  return size;
}

function readFit(value: unknown): FitSummary {
  if (typeof value !== 'object' || value === null) throw invalid('fit', 'an object', value);
  const fit = value as Record<string, unknown>;
  const number = (name: string): number => {
    const field = fit[name];
    if (typeof field !== 'number' || !Number.isFinite(field))
      throw invalid(`fit.${name}`, 'a finite number', field);
    return field;
  };
  if (typeof fit.converged !== 'boolean') throw invalid('fit.converged', 'true or false', fit.converged);
  return {
    nSamples: number('nSamples'),
    logLikelihood: number('logLikelihood'),
    bic: number('bic'),
    aic: number('aic'),
    icl: number('icl'),
    converged: fit.converged,
    nIterations: number('nIterations'),
    seed: number('seed'),
  };
}
