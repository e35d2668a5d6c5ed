/** Options are checked once, here, and resolved: every default is in this file, and nothing below checks again. */

import { COVARIANCE_TYPES, distinctTypes } from '../core/covariance/families.js';
import type { EmSettings } from '../em/settings.js';
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
import type { ProgressEvent } from '../progress-events.js';
import type {
  Acceleration,
  Convergence,
  CovarianceType,
  Criterion,
  EffectiveSampleSize,
  FitOptions,
  InitName,
  SearchEffort,
  SelectOptions,
} from '../types.js';
import { resolveDegrees, resolvePriorFor } from './component-options.js';
import { type GivenInit, resolveInit } from './init.js';
import { type NoiseChoice, resolveNoise } from './noise-options.js';
import type { PriorChoice } from './prior.js';
import {
  checkNotVariational,
  resolveVariational,
  VARIATIONAL_OPTIONS,
  type VariationalSettings,
} from './variational-options.js';

/** What `fit` and `selectModel` have in common, all present. */
export interface ResolvedOptions {
  readonly init: InitName | GivenInit;
  readonly nInit: number;
  readonly search: SearchEffort;
  readonly noise: NoiseChoice;
  readonly seed: number;
  readonly settings: EmSettings;
  readonly prior: PriorChoice;
  readonly effectiveSampleSize: EffectiveSampleSize;
  readonly signal: AbortSignal | undefined;
  readonly checkpoint: string | undefined;
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
}

/** Options of one fit. */
export interface ResolvedFitOptions extends ResolvedOptions {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  /** Undefined for EM. */
  readonly variational: VariationalSettings | undefined;
}

/** Options of a sweep. */
export interface ResolvedSelectOptions extends ResolvedOptions {
  /** Undefined where the rows decide, see `resolveSweep`. */
  readonly nComponents: readonly number[] | undefined;
  readonly covarianceTypes: readonly CovarianceType[];
  readonly criterion: Criterion;
}

/** The largest number of components that is tried unless the caller says which. */
const USUAL_COMPONENTS = 9;

const INITS: readonly InitName[] = ['mixed', 'kmeans', 'k-means++', 'random', 'random-rows'];
const CONVERGENCES: readonly Convergence[] = ['aitken', 'change', 'responsibilities'];
const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];
const SEARCHES: readonly SearchEffort[] = ['default', 'thorough', 'none'];
const SAMPLE_SIZES: readonly EffectiveSampleSize[] = ['sum', 'kish'];
const ACCELERATIONS: readonly Acceleration[] = ['auto', 'none'];

const SHARED_OPTIONS = [
  'init',
  'nInit',
  'search',
  'noise',
  'convergence',
  'tol',
  'maxIter',
  'acceleration',
  'equalWeights',
  'components',
  'degreesOfFreedom',
  'covarianceFloor',
  'regCovar',
  'prior',
  'effectiveSampleSize',
  'seed',
  'checkpoint',
  'onProgress',
  ...ROWS_OPTIONS,
  ...RUN_OPTIONS,
];
const FIT_OPTIONS = ['nComponents', 'covarianceType', 'method', ...VARIATIONAL_OPTIONS, ...SHARED_OPTIONS];
const SELECT_OPTIONS = ['nComponents', 'covarianceTypes', 'criterion', ...SHARED_OPTIONS];

function resolveShared(
  options: Omit<FitOptions, 'nComponents' | 'covarianceType' | 'init' | 'noise'>,
): Omit<ResolvedOptions, 'init' | 'noise'> {
  const convergence = resolveOneOf('convergence', options.convergence, CONVERGENCES, 'aitken');
  if (options.onProgress !== undefined && typeof options.onProgress !== 'function') {
    throw invalidOption('onProgress', 'a function', options.onProgress);
  }
  return {
    nInit: resolveWhole('nInit', options.nInit, 1, 10, MOST_STARTS),
    search: resolveOneOf('search', options.search, SEARCHES, 'default'),
    seed: resolveWhole('seed', options.seed, 0, 0),
    settings: {
      convergence,
      tol: resolveNumber('tol', options.tol, convergence === 'responsibilities' ? 1e-4 : 1e-6),
      maxIter: resolveWhole('maxIter', options.maxIter, 0, 1000),
      acceleration: resolveOneOf('acceleration', options.acceleration, ACCELERATIONS, 'auto'),
      covarianceFloor: resolveNumber('covarianceFloor', options.covarianceFloor, 1e-6),
      regCovar: resolveNumber('regCovar', options.regCovar, 0),
      equalWeights: resolveFlag('equalWeights', options.equalWeights),
      degreesOfFreedom: resolveDegrees(options),
    },
    prior: resolvePriorFor(options),
    effectiveSampleSize: resolveOneOf(
      'effectiveSampleSize',
      options.effectiveSampleSize,
      SAMPLE_SIZES,
      'sum',
    ),
    signal: resolveSignal(options.signal),
    checkpoint: resolvePath('checkpoint', options.checkpoint),
    onProgress: options.onProgress,
  };
}

