/** Options are checked once, here, and become resolved ones: every default stands in this file, nothing below checks again. */

import { COVARIANCE_TYPES, distinctTypes } from '../core/covariance-type.js';
import { compose, GmmError, subject } from '../errors.js';
import { MOST_CELLS, MOST_COMPONENTS, MOST_STARTS, MOST_SWEEP_STARTS } from '../limits.js';
import {
  checkOptionNames,
  invalidOption,
  ROWS_OPTIONS,
  RUN_OPTIONS,
  resolveFlag,
  resolveNumber,
  resolveOneOf,
  resolvePath,
  resolveSignal,
  resolveWhole,
} from '../option-checks.js';
import type {
  Acceleration,
  Convergence,
  CovarianceType,
  Criterion,
  FitOptions,
  InitName,
  ProgressEvent,
  SelectOptions,
} from '../types.js';
import { type GivenInit, resolveInit } from './init.js';

/** Options of one fit, all present. */
export interface ResolvedFitOptions {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly init: InitName | GivenInit;
  readonly nInit: number;
  readonly convergence: Convergence;
  readonly tol: number;
  readonly maxIter: number;
  readonly acceleration: Acceleration;
  readonly covarianceFloor: number;
  readonly regCovar: number;
  readonly equalWeights: boolean;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly checkpoint: string | undefined;
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
}

/** Options of a sweep: those of its fits, all but for what the sweep varies. */
export interface ResolvedSelectOptions {
  /** Undefined where the rows decide, see `resolveSweep`. */
  readonly nComponents: readonly number[] | undefined;
  readonly covarianceTypes: readonly CovarianceType[];
  readonly criterion: Criterion;
  readonly shared: Omit<ResolvedFitOptions, 'nComponents' | 'covarianceType'>;
}

/** The covariance types that this version fits. */
export const FITTED_TYPES: readonly CovarianceType[] = COVARIANCE_TYPES;

/** The largest number of components that is tried unless the caller says which. */
const USUAL_COMPONENTS = 9;

const INITS: readonly InitName[] = ['kmeans', 'k-means++', 'random', 'random-rows'];
const CONVERGENCES: readonly Convergence[] = ['aitken', 'change', 'responsibilities'];
const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];
const ACCELERATIONS: readonly Acceleration[] = ['auto', 'none'];

const SHARED_OPTIONS = [
  'init',
  'nInit',
  'convergence',
  'tol',
  'maxIter',
  'acceleration',
  'equalWeights',
  'covarianceFloor',
  'regCovar',
  'seed',
  'checkpoint',
  'onProgress',
  ...ROWS_OPTIONS,
  ...RUN_OPTIONS,
];
const FIT_OPTIONS = ['nComponents', 'covarianceType', ...SHARED_OPTIONS];
const SELECT_OPTIONS = ['nComponents', 'covarianceTypes', 'criterion', ...SHARED_OPTIONS];

function resolveType(name: string, value: unknown, byDefault?: CovarianceType): CovarianceType {
  const type = resolveOneOf(name, value, COVARIANCE_TYPES, byDefault);
  if (FITTED_TYPES.includes(type)) return type;
  throw invalidOption(name, `${FITTED_TYPES.join(' or ')} in this version`, type);
}

function resolveShared(
  options: Omit<FitOptions, 'nComponents' | 'covarianceType' | 'init'>,
): Omit<ResolvedFitOptions, 'nComponents' | 'covarianceType' | 'init'> {
  const convergence = resolveOneOf('convergence', options.convergence, CONVERGENCES, 'aitken');
  if (options.onProgress !== undefined && typeof options.onProgress !== 'function') {
    throw invalidOption('onProgress', 'a function', options.onProgress);
  }
  return {
    nInit: resolveWhole('nInit', options.nInit, 1, 10, MOST_STARTS),
    convergence,
    tol: resolveNumber('tol', options.tol, convergence === 'responsibilities' ? 1e-4 : 1e-6),
    maxIter: resolveWhole('maxIter', options.maxIter, 0, 1000),
    acceleration: resolveOneOf('acceleration', options.acceleration, ACCELERATIONS, 'auto'),
    covarianceFloor: resolveNumber('covarianceFloor', options.covarianceFloor, 1e-6),
    regCovar: resolveNumber('regCovar', options.regCovar, 0),
    equalWeights: resolveFlag('equalWeights', options.equalWeights),
    seed: resolveWhole('seed', options.seed, 0, 0),
    signal: resolveSignal(options.signal),
    checkpoint: resolvePath('checkpoint', options.checkpoint),
    onProgress: options.onProgress,
  };
}

