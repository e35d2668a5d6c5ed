/**
 * What a component collapsed onto, for a person: few rows, a value that a column has in many rows, or columns that determine each other
 * in many rows.
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { computeCholesky, computeWhitening, matrixAt } from '../core/cholesky.js';
import { familyOf } from '../core/covariance/families.js';
import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import { describe } from '../errors.js';
import { findGroup, type Group, scatterOf } from './collapsed-rows.js';
import type { PreparedData } from './prepared-data.js';

/** What was found; `columns` are to blame, and empty where single rows are. */
export interface CollapseCause {
  /** `"rain" is 0 in 838 of 1461 rows` */
  readonly text: string;
  readonly columns: readonly string[];
}

/** With more columns the eigenvalues of one matrix take seconds. */
const MOST_COLUMNS = 200;

/** Relative variances so many times the default floor are those of a collapse. */
const NARROW = 1e-5;

/** Columns that move a direction by less than this part of the largest are not named, and more than three are not either. */
const LEAST_LOADING = 0.05;
const MOST_NAMES = 3;

/** A sum of columns says it all if it varies less than this part of the columns; below rounding it does not vary. */
const PLAIN = 0.01;
const ROUNDING = 1e-9;

/** Most rows whose indices are listed. */
const MOST_ROWS = 5;

/**
 * @param parameters - where the run ended; positive definite
 * @param component - that collapsed
 * @returns undefined where nothing stands out
 */
export function findCause(
  data: PreparedData,
  parameters: Parameters,
  component: number,
): CollapseCause | undefined {
  const d = parameters.nFeatures;
  if (d > MOST_COLUMNS) return undefined;
  const { form } = familyOf(parameters.covarianceType);
  const group = findGroup(data, parameters, form.isShared ? undefined : component);
  const { members, nSamples, isWhole } = group;
  if (members.length <= (form.isDense && !form.isShared ? d + 1 : 1)) {
    if (members.length === 0 || !isWhole) return undefined;
    const listed = members.length <= MOST_ROWS ? ` (${members.join(', ')})` : '';
    const rows = `${members.length} ${members.length === 1 ? 'row' : 'rows'}${listed}`;
    return { text: `a component shrank onto ${rows} of ${nSamples}`, columns: [] };
  }
  const scatter = scatterOf(group);
  const { reference, columns } = data;
  return (
    findValues(group, scatter, reference, columns) ??
    (form.isDense && d > 1 ? findDirection(group, scatter, reference, columns) : undefined)
  );
}

/** Columns that vary hardly at all within the component. */
function findValues(
  group: Group,
  scatter: Float64Array,
  { covariance }: Moments,
  columns: readonly string[],
): CollapseCause | undefined {
  const { rows, d, isShared, members } = group;
  const narrow = columns.flatMap((_, a) => (scatter[a * d + a] <= NARROW * covariance[a * d + a] ? [a] : []));
  if (narrow.length === 0) return undefined;
  const values = narrow.map((a) => {
    const value = findMode(Float64Array.from(members, (row) => rows[row * d + a]));
    const isExact = members.filter((row) => rows[row * d + a] === value).length >= members.length / 2;
    return { a, value, isExact, reach: isExact ? 0 : 3 * Math.sqrt(scatter[a * d + a]) };
  });
  const isAlike = (row: number) =>
    values.every(({ a, value, reach }) => Math.abs(rows[row * d + a] - value) <= reach);
  const alike = countWhere(group, countRows(group, isAlike));
  const names = narrow.map((a) => columns[a]);
  if (narrow.length === d && d > MOST_NAMES) return { text: `${alike} are alike`, columns: [] };
  // Of a covariance for all components each has a value of its own.
  if (isShared) return { text: `${list(names)} hardly varies within the components`, columns: names };
  const parts = values
    .slice(0, MOST_NAMES)
    .map(({ a, value, isExact }) => `${describe(columns[a])} is ${isExact ? '' : 'about '}${shorten(value)}`);
  return { text: `${parts.join(' and ')} in ${alike}`, columns: names };
}

/** The most frequent value, the least of several. */
function findMode(values: Float64Array): number {
  const sorted = values.toSorted();
  let [mode, most, first] = [sorted[0], 0, 0];
  for (let i = 0; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[first]) continue;
    if (i - first > most) [mode, most] = [sorted[first], i - first];
    first = i;
  }
  return mode;
}

function countRows({ rows, d }: Group, isWanted: (row: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < rows.length / d; row++) if (isWanted(row)) count++;
  return count;
}

/** `838 of 1461 rows`; of a sample `about 57 % of the rows` */
function countWhere({ nSamples, isWhole, rows, d }: Group, count: number): string {
  if (isWhole) return `${count} of ${nSamples} rows`;
  return `about ${Number(((100 * count * d) / rows.length).toPrecision(2))} % of the rows`;
}

