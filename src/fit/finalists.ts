/**
 * Which of several runs on the same rows go on: the best of those that are on their way to different optima, and not so far
 * behind that it is more than chance.
 */

import { computeHalfway } from '../core/halfway.js';
import type { Moments } from '../core/moments.js';
import type { LedRun } from '../jobs/lead.js';
import type { SharedRows } from '../rows/shared-rows.js';
import type { Parameters } from '../types.js';

/** A run and the start it came from. */
export interface StartedRun {
  readonly start: number;
  readonly run: LedRun;
  /** Rows it was run on: a sample, or all. */
  readonly rows: SharedRows;
  /** Whether it ran to the end on all rows, and may win. */
  readonly isFinal: boolean;
}

/** How finalists are chosen. */
export interface FinalistRules {
  readonly most: number;
  /**
   * A run is left behind where its log-likelihood is by so many standard errors of the difference below the best one's: with
   * other rows of the same kind it would be, too. (Vuong, Econometrica 57, 1989.)
   */
  readonly standardErrors: number;
}

/** Log-likelihoods a row that differ by less are of one and the same optimum. */
const SAME_OPTIMUM = 5e-5;

export function isAdmissible({ run }: StartedRun): boolean {
  return run.status !== 'degenerate';
}

/** The best first: admissible before degenerate, then by log-likelihood; ties go to the earlier start. */
export function bestOf(runs: readonly StartedRun[]): StartedRun[] {
  return [...runs].sort(
    (a, b) =>
      Number(isAdmissible(b)) - Number(isAdmissible(a)) ||
      b.run.logLikelihood - a.run.logLikelihood ||
      a.start - b.start,
  );
}

/**
 * @param runs - all on `rows`, one of them admissible
 * @param moments - of `rows`
 * @param logDensitiesOf - (n) log p(x) of `rows`, in nats
 * @returns the best first
 */
export async function chooseFinalists(
  runs: readonly StartedRun[],
  rows: SharedRows,
  moments: Moments,
  { most, standardErrors }: FinalistRules,
  logDensitiesOf: (parameters: Parameters) => Promise<Float64Array>,
): Promise<StartedRun[]> {
  const [best, ...others] = bestOf(runs).filter(isAdmissible);
  const d = rows.nFeatures;
  const scales = moments.mean.map((_, a) => Math.sqrt(moments.covariance[a * d + a]) || 1);
  /** There is no valley between two points of one hill: half-way it is no lower than on average of the two. */
  const areOnOneHill = async (one: LedRun, other: LedRun): Promise<boolean> => {
    const halfway = await logDensitiesOf(computeHalfway(one.parameters, other.parameters, scales));
    const { sum } = sumWeighted(rows, (i) => halfway[i]);
    return sum >= (one.logLikelihood + other.logLikelihood) / 2;
  };
  const chosen = [best];
  let bestDensities: Float64Array | undefined;
  for (const one of others) {
    if (chosen.length === most) break;
    const isSame = ({ run }: StartedRun) =>
      Math.abs(run.logLikelihood - one.run.logLikelihood) <= SAME_OPTIMUM * moments.totalWeight;
    if (chosen.some(isSame)) continue;
    if (standardErrors < Number.POSITIVE_INFINITY) {
      bestDensities ??= await logDensitiesOf(best.run.parameters);
      const of = bestDensities;
      const densities = await logDensitiesOf(one.run.parameters);
      const { sum, standardError } = sumWeighted(rows, (i) => of[i] - densities[i]);
      if (sum > standardErrors * standardError) continue;
    }
    const onOneHill = await Promise.all(chosen.map((other) => areOnOneHill(other.run, one.run)));
    if (!onOneHill.includes(true)) chosen.push(one);
  }
  return chosen;
}

/** Σ w y over the rows, and how far it would be another with other rows of the same kind: √Σ w² (y − ȳ)². */
function sumWeighted(
  { nSamples, sampleWeight }: SharedRows,
  value: (row: number) => number,
): { sum: number; standardError: number } {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < nSamples; i++) {
    const weight = sampleWeight ? sampleWeight[i] : 1;
    sum += weight * value(i);
    total += weight;
  }
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < nSamples; i++) {
    const weight = sampleWeight ? sampleWeight[i] : 1;
    squares += (weight * (value(i) - mean)) ** 2;
  }
  return { sum, standardError: Math.sqrt(squares) };
}