/** @throws GmmError INVALID_OPTION */
export function resolveFitOptions(options: FitOptions): ResolvedFitOptions {
  checkOptionNames(options, FIT_OPTIONS);
  const k = resolveWhole('nComponents', options.nComponents, 1, undefined, MOST_COMPONENTS);
  const covarianceType = resolveType('covarianceType', options.covarianceType, 'full');
  const shared = { nComponents: k, covarianceType, ...resolveShared(options) };
  const { init } = options;
  if (typeof init === 'object' && init !== null) {
    return { ...shared, init: resolveInit(init, k, covarianceType), nInit: 1 };
  }
  return { ...shared, init: resolveOneOf('init', init, INITS, 'kmeans') };
}

/** @throws GmmError INVALID_OPTION */
export function resolveSelectOptions(options: SelectOptions): ResolvedSelectOptions {
  checkOptionNames(options, SELECT_OPTIONS);
  const { nComponents, covarianceTypes } = options;
  if (nComponents !== undefined && !(Array.isArray(nComponents) && nComponents.length > 0)) {
    throw invalidOption('nComponents', 'an array of whole numbers >= 1', nComponents);
  }
  if (covarianceTypes !== undefined && !(Array.isArray(covarianceTypes) && covarianceTypes.length > 0)) {
    throw invalidOption('covarianceTypes', 'an array of covariance types', covarianceTypes);
  }
  if (typeof options.init === 'object' && options.init !== null) {
    throw invalidOption('init', 'a name where several models are fitted', options.init);
  }
  // Lists of far too many are not even read.
  if (nComponents && nComponents.length > MOST_CELLS) throw tooManyModels(nComponents.length);
  // `map` would pass over holes.
  const ks =
    nComponents &&
    Array.from(nComponents, (k: unknown, i) =>
      resolveWhole(`nComponents[${i}]`, k, 1, undefined, MOST_COMPONENTS),
    );
  const types = Array.from(covarianceTypes?.slice(0, MOST_CELLS) ?? FITTED_TYPES, (type: unknown, i) =>
    resolveType(`covarianceTypes[${i}]`, type),
  );
  const resolved = {
    nComponents: ks && [...new Set(ks)],
    covarianceTypes: [...new Set(types)],
    criterion: resolveOneOf('criterion', options.criterion, CRITERIA, 'bic'),
    shared: { ...resolveShared(options), init: resolveOneOf('init', options.init, INITS, 'kmeans') },
  };
  const nCells = (resolved.nComponents?.length ?? USUAL_COMPONENTS) * resolved.covarianceTypes.length;
  if (nCells > MOST_CELLS) throw tooManyModels(nCells);
  if (nCells * resolved.shared.nInit > MOST_SWEEP_STARTS) {
    const most = Math.floor(MOST_SWEEP_STARTS / nCells);
    throw invalidOption('nInit', `at most ${most} for ${nCells} models`, options.nInit);
  }
  return resolved;
}

function tooManyModels(nCells: number): GmmError {
  const message = compose`${subject('nComponents')} and ${subject('covarianceTypes')} make ${nCells} models; one call fits at most ${MOST_CELLS}`;
  return new GmmError('INVALID_OPTION', message, { option: 'nComponents' });
}

/** What a sweep tries, once the rows are known. */
export interface Sweep {
  readonly nComponents: readonly number[];
  readonly covarianceTypes: readonly CovarianceType[];
  readonly criterion: Criterion;
}

/**
 * @param nSamples - rows that count
 * @param nFeatures - columns
 */
export function resolveSweep(
  { nComponents, covarianceTypes, criterion }: ResolvedSelectOptions,
  nSamples: number,
  nFeatures: number,
): Sweep {
  const most = Math.min(USUAL_COMPONENTS, nSamples);
  return {
    nComponents: nComponents ?? Array.from({ length: most }, (_, i) => i + 1),
    covarianceTypes: distinctTypes(covarianceTypes, nFeatures),
    criterion,
  };
}