/** @throws GmmError INVALID_OPTION */
export function resolveFitOptions(options: FitOptions): ResolvedFitOptions {
  checkOptionNames(options, FIT_OPTIONS);
  const nComponents = resolveWhole('nComponents', options.nComponents, 1, undefined, MOST_COMPONENTS);
  const covarianceType = resolveOneOf('covarianceType', options.covarianceType, COVARIANCE_TYPES, 'full');
  const noise = resolveNoise(options.noise, []);
  const variational = resolveVariational(options);
  const shared = { nComponents, covarianceType, noise, variational, ...resolveShared(options) };
  const { init } = options;
  if (typeof init === 'object' && init !== null) {
    return { ...shared, init: resolveInit(init, shared), nInit: 1 };
  }
  return { ...shared, init: resolveOneOf('init', init, INITS, 'mixed') };
}

/** @throws GmmError INVALID_OPTION */
export function resolveSelectOptions(options: SelectOptions): ResolvedSelectOptions {
  checkNotVariational(options);
  checkOptionNames(options, SELECT_OPTIONS);
  if (typeof options.init === 'object' && options.init !== null) {
    throw invalidOption('init', 'a name where several models are fitted', options.init);
  }
  const resolved = {
    nComponents: resolveComponentCounts(options.nComponents),
    covarianceTypes: resolveTypes(options.covarianceTypes),
    criterion: resolveOneOf('criterion', options.criterion, CRITERIA, 'bic'),
    noise: resolveNoise(options.noise, ['both']),
    ...resolveShared(options),
    init: resolveOneOf('init', options.init, INITS, 'mixed'),
  };
  const nKinds = resolved.covarianceTypes.length * resolved.noise.kinds.length;
  const nCells = (resolved.nComponents?.length ?? USUAL_COMPONENTS) * nKinds;
  if (nCells > MOST_CELLS) throw tooManyModels(nCells);
  if (nCells * resolved.nInit > MOST_SWEEP_STARTS) {
    const most = Math.floor(MOST_SWEEP_STARTS / nCells);
    throw invalidOption('nInit', `at most ${most} for ${nCells} models`, options.nInit);
  }
  return resolved;
}

/** @returns each number once; undefined for the default */
function resolveComponentCounts(value: unknown): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!(Array.isArray(value) && value.length > 0)) {
    throw invalidOption('nComponents', 'an array of whole numbers >= 1', value);
  }
  // A list of far too many is not even read.
  if (value.length > MOST_CELLS) throw tooManyModels(value.length);
  // `map` would pass over holes.
  const ks = Array.from(value, (k: unknown, i) =>
    resolveWhole(`nComponents[${i}]`, k, 1, undefined, MOST_COMPONENTS),
  );
  return [...new Set(ks)];
}

/** @returns each type once */
function resolveTypes(value: unknown): readonly CovarianceType[] {
  if (value === undefined) return COVARIANCE_TYPES;
  if (!(Array.isArray(value) && value.length > 0)) {
    throw invalidOption('covarianceTypes', 'an array of covariance types', value);
  }
  const types = Array.from(value.slice(0, MOST_CELLS), (type: unknown, i) =>
    resolveOneOf(`covarianceTypes[${i}]`, type, COVARIANCE_TYPES),
  );
  return [...new Set(types)];
}

function tooManyModels(nCells: number): GmmError {
  const message = compose`${subject('nComponents')} and ${subject('covarianceTypes')} make ${nCells} models; one call fits at most ${MOST_CELLS}`;
  return new GmmError('INVALID_OPTION', message, { option: 'nComponents' });
}

/** Options of a sweep whose models are all known. */
export interface Sweep extends ResolvedSelectOptions {
  readonly nComponents: readonly number[];
}

/**
 * What a sweep tries, once the rows are known.
 *
 * @param nSamples - rows that count
 * @param nFeatures - columns
 */
export function resolveSweep(options: ResolvedSelectOptions, nSamples: number, nFeatures: number): Sweep {
  const most = Math.min(USUAL_COMPONENTS, nSamples);
  return {
    ...options,
    nComponents: options.nComponents ?? Array.from({ length: most }, (_, i) => i + 1),
    covarianceTypes: distinctTypes(options.covarianceTypes, nFeatures),
  };
}
