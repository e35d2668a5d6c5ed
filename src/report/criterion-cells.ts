/** The cells of a sweep as a chart of their criterion sees them: where each stands, and how far up to look. */

import { COVARIANCE_TYPES } from '../core/covariance-type.js';
import { describe, GmmError } from '../errors.js';
import type { CovarianceType, Criterion, FitStatus } from '../types.js';
import { checkCount, checkObject, checkText, checkType } from './checks.js';
import { plural } from './input.js';
import { findRangeEdge } from './sweep-findings.js';
import { padDomain } from './ticks.js';

/** A cell of a sweep, as in the `fits` of what `selectModel` gives. */
export interface CriterionCell {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly status: FitStatus | 'failed';
  /** Absent, as the two below, where there is no model. */
  readonly bic?: number | undefined;
  readonly aic?: number | undefined;
  readonly icl?: number | undefined;
}

/** A sweep to draw. */
export interface CriterionInput {
  /** Every cell of the sweep, in any order. */
  fits: readonly CriterionCell[];
  criterion: Criterion;
  /** The chosen cell; the model of a `FitResult` has both. */
  best: { readonly nComponents: number; readonly covarianceType: CovarianceType };
  /** Heading; default: what was chosen by. */
  title?: string | undefined;
  /** Line below the heading; default: what was tried. */
  subtitle?: string | undefined;
  /** Pixels, 240 to 16,384; default 720. */
  width?: number | undefined;
  /** Pixels, 240 to 16,384; default 440. */
  height?: number | undefined;
}

/** A cell, where the chart has it. */
export interface Place {
  type: CovarianceType;
  /** On the axis to the right: k, or the type's index where all cells have the same k. */
  at: number;
}

/** A cell with a model. */
export interface Point extends Place {
  value: number;
  converged: boolean;
}

/** The cells, sorted into those with and without a model. */
export interface Sweep {
  /** `bic`, but as people write it. */
  name: string;
  /** Covariance types that were tried. */
  types: CovarianceType[];
  /** Numbers of components that were tried, upwards. */
  counts: number[];
  /** From left to right. */
  points: Point[];
  missing: Place[];
  chosen: Point;
  /** The chosen model in words. */
  chosenName: string;
  /** What was tried, in words. */
  tried: string;
  /** Whether the chosen number of components is the largest or smallest tried, in words; empty if it is neither. */
  edge: string;
  /** Lowest and highest value drawn; what lies above is cut off. */
  low: number;
  high: number;
  /** Writes a value with as many digits as tell the best two apart. */
  format: (value: number) => string;
}

/** The range ends this many times as far above the lowest value as the lowest quarter of the cells does. */
const RANGE_OF_QUARTERS = 5;
/** A range longer than that by less than this factor is shown whole. */
const WORTH_CUTTING = 1.5;

const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];

/** @throws GmmError `INVALID_OPTION` for what is no sweep */
export function checkSweep(input: unknown): asserts input is CriterionInput {
  checkObject('input', input);
  const { fits, criterion, best } = input;
  if (!CRITERIA.includes(criterion as Criterion)) {
    throw new GmmError('INVALID_OPTION', `"criterion" must be bic, aic or icl, got ${describe(criterion)}`);
  }
  if (!Array.isArray(fits) || fits.length === 0) {
    throw new GmmError('INVALID_OPTION', `"fits" must be the cells of a sweep, got ${describe(fits)}`);
  }
  for (let i = 0; i < fits.length; i++) {
    const cell: unknown = fits[i];
    checkObject(`fits[${i}]`, cell);
    checkCount(`fits[${i}].nComponents`, cell.nComponents);
    checkType(`fits[${i}].covarianceType`, cell.covarianceType);
    const value = cell[criterion as Criterion];
    if (value === undefined || value === null || typeof value === 'number') continue;
    throw new GmmError(
      'INVALID_OPTION',
      `"fits[${i}].${criterion}" must be a number, got ${describe(value)}`,
    );
  }
  checkObject('best', best);
  checkText('title', input.title);
  checkText('subtitle', input.subtitle);
}

/** @throws GmmError `INVALID_OPTION` for a choice that is no cell with a value */
export function createSweep({ fits, criterion, best }: CriterionInput): Sweep {
  const types = COVARIANCE_TYPES.filter((type) => fits.some((cell) => cell.covarianceType === type));
  const counts = [...new Set(fits.map((cell) => cell.nComponents))].sort((a, b) => a - b);
  const placeOf = ({ nComponents, covarianceType: type }: CriterionInput['best']): Place => ({
    type,
    at: counts.length > 1 ? nComponents : types.indexOf(type),
  });
  const points: Point[] = [];
  const missing: Place[] = [];
  let chosen: Point | undefined;
  for (const cell of fits) {
    const value = cell[criterion];
    if (cell.status === 'failed' || cell.status === 'degenerate' || !Number.isFinite(value)) {
      missing.push(placeOf(cell));
      continue;
    }
    const point = { ...placeOf(cell), value: value as number, converged: cell.status === 'converged' };
    points.push(point);
    if (cell.nComponents === best.nComponents && cell.covarianceType === best.covarianceType) chosen = point;
  }
  if (chosen === undefined) {
    throw new GmmError(
      'INVALID_OPTION',
      `"best" must be one of "fits" with a value of ${criterion}, got ${describe(best.covarianceType)} ` +
        `with ${describe(best.nComponents)} components; pass the model that selectModel chose`,
    );
  }
  const edge = findRangeEdge(fits, best, Number.POSITIVE_INFINITY);
  points.sort((a, b) => a.at - b.at);
  const values = distinctValues(points);
  const digits = values.length > 1 ? Math.ceil(-Math.log10(values[1] - values[0])) : 1;
  const nTypes = types.length === 1 ? `${types[0]} covariance` : `${types.length} covariance types`;
  const nComponents =
    counts.length > 1
      ? `${counts[0]} to ${counts[counts.length - 1]} components`
      : plural(counts[0], 'component');
  return {
    name: criterion.toUpperCase(),
    types,
    counts,
    points,
    missing,
    chosen,
    chosenName: `${best.covarianceType}, ${plural(best.nComponents, 'component')}`,
    tried: `${nComponents}, ${nTypes}`,
    edge: edge ? `; the number chosen is the ${edge.side} tried` : '',
    ...computeRange(values, chosen.value),
    format: (value) => value.toFixed(Math.min(Math.max(digits, 1), 6)).replace('-', '−'),
  };
}

/** Upwards, without those that differ by rounding alone, as of two types that are the same model. */
function distinctValues(points: Point[]): number[] {
  const values = points.map(({ value }) => value).sort((a, b) => a - b);
  const least = 1e-6 * (values[values.length - 1] - values[0]);
  return values.filter((value, i) => i === 0 || value - values[i - 1] > least);
}

/** Of the values, upwards, those to show: from the lowest, as far up as tells the low ones apart. */
function computeRange(values: number[], chosen: number): { low: number; high: number } {
  const n = values.length;
  const low = values[0];
  const highest = values[n - 1];
  if (n < 2) {
    const [below, above] = padDomain(low, low, 0);
    return { low: below, high: above };
  }
  // The lowest quarter, but three values where that leaves one out.
  const quarter = values[Math.max(1, Math.min(n - 2, Math.max(2, Math.ceil(n / 4))))];
  const cut = Math.max(low + RANGE_OF_QUARTERS * (quarter - low), chosen);
  return { low, high: highest - low > WORTH_CUTTING * (cut - low) ? cut : highest };
}
