/**
 * M-step: statistics → parameters.
 *
 *   π = N / Σ N, beside noise π₀ = N₀ / (N₀ + Σ N) and π = N / (N₀ + Σ N)
 *   μ' = μ + S / N,  C = Q / N − (S / N)(S / N)ᵀ + regCovar · I      Bishop, PRML (2006), eq. 9.24–9.27
 *
 * The family estimates its covariances Σ' from the C of all components. S and Q are about the current means, so nothing
 * cancels where data are far from zero. A prior adds to N, S and C first; see core/prior.ts. Of t components μ' = μ + S / U, and the
 * scale matrices take the place of C; see scale-matrices.ts.
 */

import { computeFactors } from '../core/covariance/factors.js';
import { type CovarianceType, familyOf } from '../core/covariance/families.js';
import type { Family } from '../core/covariance/family.js';
import { type CovarianceFloor, createCovarianceFloor } from '../core/covariance/floor.js';
import { type DegreesStatistics, estimateDegrees } from '../core/degrees-of-freedom.js';
import type { FactoredMixture } from '../core/factored-mixture.js';
import type { Moments } from '../core/moments.js';
import { centerOf, type DegreesOfFreedom, densityOf, type Parameters } from '../core/parameters.js';
import { addPrior, type Prior } from '../core/prior.js';
import { createStatisticsLayout, NOISE_COUNT, type StatisticsLayout } from '../core/statistics.js';
import { scaleMatricesInto } from './scale-matrices.js';
import type { EmSettings } from './settings.js';

/** The data and the constraints of an M-step, beside the statistics. */
export interface MStepOptions {
  readonly family: Family<CovarianceType>;
  readonly floor: CovarianceFloor;
  /** Moments of all rows of the run, also for a pass over a part of them. */
  readonly moments: Moments;
  /** Added to every variance. */
  readonly regCovar: number;
  /** Whether every mixing weight is held at 1/k. */
  readonly equalWeights: boolean;
  /** Of means and covariances; undefined for maximum likelihood. */
  readonly prior?: Prior | undefined;
  /** Of t components, which have no prior; undefined for Gaussian ones. */
  readonly degreesOfFreedom?: DegreesOfFreedom | undefined;
}

/** The options of the M-steps of a family, but for the moments of the rows. */
export type Bounds = Omit<MStepOptions, 'moments'>;

/** @param dataMoments - of all the data, of which the rows may be a sample: what the floor is measured by */
export function createBounds(
  covarianceType: CovarianceType,
  { covarianceFloor, regCovar, equalWeights, degreesOfFreedom }: EmSettings,
  dataMoments: Moments,
  prior?: Prior,
): Bounds {
  const family = familyOf(covarianceType);
  const floor = createCovarianceFloor(family.form, dataMoments, covarianceFloor);
  return { family, floor, regCovar, equalWeights, prior, degreesOfFreedom };
}

/** New parameters, and what was found on the way to them. */
export interface MStepResult {
  readonly mixture: FactoredMixture;
  /** Covariances within the components, with the ridge and the prior, before the family's constraints and the floor. */
  readonly within: Float64Array;
  /** (k) N for each row, which are the weights unless weights are held equal. */
  readonly shares: Float64Array;
  /** (k) Rows behind each mean, the prior's too, for each row of the pass; of t components U. */
  readonly meanShares: Float64Array;
  /** The same behind each stored covariance. */
  readonly covarianceShares: Float64Array;
  /** Index of the first stored covariance that the floor raised, if any. */
  readonly lifted: number | undefined;
  /** Empty components. They keep their mean, and their covariance plus the ridge; with a prior they have its mean and mode, and
   * count as any other. */
  readonly empty: readonly number[];
  /** Of t components: what the pass tells beside N, S and Q. */
  readonly t?: TStatistics | undefined;
}

/** What a pass with t components tells beside N, S and Q. */
export interface TStatistics extends DegreesStatistics {
  /** (k) U */
  readonly scaledCounts: Float64Array;
  /** Rows of the pass, those of the noise, too. */
  readonly total: number;
}

/** Behind a covariance of all components. */
const ALL = Float64Array.of(1);

const NONE: readonly number[] = [];

/** A component with less than this share of all rows is empty: so small a share is rounding. */
const EMPTY_SHARE = 1e-12;

/**
 * @param previous - the parameters that the pass was run with
 * @param statistics - in: as in core/statistics
 * @param part - the share of all rows that the pass was over
 */