/** Columns that determine each other within the component: those with the largest loadings in its narrowest direction. */
function findDirection(
  group: Group,
  scatter: Float64Array,
  { covariance }: Moments,
  columns: readonly string[],
): CollapseCause | undefined {
  const { rows, d, isShared, members, deviations } = group;
  const scales = columns.map((_, a) => Math.sqrt(covariance[a * d + a]));
  const direction = narrowestDirection(scatter, covariance, scales);
  if (!direction) return undefined;
  const loadings = direction.map((value, a) => Math.abs(value) * scales[a]);
  const order = Array.from(loadings.keys()).sort((a, b) => loadings[b] - loadings[a]);
  const heavy = order.filter((a) => loadings[a] >= LEAST_LOADING * loadings[order[0]]);
  const named = heavy.slice(0, MOST_NAMES).sort((a, b) => a - b);
  const names = named.map((a) => columns[a]);
  const coefficients = named.map((a) => Number((direction[a] / direction[named[0]]).toPrecision(3)));
  const sumOf = (values: Float64Array, row: number) =>
    named.reduce((sum, a, i) => sum + coefficients[i] * values[row * d + a], 0);
  const meanOf = (termOf: (i: number) => number) =>
    members.reduce((sum, _, i) => sum + termOf(i), 0) / members.length;
  const spread = Math.sqrt(meanOf((i) => sumOf(deviations, i) ** 2));
  const terms = named.map((a, i) => Math.abs(coefficients[i]) * Math.sqrt(scatter[a * d + a]));
  if (heavy.length > MOST_NAMES || spread > PLAIN * Math.max(...terms)) {
    const others = heavy.length > MOST_NAMES ? ', with others,' : '';
    const where = countWhere(group, members.length);
    return { text: `${list(names)}${others} nearly determine each other in ${where}`, columns: names };
  }
  const sum = formatSum(names, coefficients);
  if (isShared) return { text: `${sum} hardly varies within the components`, columns: names };
  const value = meanOf((i) => sumOf(rows, members[i]));
  const distanceOf = (row: number) => Math.abs(sumOf(rows, row) - value);
  const reach = members.reduce((most, row) => Math.max(most, distanceOf(row)), 0);
  const where = countWhere(
    group,
    countRows(group, (row) => distanceOf(row) <= reach),
  );
  const isExact = spread <= ROUNDING * Math.max(...terms);
  const shown = Math.abs(value) <= ROUNDING * Math.max(...terms) ? 0 : shorten(value);
  return { text: `${sum} is ${isExact ? '' : 'about '}${shown} in ${where}`, columns: names };
}

/**
 * The eigenvector of the smallest eigenvalue of L⁻¹ C L⁻ᵀ, S = L Lᵀ, in the units of the columns.
 *
 * @param scatter - in: (d × d) C
 * @param covariance - in: (d × d) S
 * @param scales - in: (d) standard deviations
 * @returns (d); undefined if no direction is narrow
 */
function narrowestDirection(
  scatter: Float64Array,
  covariance: Float64Array,
  scales: readonly number[],
): number[] | undefined {
  const d = scales.length;
  // Columns that determine each other in all rows have no factor: then their own scales serve.
  const factor = computeCholesky(covariance, 0, d);
  const whitening = factor && computeWhitening(factor, d);
  const inverse = new Matrix(d, d);
  for (let a = 0, at = 0; a < d; a++) {
    for (let b = 0; b <= a; b++, at++) inverse.set(a, b, whitening?.[at] ?? (a === b ? 1 / scales[a] : 0));
  }
  const relative = inverse.mmul(matrixAt(scatter, 0, d)).mmul(inverse.transpose());
  if (!relative.to1DArray().every(Number.isFinite)) return undefined;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(relative, {
    assumeSymmetric: true,
  });
  const least = realEigenvalues.indexOf(Math.min(...realEigenvalues));
  if (!(realEigenvalues[least] <= NARROW)) return undefined;
  return inverse
    .transpose()
    .mmul(eigenvectorMatrix.subMatrix(0, d - 1, least, least))
    .to1DArray();
}

/** `"a", "b" and "c"` */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(describe);
  return shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `"a" − 2 "b"` */
function formatSum(names: readonly string[], coefficients: readonly number[]): string {
  return names
    .map((name, i) => {
      const [size, sign] = [Math.abs(coefficients[i]), coefficients[i] < 0 ? ' − ' : ' + '];
      return `${i === 0 ? '' : sign}${size === 1 ? '' : `${size} `}${describe(name)}`;
    })
    .join('');
}

function shorten(value: number): number {
  return Number(value.toPrecision(6));
}
