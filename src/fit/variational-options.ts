/** The options of a variational fit: what can be checked without the rows, and the prior once they are known. */

import { computeFactors } from '../core/covariance/factors.js';
import { formOf } from '../core/covariance/families.js';
import type { Form } from '../core/covariance/form.js';
import type { ModelShape } from '../core/parameters.js';
import type { VariationalPrior } from '../em/variational/prior.js';
import { compose, describe, GmmError, mention, setting, subject } from '../errors.js';
import { MOST_COVARIANCES } from '../limits.js';
import { isNumberArray } from '../model/flatten.js';
import { invalidOption, resolveFlag, resolveNumber, resolveOneOf } from '../option-checks.js';
import type { FitMethod } from '../results.js';
import { countingRows } from '../rows/shared-rows.js';
import type { FitOptions, VariationalOption, WeightPrior } from '../types.js';
import type { PreparedData } from './prepared-data.js';

/** Options of a variational fit, checked as far as possible without the rows. Plain data; undefined where the rows decide. */
export interface VariationalSettings {
  readonly weightPrior: WeightPrior;
  readonly concentration: number;
  readonly meanPrecision: number;
  readonly meanPrior: readonly number[] | undefined;
  readonly degreesOfFreedomPrior: number | undefined;
  readonly covariancePrior: readonly number[] | undefined;
  readonly dropEmpty: boolean;
}

export const VARIATIONAL_OPTIONS: readonly VariationalOption[] = [
  'weightPrior',
  'concentration',
  'meanPrecision',
  'meanPrior',
  'degreesOfFreedomPrior',
  'covariancePrior',
  'dropEmpty',
];

const METHODS: readonly FitMethod[] = ['em', 'variational'];
const WEIGHT_PRIORS: readonly WeightPrior[] = ['dirichlet-process', 'dirichlet'];

/**
 * @returns undefined for EM
 * @throws GmmError INVALID_OPTION
 */
export function resolveVariational(options: FitOptions): VariationalSettings | undefined {
  if (resolveOneOf('method', options.method, METHODS, 'em') === 'em') {
    const given = VARIATIONAL_OPTIONS.find((name) => options[name] !== undefined);
    if (given === undefined) return undefined;
    const message = compose`${subject(given)} needs ${setting('method', 'variational')}`;
    throw new GmmError('INVALID_OPTION', message, { option: given });
  }
  checkCombination(options);
  const { nComponents, degreesOfFreedomPrior, meanPrior, covariancePrior } = options;
  return {
    weightPrior: resolveOneOf('weightPrior', options.weightPrior, WEIGHT_PRIORS, 'dirichlet-process'),
    concentration: resolvePositive('concentration', options.concentration, 1 / nComponents),
    meanPrecision: resolvePositive('meanPrecision', options.meanPrecision, 1),
    meanPrior: meanPrior === undefined ? undefined : readNumbers('meanPrior', meanPrior),
    degreesOfFreedomPrior:
      degreesOfFreedomPrior === undefined
        ? undefined
        : resolvePositive('degreesOfFreedomPrior', degreesOfFreedomPrior, 1),
    covariancePrior:
      covariancePrior === undefined ? undefined : readNumbers('covariancePrior', covariancePrior),
    dropEmpty: resolveFlag('dropEmpty', options.dropEmpty),
  };
}

/** @throws GmmError INVALID_OPTION if a sweep is to be variational */
export function checkNotVariational(options: unknown): void {
  const given = Object(options) as Partial<Record<'method' | VariationalOption, unknown>>;
  const named = (['method', ...VARIATIONAL_OPTIONS] as const).find((name) => given[name] !== undefined);
  if (named === undefined || (named === 'method' && given.method === 'em')) return;
  const message = compose`${subject(named)} is an option of "fit"; a variational fit needs no sweep, as it leaves the components empty that it does not need`;
  throw new GmmError('INVALID_OPTION', message, { option: named });
}

/** @throws GmmError INVALID_OPTION if an option would be without effect */
function checkCombination(options: FitOptions): void {
  const { equalWeights, regCovar, covarianceFloor, prior, noise, components, search, convergence } = options;
  const instead = compose`set ${mention('covariancePrior')}, which keeps covariances from collapse`;
  const refused = [
    ['equalWeights', equalWeights === true, equalWeights, 'the weights have a prior'],
    ['regCovar', regCovar !== undefined && regCovar !== 0, regCovar, instead],
    ['covarianceFloor', covarianceFloor !== undefined, covarianceFloor, instead],
    [
      'prior',
      typeof prior === 'object',
      prior,
      compose`set ${mention('meanPrior')} and ${mention('covariancePrior')}`,
    ],
    ['noise', noise !== undefined && noise !== false, noise, 'leave it out'],
    ['components', components === 't', components, "use 'gaussian'"],
    ['search', search === 'thorough', search, compose`raise ${mention('nInit')}`],
    ['convergence', convergence === 'responsibilities', convergence, "use 'aitken' or 'change'"],
  ] as const;
  const found = refused.find(([, isRefused]) => isRefused);
  if (!found) return;
  const [name, , value, remedy] = found;
  const message = compose`${subject(name)} cannot be ${describe(value)} with ${setting('method', 'variational')}; ${remedy}`;
  throw new GmmError('INVALID_OPTION', message, { option: name });
}