export function mStep(
  previous: Parameters,
  statistics: Float64Array,
  options: MStepOptions,
  part = 1,
): MStepResult {
  const { nComponents: k, nFeatures: d } = previous;
  const { family, floor, moments, regCovar, equalWeights, prior } = options;
  const { form } = family;
  const layout = createStatisticsLayout(form, k, d, densityOf(previous), previous.noise !== undefined);
  const counts = statistics.subarray(layout.counts, layout.sums);
  let inComponents = 0;
  for (let j = 0; j < k; j++) inComponents += counts[j];
  const total = previous.noise ? statistics[NOISE_COUNT] + inComponents : inComponents;
  const noise = previous.noise && { ...previous.noise, weight: statistics[NOISE_COUNT] / total };
  const shares = new Float64Array(k);
  for (let j = 0; j < k; j++) shares[j] = counts[j] / total;
  const weights = equalWeights ? new Float64Array(k).fill((1 - (noise?.weight ?? 0)) / k) : shares.slice();
  const means = previous.means.slice();
  const shifts = new Float64Array(k * d);
  const empty: number[] = [];
  const t = readT(previous, statistics, layout, total);
  const meanCounts = t?.scaledCounts ?? counts;
  for (let j = 0; j < k; j++) {
    if (!(counts[j] > EMPTY_SHARE * total && meanCounts[j] > 0)) {
      empty.push(j);
      continue;
    }
    for (let i = j * d; i < (j + 1) * d; i++) {
      shifts[i] = statistics[layout.sums + i] / meanCounts[j];
      means[i] += shifts[i];
    }
  }
  const scatters = statistics.subarray(layout.scatters);
  const within = previous.covariances.slice();
  const pass = {
    nComponents: k,
    nFeatures: d,
    counts,
    shares,
    shifts,
    scatters,
    means,
    moments,
    empty,
    common: noise && form.isShared && !t ? { count: inComponents, center: centerOf(previous) } : undefined,
  };
  if (t) scaleMatricesInto(within, form, pass, t.scaledCounts);
  else form.withinInto(within, pass);
  if (regCovar > 0) form.addRidge(within, d, regCovar);
  const behind = prior && addPrior(form, prior, { counts, total: inComponents, means, within }, part);
  const weighed = behind && !form.isShared ? behind.covariances : counts;
  const estimated = family.estimate({ covariances: within.slice(), counts: weighed, nFeatures: d });
  const { covariances, factors, lifted } = family.lift(floor, {
    covariances: estimated,
    counts: weighed,
    nFeatures: d,
  });
  const parameters = {
    covarianceType: previous.covarianceType,
    nComponents: k,
    nFeatures: d,
    weights,
    means,
    covariances,
    noise,
    degreesOfFreedom: t && estimateDegrees(options.degreesOfFreedom, t),
  };
  const shared = noise ? Float64Array.of(inComponents / total) : ALL;
  return {
    mixture: { parameters, factors },
    within,
    shares,
    meanShares: behind ? divide(behind.means, total) : t ? divide(t.scaledCounts, total) : shares,
    covarianceShares: behind ? divide(behind.covariances, total) : form.isShared ? shared : shares,
    lifted,
    empty: prior ? NONE : empty,
    t,
  };
}

function divide(values: Float64Array, by: number): Float64Array {
  return values.map((value) => value / by);
}

/** U, L and ν; a copy, as the statistics are overwritten by the next pass. */
function readT(
  { degreesOfFreedom: degrees, nFeatures }: Parameters,
  statistics: Float64Array,
  { counts, sums, scaledCounts, scaleLogs, length }: StatisticsLayout,
  total: number,
): TStatistics | undefined {
  if (!degrees) return undefined;
  return {
    counts: statistics.slice(counts, sums),
    scaledCounts: statistics.slice(scaledCounts, scaleLogs),
    scaleLogs: statistics.slice(scaleLogs, length),
    degrees,
    nFeatures,
    total,
  };
}

/** Whether all variances, in every direction, are at least the floor and the ridge. No unconstrained M-step leaves these bounds. */
export function isWithinBounds(
  { parameters, factors }: FactoredMixture,
  { family: { form }, floor, regCovar }: MStepOptions,
): boolean {
  const { nFeatures: d } = parameters;
  const covariances = parameters.covariances.slice();
  if (factors.singular !== undefined || floor.liftInto(covariances, factors).length > 0) return false;
  if (regCovar === 0) return true;
  form.addRidge(covariances, d, -regCovar);
  return computeFactors(form, covariances, d).singular === undefined;
}

/** Start values within the floor, where that is a bound of the fit: with a prior. Without, a covariance below it is a collapse. */
export function liftToFloor(parameters: Parameters, { family, floor, prior }: Bounds): Parameters {
  if (!prior) return parameters;
  const { covariances, weights, nFeatures } = parameters;
  const lifted = family.lift(floor, { covariances: covariances.slice(), counts: weights, nFeatures });
  return { ...parameters, covariances: lifted.covariances };
}
