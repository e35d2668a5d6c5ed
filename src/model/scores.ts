/** What can be asked of many rows at once: options and records, and which rows are on the fringe. */

import { describe, GmmError } from '../errors.js';
import type { ScoreOutputs } from '../parallel/job.js';
import type { ScoringOptions } from './score-rows.js';

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

/** Arrays to be written again, by their names in a pass; the pass checks their types. */
export function resolveOut(out: unknown): ScoreOutputs | undefined {
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
export function chooseFringe(margins: Float64Array, most: number): Int32Array {
  const indices: number[] = [];
  margins.forEach((value, i) => {
    if (value < most) indices.push(i);
  });
  return Int32Array.from(indices.sort((i, j) => margins[i] - margins[j] || i - j));
}
