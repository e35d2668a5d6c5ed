/**
 * Which of several runs on the same rows go on: the best run of each basin of attraction, unless it is behind the best of all by more
 * than chance explains.
 */

import { computeHalfway } from '../core/halfway.js';
import { type Moments, scalesOf } from '../core/moments.js';
import type { Parameters } from '../core/parameters.js';
import type { EmRun } from '../em/run.js';
import { COLLAPSED, SAME_OPTIMUM } from '../em/standing.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** A run and the start it came from. */
export interface StartedRun {
  readonly start: number;
  readonly run: EmRun;
  /** The rows of the run: a sample, or all rows. */
  readonly rows: SharedRows;
  /** Whether it ran to the end on all rows, and may win. */
  readonly isFinal: boolean;
  /** How far it can be trusted; see em/standing.ts. */
  readonly standing: number;
  /** Moves between solutions on the way from the start to it. */
  readonly moves: number;
  /** The starts that lead here: its own, and those that were left behind in its basin of attraction. */
  readonly basin: readonly number[];
}

/** How finalists are chosen. */
export interface FinalistRules {
  readonly most: number;
  /**
   * A run is left behind where its log-likelihood is below the best by so many standard errors of the difference: on other rows of the
   * same kind it would be below, too. (Vuong, Econometrica 57, 1989.)
   */
  readonly standardErrors: number;
  /** Whether runs are compared half-way between them, too, which costs passes. */
  readonly checksValleys: boolean;
}

export function areAtOneOptimum(one: StartedRun, other: StartedRun, totalWeight: number): boolean {
  return Math.abs(one.run.objective - other.run.objective) <= SAME_OPTIMUM * totalWeight;
}

export function isAdmissible({ standing }: StartedRun): boolean {
  return standing > COLLAPSED;
}

/** The best first: by standing, then by objective; ties go to the earlier start. */
export function bestOf(runs: readonly StartedRun[]): StartedRun[] {
  return [...runs].sort(
    (a, b) => b.standing - a.standing || b.run.objective - a.run.objective || a.start - b.start,
  );
}

/**
 * @param runs - all on `rows`, at least one of them admissible
 * @param moments - of `rows`
 * @param logDensitiesOf - (n) log p(x) of `rows`, in nats
 * @returns the best first, each with the starts of the runs that were left behind in its basin
 */
export async function chooseFinalists(
  runs: readonly StartedRun[],
  rows: SharedRows,
  moments: Moments,
  { most, standardErrors, checksValleys }: FinalistRules,
  logDensitiesOf: (parameters: Parameters) => Promise<Float64Array>,
): Promise<StartedRun[]> {
  const [best, ...others] = bestOf(runs).filter(isAdmissible);
  const scales = scalesOf(moments);
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
  const join = (at: number, { basin }: StartedRun) => {
    chosen[at] = { ...chosen[at], basin: [...chosen[at].basin, ...basin] };
  };
  let bestDensities: Float64Array | undefined;
  for (const candidate of others) {
    if (chosen.length === most) break;
    const isSame = (other: StartedRun) => areAtOneOptimum(other, candidate, moments.totalWeight);
    const same = chosen.findIndex(isSame);
    if (same >= 0) {
      join(same, candidate);
      continue;
    }
    if (standardErrors < Number.POSITIVE_INFINITY) {
      bestDensities ??= await logDensitiesOf(best.run.parameters);
      const of = bestDensities;
      const densities = await logDensitiesOf(candidate.run.parameters);
      const { sum, standardError } = sumWeighted(rows, (i) => of[i] - densities[i]);
      if (sum > standardErrors * standardError) continue;
    }
    if (!checksValleys) {
      chosen.push(candidate);
      continue;
    }
    const inOneBasin = await Promise.all(chosen.map((other) => areInOneBasin(other.run, candidate.run)));
    const at = inOneBasin.indexOf(true);
    if (at >= 0) join(at, candidate);
    else chosen.push(candidate);
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
