/** The cells of a sweep, prepared for the chart of their criterion: their places, and the range of values to show. */

import { COVARIANCE_TYPES } from '../../core/covariance/families.js';
import { findRangeEdge } from '../../core/range-edge.js';
import { describe, GmmError } from '../../errors.js';
import type { CovarianceType, Criterion } from '../../types.js';
import { type Domain, padDomain } from '../chart/axis.js';
import { countOf } from '../chart/counts.js';
import type { CriterionCell } from './cell.js';

/** The cells and the choice among them. */
export interface SweepInput {
  /** Every cell of the sweep, in any order. */
  fits: readonly CriterionCell[];
  criterion: Criterion;
  /** The chosen cell; the model of a `FitResult` has both fields. */
  best: {
    readonly nComponents: number;
    readonly covarianceType: CovarianceType;
    /** Of a cell; a model has `noise`. */
    readonly hasNoise?: boolean | undefined;
    readonly noise?: object | undefined;
  };
}

/** The place of a cell in the chart. */
export interface Place {
  type: CovarianceType;
  /** On the axis to the right: k, or the index of the type if all cells have the same k. */
  at: number;
}

/** A cell with a model. */
export interface Point extends Place {
  value: number;
  converged: boolean;
}

/** A sweep, ready to draw. */
export interface Sweep {
  /** `BIC`. */
  name: string;
  /** Covariance types that were tried. */
  types: CovarianceType[];
  /** Numbers of components that were tried, in rising order. */
  counts: number[];
  /** From left to right. */
  points: Point[];
  /** Cells without a model. */
  missing: Place[];
  chosen: Point;
  /** `tied, 3 components`. */
  chosenName: string;
  /** `1 to 9 components, 4 covariance types`. */
  tried: string;
  /** Says that the chosen number of components is the largest or smallest tried; empty if it is neither. */
  edge: string;
  /** Lowest and highest value drawn. Values above are cut off. */
  low: number;
  high: number;
  /** Writes a value with enough digits to tell the best two apart. */
  format: (value: number) => string;
}

/** The range ends this many times as far above the lowest value as the lowest quarter of the cells does. */
const RANGE_OF_QUARTERS = 5;
/** The whole range is shown if it is longer than that by less than this factor. */
const WORTH_CUTTING = 1.5;

/** @throws GmmError `INVALID_OPTION` if `best` is not a cell with a value */
export function createSweep({ fits: all, criterion, best }: SweepInput): Sweep {
  // Of a sweep with and without noise the kind that was chosen is drawn: one line for each covariance type.
  const hasNoise = best.hasNoise ?? best.noise !== undefined;
  const hasBoth = all.some((cell) => (cell.hasNoise ?? false) !== hasNoise);
  const fits = hasBoth ? all.filter((cell) => (cell.hasNoise ?? false) === hasNoise) : all;
  const input = { fits, criterion, best };
  const types = COVARIANCE_TYPES.filter((type) => fits.some((cell) => cell.covarianceType === type));
  const counts = [...new Set(fits.map((cell) => cell.nComponents))].sort((a, b) => a - b);
  const placeOf = ({ nComponents, covarianceType: type }: SweepInput['best']): Place => ({
    type,
    at: counts.length > 1 ? nComponents : types.indexOf(type),
  });
  const { points, missing, chosen } = sortCells(input, placeOf);
  points.sort((a, b) => a.at - b.at);
  const values = distinctValues(points);
  const digits = values.length > 1 ? Math.ceil(-Math.log10(values[1] - values[0])) : 1;
  const edge = findRangeEdge(fits, best, Number.POSITIVE_INFINITY);
  const [low, high] = computeRange(values, chosen.value);
  return {
    ...{ name: criterion.toUpperCase(), types, counts, points, missing, chosen, low, high },
    chosenName: `${best.covarianceType}, ${countOf(best.nComponents, 'component')}`,
    tried: describeTried(types, counts) + (hasBoth ? `, ${hasNoise ? 'with' : 'without'} noise` : ''),
    edge: edge ? `; the number chosen is the ${edge.side} tried` : '',
    format: (value) => value.toFixed(Math.min(Math.max(digits, 1), 6)).replace('-', '−'),
  };
}

/** Separates the cells with a model from those without. */
function sortCells(
  { fits, criterion, best }: SweepInput,
  placeOf: (cell: SweepInput['best']) => Place,
): Pick<Sweep, 'points' | 'missing' | 'chosen'> {
  const points: Point[] = [];
  const missing: Place[] = [];
  let chosen: Point | undefined;
  for (const cell of fits) {
    const value = cell[criterion];
    if (cell.status === 'failed' || cell.status === 'degenerate' || !Number.isFinite(value)) {
      missing.push(placeOf(cell));
      continue;
    }
    const point = { ...placeOf(cell), value: value as number, converged: cell.status !== 'max-iter' };
    points.push(point);
    if (cell.nComponents === best.nComponents && cell.covarianceType === best.covarianceType) chosen = point;
  }
  if (chosen !== undefined) return { points, missing, chosen };
  throw new GmmError(
    'INVALID_OPTION',
    `"best" must be one of "fits" with a value of ${criterion}, got ${describe(best.covarianceType)} ` +
      `with ${describe(best.nComponents)} components; pass the model that selectModel chose`,
  );
}

function describeTried(types: readonly CovarianceType[], counts: readonly number[]): string {
  const range =
    counts.length > 1 ? `${counts[0]} to ${counts.at(-1)} components` : countOf(counts[0], 'component');
  return `${range}, ${types.length === 1 ? `${types[0]} covariance` : `${types.length} covariance types`}`;
}

/** In rising order. Values that differ by rounding alone count once: two types can be the same model. */
function distinctValues(points: readonly Point[]): number[] {
  const values = points.map(({ value }) => value).sort((a, b) => a - b);
  const least = 1e-6 * (values[values.length - 1] - values[0]);
  return values.filter((value, i) => i === 0 || value - values[i - 1] > least);
}

/**
 * @param values - in rising order
 * @param chosen - a value that must be shown
 * @returns the range from the lowest value as far up as the low values can still be told apart
 */
function computeRange(values: readonly number[], chosen: number): Domain {
  const n = values.length;
  const low = values[0];
  const highest = values[n - 1];
  if (n < 2) return padDomain(low, low, 0);
  // The lowest quarter, but at least three values if that leaves one out.
  const quarter = values[Math.max(1, Math.min(n - 2, Math.max(2, Math.ceil(n / 4))))];
  const cut = Math.max(low + RANGE_OF_QUARTERS * (quarter - low), chosen);
  return [low, highest - low > WORTH_CUTTING * (cut - low) ? cut : highest];
}
