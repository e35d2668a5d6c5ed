/**
 * A coordinate: one number per row, along a column or along any other direction. Under xᵢ → uᵀ(xᵢ − o) a Gaussian N(μ, Σ)
 * becomes N(uᵀ(μ − o), uᵀΣu), and two directions u and v have the covariance uᵀΣv (Bishop, PRML (2006), eq. 2.115).
 */

import type { Parameters } from '../../types.js';
import { toDrawn } from '../chart/drawn-mixture.js';
import { covarianceAt } from '../chart/ellipse.js';
import type { Gaussian2 } from '../chart/gaussian-marks.js';
import type { ResolvedInput } from './input.js';

/** A direction in the space of the columns. */
export interface Coordinate {
  name: string;
  /** Indices of the columns in which u is not 0. */
  columns: Uint32Array;
  /** u at these columns. */
  direction: Float64Array;
  /** o at these columns. */
  origin: Float64Array;
}

/** The coordinates of a scatter plot: to the right and upwards. */
export interface View {
  x: Coordinate;
  y: Coordinate;
}

/**
 * @param input - names of the columns
 * @param column - index of a column
 * @returns the column as a coordinate
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
 * @param indices - of the rows to take
 * @param coordinate - along which to take them
 * @returns their values, in the order of `indices`
 */
export function takeValues(input: ResolvedInput, indices: Uint32Array, coordinate: Coordinate): Float64Array {
  const d = input.parameters.nFeatures;
  return Float64Array.from(indices, (i) => project(coordinate, input.rows, i * d));
}

/** @returns uᵀ(μ − o) of a component */
export function meanAlong(parameters: Parameters, component: number, coordinate: Coordinate): number {
  return project(coordinate, parameters.means, component * parameters.nFeatures);
}

/** @returns uᵀΣv of a component */
export function covarianceAlong(
  parameters: Parameters,
  component: number,
  u: Coordinate,
  v: Coordinate,
): number {
  const drawn = toDrawn(parameters);
  let sum = 0;
  for (let a = 0; a < u.columns.length; a++) {
    for (let b = 0; b < v.columns.length; b++) {
      const covariance = covarianceAt(drawn, component, u.columns[a], v.columns[b]);
      sum += u.direction[a] * v.direction[b] * covariance;
    }
  }
  return sum;
}

/** @returns the component over two coordinates */
export function gaussianOver(parameters: Parameters, component: number, { x, y }: View): Gaussian2 {
  return {
    x: meanAlong(parameters, component, x),
    y: meanAlong(parameters, component, y),
    covariance: {
      xx: covarianceAlong(parameters, component, x, x),
      xy: covarianceAlong(parameters, component, x, y),
      yy: covarianceAlong(parameters, component, y, y),
    },
    degrees: parameters.degreesOfFreedom?.[component],
  };
}

/** uᵀ(x − o) of the row that begins at `first`. */
function project({ columns, direction, origin }: Coordinate, rows: Float64Array, first: number): number {
  let sum = 0;
  for (let a = 0; a < columns.length; a++) sum += direction[a] * (rows[first + columns[a]] - origin[a]);
  return sum;
}
