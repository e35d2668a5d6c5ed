/**
 * One number a row to draw by: a column, or any other direction. Under xᵢ → uᵀ(xᵢ − o) a Gaussian N(μ, Σ) becomes
 * N(uᵀ(μ − o), uᵀΣu), and two directions u and v have the covariance uᵀΣv (Bishop, PRML (2006), eq. 2.115).
 */

import type { Parameters } from '../types.js';
import { type Covariance2, covarianceAt } from './ellipse.js';
import type { ResolvedInput } from './input.js';

/** A direction in the space of the columns. */
export interface Coordinate {
  name: string;
  /** The columns that are not 0 in u: their indices. */
  columns: Uint32Array;
  /** u at these columns. */
  direction: Float64Array;
  /** o at these columns. */
  origin: Float64Array;
}

/** Two coordinates: to the right and upwards. */
export interface View {
  x: Coordinate;
  y: Coordinate;
}

/**
 * @param input - names of the columns
 * @param column - which one
 * @returns the column as it is
 */
export function createColumn(input: ResolvedInput, column: number): Coordinate {
  return {
    name: input.columns[column],
    columns: Uint32Array.of(column),
    direction: Float64Array.of(1),
    origin: Float64Array.of(0),
  };
}

/**
 * @param input - rows
 * @param indices - rows to take
 * @param coordinate - what to take of them
 * @returns its values, in the order of `indices`
 */
export function takeValues(input: ResolvedInput, indices: Uint32Array, coordinate: Coordinate): Float64Array {
  const d = input.parameters.nFeatures;
  return Float64Array.from(indices, (i) => project(coordinate, input.rows, i * d));
}

/**
 * @param parameters - the mixture
 * @param component - which Gaussian
 * @param coordinate - what to take of its mean
 * @returns uᵀ(μ − o)
 */
export function meanAlong(parameters: Parameters, component: number, coordinate: Coordinate): number {
  return project(coordinate, parameters.means, component * parameters.nFeatures);
}

/**
 * @param parameters - the mixture
 * @param component - which Gaussian
 * @param u - a coordinate
 * @param v - another, or the same
 * @returns uᵀΣv
 */
export function covarianceAlong(
  parameters: Parameters,
  component: number,
  u: Coordinate,
  v: Coordinate,
): number {
  let sum = 0;
  for (let a = 0; a < u.columns.length; a++) {
    for (let b = 0; b < v.columns.length; b++) {
      const covariance = covarianceAt(parameters, component, u.columns[a], v.columns[b]);
      sum += u.direction[a] * v.direction[b] * covariance;
    }
  }
  return sum;
}

/**
 * @param parameters - the mixture
 * @param component - which Gaussian
 * @param view - two coordinates
 * @returns the 2 × 2 covariance of these
 */
export function viewCovariance(parameters: Parameters, component: number, { x, y }: View): Covariance2 {
  return {
    xx: covarianceAlong(parameters, component, x, x),
    xy: covarianceAlong(parameters, component, x, y),
    yy: covarianceAlong(parameters, component, y, y),
  };
}

/** uᵀ(x − o) of the row that begins at `first`. */
function project({ columns, direction, origin }: Coordinate, rows: Float64Array, first: number): number {
  let sum = 0;
  for (let a = 0; a < columns.length; a++) sum += direction[a] * (rows[first + columns[a]] - origin[a]);
  return sum;
}
