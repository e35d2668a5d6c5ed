/** The input of a picture. It is checked once, here; the code below relies on it. */

import { describe, GmmError } from '../../errors.js';
import type { Parameters } from '../../types.js';
import { countOf } from '../chart/counts.js';
import {
  checkNumbers,
  checkObject,
  checkParameters,
  checkText,
  checkTexts,
  PROBABILITIES,
} from './checks.js';

/** A fitted mixture, the rows to show with it, and how to draw them. */
export interface ScatterInput {
  /** The mixture. */
  parameters: Parameters;
  /** (n × d) row-major, finite. */
  rows: Float64Array;
  /** (n × k) row-major: the probabilities of every row, as `predictProba` returns them. */
  responsibilities: Float64Array;
  /** (d) names of the columns; any text; it is never read as markup. */
  columns: readonly string[];
  /** A row is fringe when its two largest responsibilities differ by less than this; 0 to 1, default 0.5. */
  fringeMargin?: number | undefined;
  /** Index of the column to the right; default the first that is not `y`. */
  x?: number | undefined;
  /** Index of the column upwards; default the first that is not `x`. A histogram has none. */
  y?: number | undefined;
  /** Heading; default: the names of what is drawn. */
  title?: string | undefined;
  /** Line below the heading; default: numbers of rows and components, covariance type. */
  subtitle?: string | undefined;
  /** Pixels, 240 to 16,384; default 720. */
  width?: number | undefined;
  /** Pixels, 240 to 16,384; default 540. */
  height?: number | undefined;
}

/** `ScatterInput`, checked, with every default filled in. */
export interface ResolvedInput {
  parameters: Parameters;
  /** n. */
  nSamples: number;
  /** (n × d) row-major. */
  rows: Float64Array;
  /** (n × k) row-major. */
  responsibilities: Float64Array;
  columns: readonly string[];
  fringeMargin: number;
  x: number;
  /** Index of the second column; equal to `x` if there is only one column. */
  y: number;
  title: string | undefined;
  subtitle: string;
  width: number;
  height: number;
}

const MIN_PIXELS = 240;
/** The limit of a PNG as well: few viewers show larger pictures. */
const MAX_PIXELS = 16_384;

/**
 * Checks the input and fills in the defaults.
 *
 * @param input - from the caller
 * @returns the input with its defaults
 * @throws GmmError `INVALID_OPTION` for a wrong option, `INVALID_DATA` for rows and probabilities that do not fit the mixture
 */
export function resolveInput(input: ScatterInput): ResolvedInput {
  checkObject('input', input);
  const { parameters, rows, responsibilities, columns } = input;
  checkParameters(parameters);
  checkNumbers('rows', rows, 'INVALID_DATA');
  checkNumbers('responsibilities', responsibilities, 'INVALID_DATA', PROBABILITIES);
  checkText('title', input.title);
  checkText('subtitle', input.subtitle);
  const { nFeatures: d, nComponents: k } = parameters;
  const nSamples = rows.length / d;
  if (!Number.isInteger(nSamples)) {
    throw new GmmError(
      'INVALID_DATA',
      `"rows" has ${rows.length} values, which is not a multiple of the model's ${d} columns; pass rows with the columns of the model`,
    );
  }
  if (responsibilities.length !== nSamples * k) {
    throw new GmmError(
      'INVALID_DATA',
      `"responsibilities" must have ${nSamples * k} values (${nSamples} rows x ${k} components), ` +
        `got ${responsibilities.length}; pass what predictProba returns for these rows`,
    );
  }
  checkTexts('columns', columns, d);
  const fringeMargin = input.fringeMargin ?? 0.5;
  if (!(typeof fringeMargin === 'number' && fringeMargin >= 0 && fringeMargin <= 1)) {
    throw new GmmError('INVALID_OPTION', `"fringeMargin" must be from 0 to 1, got ${describe(fringeMargin)}`);
  }
  return {
    parameters,
    nSamples,
    rows,
    responsibilities,
    columns,
    fringeMargin,
    x: resolveColumn('x', input.x, d > 1 && input.y === 0 ? 1 : 0, d),
    y: resolveColumn('y', input.y, d > 1 && (input.x ?? 0) === 0 ? 1 : 0, d),
    title: input.title,
    subtitle: input.subtitle ?? describeModel(parameters, nSamples),
    width: resolvePixels('width', input.width, 720),
    height: resolvePixels('height', input.height, 540),
  };
}

function resolveColumn(name: string, value: number | undefined, otherwise: number, d: number): number {
  const column = value ?? otherwise;
  if (!Number.isInteger(column) || column < 0 || column >= d) {
    throw new GmmError(
      'INVALID_OPTION',
      `"${name}" must be the index of a column, 0 to ${d - 1}, got ${describe(column)}`,
    );
  }
  return column;
}

/**
 * @param name - of the option, for the error
 * @param value - from the caller
 * @param otherwise - the default
 * @returns a size in pixels
 * @throws GmmError `INVALID_OPTION` if it is too small or too large
 */
export function resolvePixels(name: string, value: number | undefined, otherwise: number): number {
  const pixels = value ?? otherwise;
  if (!(Number.isFinite(pixels) && pixels >= MIN_PIXELS)) {
    throw new GmmError(
      'INVALID_OPTION',
      `"${name}" must be a number >= ${MIN_PIXELS}, got ${describe(pixels)}`,
    );
  }
  if (pixels > MAX_PIXELS) {
    throw new GmmError('INVALID_OPTION', `"${name}" must be at most ${MAX_PIXELS}, got ${describe(pixels)}`);
  }
  return pixels;
}

function describeModel({ nComponents, covarianceType }: Parameters, nSamples: number): string {
  return `${countOf(nSamples, 'row')}, ${countOf(nComponents, 'component')}, ${covarianceType} covariance`;
}