function resolvePositive(name: string, value: unknown, byDefault: number): number {
  const number = resolveNumber(name, value, byDefault);
  if (number > 0) return number;
  throw invalidOption(name, 'a finite number > 0', value);
}

/** A number, or numbers nested or flat, as a flat array. */
function readNumbers(name: string, value: unknown): readonly number[] {
  const out: number[] = [];
  const read = (part: unknown, depth: number): void => {
    if (typeof part === 'number' && Number.isFinite(part) && out.length < MOST_COVARIANCES) out.push(part);
    else if (isNumberArray(part) && depth < 2 && part.length <= MOST_COVARIANCES) {
      for (let i = 0; i < part.length; i++) read(part[i], depth + 1);
    } else throw invalidOption(name, 'finite numbers', part);
  };
  read(value, 0);
  return out;
}

/**
 * The prior of a fit.
 *
 * @throws GmmError INVALID_OPTION for values that do not fit the rows; DEGENERATE if the data's covariance is singular and is to
 *   be the prior
 */
export function createVariationalPrior(
  settings: VariationalSettings,
  shape: ModelShape,
  data: PreparedData,
): VariationalPrior {
  const { weightPrior, concentration, meanPrecision, meanPrior, degreesOfFreedomPrior } = settings;
  const { nFeatures: d } = shape;
  if (meanPrior && meanPrior.length !== d)
    throw invalidOption('meanPrior', `${d} numbers, one for each column`, meanPrior);
  if (degreesOfFreedomPrior !== undefined && degreesOfFreedomPrior <= d - 1)
    throw invalidOption('degreesOfFreedomPrior', `> ${d - 1} for ${d} columns`, degreesOfFreedomPrior);
  const form = formOf(shape.covarianceType);
  return {
    ...{ weightPrior, concentration, meanPrecision },
    mean: meanPrior ? Float64Array.from(meanPrior) : data.moments.mean,
    degreesOfFreedom: degreesOfFreedomPrior ?? d,
    covariance: settings.covariancePrior
      ? checkCovariance(settings.covariancePrior, form, d)
      : covarianceOfData(form, shape, data),
  };
}

/** Asymmetry, relative to the variances, that counts as the caller's rounding. */
const SYMMETRY_TOLERANCE = 1e-9;

function checkCovariance(numbers: readonly number[], form: Form, d: number): Float64Array {
  const size = form.covarianceSize(d);
  const covariance = Float64Array.from(numbers);
  if (covariance.length !== size) {
    const wanted = form.isDense ? `a ${d} × ${d} matrix` : size === 1 ? 'one number' : `${d} numbers`;
    throw invalidOption('covariancePrior', wanted, numbers);
  }
  if (form.isDense) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < a; b++) {
        const [lower, upper] = [covariance[a * d + b], covariance[b * d + a]];
        const scale = Math.sqrt(Math.abs(covariance[a * d + a] * covariance[b * d + b]));
        if (Math.abs(lower - upper) > SYMMETRY_TOLERANCE * scale)
          throw invalidOption('covariancePrior', 'symmetric', numbers);
        covariance[a * d + b] = covariance[b * d + a] = (lower + upper) / 2;
      }
    }
  }
  if (computeFactors(form, covariance, d).singular === undefined) return covariance;
  const wanted = form.isDense ? 'a positive definite matrix' : size === 1 ? '> 0' : 'numbers > 0';
  throw invalidOption('covariancePrior', wanted, numbers);
}

/** The unbiased covariance of the data. Weights count as numbers of rows; of few rows in all at most half of them is taken off. */
function covarianceOfData(
  form: Form,
  { covarianceType, nFeatures: d }: ModelShape,
  { rows, columns, moments }: PreparedData,
): Float64Array {
  const { totalWeight, covariance } = moments;
  const factor = totalWeight / Math.max(totalWeight - 1, totalWeight / 2);
  const prior = form.fromMatrix(covariance, d).map((value) => value * factor);
  const isRankLow = form.isDense && countingRows(rows) <= d;
  if (!isRankLow && computeFactors(form, prior, d).singular === undefined) return prior;
  const constant = columns.findIndex((_, a) => covariance[a * d + a] === 0);
  const what =
    constant >= 0 && form.name !== 'spherical'
      ? `column ${describe(columns[constant])} is constant`
      : isRankLow && d > 1
        ? `there are no more rows than columns (${countingRows(rows)} and ${d})`
        : form.isDense && d > 1
          ? 'a column is a combination of others'
          : 'all rows are equal';
  const remedy = form.isDense && d > 1 && constant < 0 ? ", use 'diag' covariances" : '';
  const message = compose`the data's covariance cannot be the prior of '${covarianceType}' covariances: ${what}; leave out columns${remedy} or set ${mention('covariancePrior')}`;
  throw new GmmError('DEGENERATE', message, { column: constant >= 0 ? columns[constant] : undefined });
}
