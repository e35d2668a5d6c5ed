/** What can be asked of many rows at once: all scores, criteria, and which rows are on the fringe. */

import { computeCriteria } from '../core/criteria.js';
import { LOG_LIKELIHOOD, LOG_MAX_RESPONSIBILITY, TOTAL_WEIGHT } from '../core/statistics.js';
import { describe, GmmError } from '../errors.js';
import { checkOptionNames, resolveNumber } from '../option-checks.js';
import type { ScoreOutputs } from '../parallel/job.js';
import type { Criterion } from '../types.js';
import {
  type Rows,
  SCORING_OPTIONS,
  type ScoringModel,
  type ScoringOptions,
  scoreRows,
} from './score-rows.js';

/** Options of `fringe`. */
export interface FringeOptions extends ScoringOptions {
  /** A row is on the fringe if its two largest probabilities differ by less than this; default 0.5. */
  margin?: number | undefined;
}

/** Options of `scores`. */
export interface ScoresOptions extends ScoringOptions {
  /** Scores of an earlier call over at least as many rows; their arrays are written again, and no new arrays are made. */
  out?: Scores | undefined;
}

/** All scores of n rows, as arrays over shared memory. */
export interface Scores {
  /** (n) index of the most likely component, −1 for noise; ties go to the lowest component. */
  readonly labels: Int32Array;
  /** (n × k) responsibilities, row-major. */
  readonly proba: Float64Array;
  /** (n) the probability of noise; only of models with noise. */
  readonly noise?: Float64Array;
  /** (n) 1 − the largest probability, that of noise included. */
  readonly uncertainty: Float64Array;
  /** (n) log p(x), in nats. */
  readonly logDensity: Float64Array;
}

/** Labels, probabilities, uncertainties and densities, in one pass. */
export async function computeScores(
  model: ScoringModel,
  rows: Rows,
  options: ScoresOptions,
): Promise<Scores> {
  checkOptionNames(options, ['out', ...SCORING_OPTIONS]);
  const { out, ...run } = options;
  const wanted = ['labels', 'responsibilities', 'uncertainty', 'logDensity'] as const;
  const all = model.noise ? ([...wanted, 'noise'] as const) : wanted;
  const { responsibilities, totals, ...outputs } = await scoreRows(model, rows, run, all, resolveOut(out));
  return { ...outputs, proba: responsibilities };
}

/** Mean log-likelihood of the rows, weighted, in nats. */
export async function computeMeanLogLikelihood(
  model: ScoringModel,
  rows: Rows,
  options: ScoringOptions,
): Promise<number> {
  const { totals } = await scoreRows(model, rows, options, []);
  return totals[LOG_LIKELIHOOD] / totals[TOTAL_WEIGHT];
}

/** A criterion of a model on any rows; lower is better. */
export async function computeCriterion(
  model: ScoringModel,
  rows: Rows,
  options: ScoringOptions,
  name: Criterion,
): Promise<number> {
  const { totals } = await scoreRows(model, rows, options, []);
  const logMax = totals[LOG_MAX_RESPONSIBILITY];
  return computeCriteria(totals[LOG_LIKELIHOOD], logMax, model.nParameters, totals[TOTAL_WEIGHT])[name];
}

/** The rows whose two largest probabilities differ by less than the margin, the closest tie first. */
export async function findFringe(
  model: ScoringModel,
  rows: Rows,
  options: FringeOptions,
): Promise<Int32Array> {
  checkOptionNames(options, ['margin', ...SCORING_OPTIONS]);
  const { margin: wanted, ...run } = options;
  const most = resolveNumber('margin', wanted, 0.5);
  return chooseFringe((await scoreRows(model, rows, run, ['margin'])).margin, most);
}

/** Arrays to be written again, by their names in a pass; the pass checks their types. */
function resolveOut(out: unknown): ScoreOutputs | undefined {
  if (out === undefined) return undefined;
  if (typeof out !== 'object' || out === null) {
    throw new GmmError('INVALID_OPTION', `"out" must be what scores returned, got ${describe(out)}`);
  }
  const { labels, proba, noise, uncertainty, logDensity } = out as Partial<Scores>;
  return { labels, responsibilities: proba, noise, uncertainty, logDensity };
}

/**
 * @param margins - (n) the largest probability of each row less the second largest
 * @returns the rows whose margin is below `most`, the closest tie first
 */
function chooseFringe(margins: Float64Array, most: number): Int32Array {
  const indices: number[] = [];
  margins.forEach((value, i) => {
    if (value < most) indices.push(i);
  });
  return Int32Array.from(indices.sort((i, j) => margins[i] - margins[j] || i - j));
}
