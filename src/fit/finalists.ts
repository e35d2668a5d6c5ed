/**
 * Which of several runs on the same rows go on: the best run of each basin of attraction, unless it is behind the best of all by more
 * than chance explains.
 */

import { computeHalfway } from '../core/halfway.js';
import type { Moments } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import type { EmRun } from '../em/run.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** A run and the start it came from. */
export interface StartedRun {
  readonly start: number;
  readonly run: EmRun;
  /** The rows of the run: a sample, or all rows. */
  readonly rows: SharedRows;
  /** Whether it ran to the end on all rows, and may win. */
  readonly isFinal: boolean;
}

/** How finalists are chosen. */
export interface FinalistRules {
  readonly most: number;
  /**
   * A run is left behind where its log-likelihood is below the best by so many standard errors of the difference: on other rows of the
   * same kind it would be below, too. (Vuong, Econometrica 57, 1989.)
   */
  readonly standardErrors: number;
}

/** Runs whose objectives for each row differ by less are at the same optimum. */
const SAME_OPTIMUM = 5e-5;

export function isAdmissible({ run }: StartedRun): boolean {
  return run.status !== 'degenerate';
}

/** The best first: admissible before degenerate, then by objective; ties go to the earlier start. */
export function bestOf(runs: readonly StartedRun[]): StartedRun[] {
  return [...runs].sort(
    (a, b) =>
      Number(isAdmissible(b)) - Number(isAdmissible(a)) ||
      b.run.objective - a.run.objective ||
      a.start - b.start,
  );
}

/**
 * @param runs - all on `rows`, at least one of them admissible
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
  /**
   * Two runs are in the same basin of attraction if there is no valley between them: half-way the log-likelihood is no lower than
   * the average of the two.
   */
  const areInOneBasin = async (run: EmRun, other: EmRun): Promise<boolean> => {
    const halfway = await logDensitiesOf(computeHalfway(run.parameters, other.parameters, scales));
    const { sum } = sumWeighted(rows, (i) => halfway[i]);
    return sum >= (run.logLikelihood + other.logLikelihood) / 2;
  };
  const chosen = [best];
  let bestDensities: Float64Array | undefined;
  for (const candidate of others) {
    if (chosen.length === most) break;
    const isSame = ({ run }: StartedRun) =>
      Math.abs(run.objective - candidate.run.objective) <= SAME_OPTIMUM * moments.totalWeight;
    if (chosen.some(isSame)) continue;
    if (standardErrors < Number.POSITIVE_INFINITY) {
      bestDensities ??= await logDensitiesOf(best.run.parameters);
      const of = bestDensities;
      const densities = await logDensitiesOf(candidate.run.parameters);
      const { sum, standardError } = sumWeighted(rows, (i) => of[i] - densities[i]);
      if (sum > standardErrors * standardError) continue;
    }
    const inOneBasin = await Promise.all(chosen.map((other) => areInOneBasin(other.run, candidate.run)));
    if (!inOneBasin.includes(true)) chosen.push(candidate);
  }
  return chosen;
}

/** Σ w y over the rows, and its standard error √Σ w² (y − ȳ)². */
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
