/** Scores a caller's rows with a model: makes them a `Dataset`, checks their columns, and runs one pass over them. */

import { type Dataset, type RowSource, resolveDataset } from '../data/dataset.js';
import { compose, describe, GmmError, subject, withArticle } from '../errors.js';
import { runScore } from '../jobs/run-job.js';
import {
  checkOptionNames,
  invalidOption,
  ROWS_OPTIONS,
  RUN_OPTIONS,
  resolveRowsOptions,
  resolveSignal,
} from '../option-checks.js';
import type { ScoreOutputs } from '../parallel/job.js';
import { withPool } from '../parallel/pools.js';
import { allocateShared } from '../rows/shared-rows.js';
import type { Parameters, RowsOptions, RunOptions } from '../types.js';

/** Rows for a model: a `Dataset`, or anything that `Dataset.from` takes. Flat arrays have the model's `nFeatures` columns. */
export type Rows = Dataset | RowSource;

/** Options of every method of a model over rows. */
export interface ScoringOptions extends RunOptions, RowsOptions {}

export const SCORING_OPTIONS: readonly string[] = [...ROWS_OPTIONS, ...RUN_OPTIONS];

/** The outputs asked for, and the totals over all rows, laid out as in core/statistics. */
export type Scored<Name extends keyof ScoreOutputs> = {
  readonly [name in Name]: NonNullable<ScoreOutputs[name]>;
} & { readonly totals: Float64Array };

/** The part of a model by which rows are scored. */
export interface ScoringModel extends Parameters {
  /** (d) names. */
  readonly columns: readonly string[];
  readonly nParameters: number;
}

/**
 * Scores rows in one pass.
 *
 * @param wanted - names of the outputs
 * @param out - arrays of an earlier call; these are written again, and others are allocated
 * @throws GmmError INVALID_DATA, INVALID_OPTION; the signal's reason
 */
export async function scoreRows<Name extends keyof ScoreOutputs>(
  model: ScoringModel,
  rows: Rows,
  options: ScoringOptions,
  wanted: readonly Name[],
  out: ScoreOutputs = {},
): Promise<Scored<Name>> {
  checkOptionNames(options, SCORING_OPTIONS);
  const { nComponents: k, nFeatures: d, columns } = model;
  checkOptions(options, d, columns);
  const signal = resolveSignal(options.signal);
  const data = await resolveDataset(rows, { ...options, signal }, d);
  checkData(data, d, columns);
  const n = data.nSamples;
  const outputs = Object.fromEntries(
    wanted.map((name) => {
      const length = name === 'responsibilities' ? n * k : n;
      const kind: ScoreArray = name === 'labels' ? Int32Array : Float64Array;
      const given: unknown = out[name];
      if (given !== undefined) return [name, firstOf(PUBLIC_NAMES[name] ?? name, given, kind, length)];
      return [name, new kind(allocateShared(kind.BYTES_PER_ELEMENT * length, `the scores of ${n} rows`))];
    }),
  ) as ScoreOutputs;
  const { covarianceType, weights, means, covariances, noise, degreesOfFreedom } = model;
  const gaussian = { covarianceType, nComponents: k, nFeatures: d, weights, means, covariances, noise };
  const parameters = degreesOfFreedom ? { ...gaussian, degreesOfFreedom } : gaussian;
  const totals = await withPool(options, (caller) =>
    runScore(caller, data.sharedRows, parameters, outputs, signal),
  );
  return { ...outputs, totals } as Scored<Name>;
}

/** Public names of outputs, if they differ from the names in a pass. */
const PUBLIC_NAMES: { readonly [name in keyof ScoreOutputs]?: string } = { responsibilities: 'proba' };

/** Whether columns have names other than x0, x1, … Without names nothing is known of their order. */
function areNamed(columns: readonly string[]): boolean {
  return columns.some((name, a) => name !== `x${a}`);
}

/** @throws GmmError INVALID_OPTION if `nFeatures` or `columns` are not the model's */
function checkOptions(options: RowsOptions, d: number, columns: readonly string[]): void {
  const { nFeatures, columns: given } = resolveRowsOptions(options);
  if (nFeatures !== undefined && nFeatures !== d) {
    throw invalidOption('nFeatures', `the model's, ${d}`, nFeatures);
  }
  if (!given) return;
  if (given.length !== d) {
    const message = compose`${subject('columns')} must name the model's ${d} columns, got ${given.length} names`;
    throw new GmmError('INVALID_OPTION', message, { option: 'columns' });
  }
  const differing = areNamed(columns) ? given.findIndex((name, a) => name !== columns[a]) : -1;
  if (differing < 0) return;
  const [there, here] = [columns, given].map((names) => describe(names[differing]));
  const message = compose`${subject('columns')} must be the model's, whose column ${differing} is ${there}, got ${here}`;
  throw new GmmError('INVALID_OPTION', message, { option: 'columns', column: columns[differing] });
}

/** @throws GmmError INVALID_DATA if the rows have another number of columns than the model, or its columns in another order */
function checkData(data: Dataset, d: number, columns: readonly string[]): void {
  if (data.nFeatures !== d) {
    const message = `the rows have ${data.nFeatures} columns, the model ${d}; give it the columns it was fitted on`;
    throw new GmmError('INVALID_DATA', message);
  }
  const differing = columns.findIndex((name, a) => name !== data.columns[a]);
  const isPermuted =
    differing >= 0 && areNamed(data.columns) && columns.every((name) => data.columns.includes(name));
  if (!isPermuted) return;
  const [there, here] = [columns, data.columns].map((names) => describe(names[differing]));
  const message = `the rows have the model's columns in another order: column ${differing} is ${here}, of the model ${there}`;
  throw new GmmError('INVALID_DATA', `${message}; give them in the model's order`, {
    column: columns[differing],
  });
}

/** Constructor of an array of scores. */
type ScoreArray = {
  new (memory: SharedArrayBuffer, byteOffset?: number, length?: number): Float64Array | Int32Array;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
};

/** The first numbers of an array that is written again. All of its memory is used: the array may be a part of it. */
function firstOf(name: string, given: unknown, kind: ScoreArray, length: number): Float64Array | Int32Array {
  if (!(given instanceof kind && given.buffer instanceof SharedArrayBuffer)) {
    const isOther = given instanceof kind ? ' over memory of its own' : '';
    const message = `"out.${name}" must be ${withArticle(kind.name)} over shared memory, as scores returns it, got ${describe(given)}`;
    throw new GmmError('INVALID_OPTION', message + isOther, { option: 'out' });
  }
  const most = Math.floor(given.buffer.byteLength / kind.BYTES_PER_ELEMENT);
  if (most < length) {
    const message = `"out" must be the scores of at least as many rows (${length} numbers), got ${most}`;
    throw new GmmError('INVALID_OPTION', message, { option: 'out' });
  }
  return new kind(given.buffer, 0, length);
}
