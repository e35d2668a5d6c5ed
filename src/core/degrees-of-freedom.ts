/**
 * The degrees of freedom ν of Student's t components, between bounds. With the statistics N and L = Σ r (ln u − u) of a pass with
 * ν₀, the ν of the M-step solves
 *
 *   ln (ν/2) − ψ(ν/2) = ln ((ν₀ + d)/2) − ψ((ν₀ + d)/2) − 1 − L / N       Peel & McLachlan (2000), eq. 30
 *
 * For one ν of all components the right-hand side is its mean over the rows. Half the difference of the two sides, times N, is the
 * derivative of the log-likelihood in ν.
 */

import { digammaGap, inverseDigammaGap } from './digamma.js';
import type { DegreesOfFreedom, Parameters } from './parameters.js';

/**
 * Bounds of estimates. Below the least, the log-likelihood has no maximum: it grows as components gather on single rows. Above the
 * largest, a component can hardly be told from a Gaussian one.
 */
export const LEAST_DEGREES = 0.5;
export const MOST_DEGREES = 200;

/** Where estimates begin: nearly Gaussian, as the start values are. */
const FIRST_DEGREES = 30;

/** What a pass tells about the degrees of freedom. */
export interface DegreesStatistics {
  /** (k) N; 0 for a component that does not count. */
  readonly counts: Float64Array;
  /** (k) L */
  readonly scaleLogs: Float64Array;
  /** (k) those that the pass was run with. */
  readonly degrees: Float64Array;
  readonly nFeatures: number;
}

/** The right-hand side for component j; 0 or less only by rounding. */
function targetOf({ counts, scaleLogs, degrees, nFeatures }: DegreesStatistics, j: number): number {
  return digammaGap((degrees[j] + nFeatures) / 2) - 1 - scaleLogs[j] / counts[j];
}

/** The mean right-hand side over the rows of all components; NaN without rows. */
function sharedTargetOf(statistics: DegreesStatistics): number {
  const { counts } = statistics;
  let sum = 0;
  let total = 0;
  for (let j = 0; j < counts.length; j++) {
    if (!(counts[j] > 0)) continue;
    sum += counts[j] * targetOf(statistics, j);
    total += counts[j];
  }
  return sum / total;
}

/** The nearest number within the bounds. */
export function clampDegrees(degrees: number): number {
  return degrees > LEAST_DEGREES ? Math.min(degrees, MOST_DEGREES) : LEAST_DEGREES;
}

/** A logarithm and its inverse may end this far from a bound. */
const ROUNDING = 1e-12;

/** Whether a value is at a bound, and the derivative in it leads out. */
function isHeld(degrees: number, derivative: number): boolean {
  return derivative > 0
    ? degrees >= MOST_DEGREES * (1 - ROUNDING)
    : degrees <= LEAST_DEGREES * (1 + ROUNDING);
}

/** Free parameters: how many degrees of freedom of k components are estimated. */
export function countDegrees(how: DegreesOfFreedom | 'none' | undefined, k: number): number {
  if (how === 'each') return k;
  return how === 'shared' ? 1 : 0;
}

/** Those of k components, from the free ones. */
export function spreadDegrees(how: DegreesOfFreedom, free: Float64Array, k: number): Float64Array {
  const degrees = new Float64Array(k);
  if (typeof how === 'number') return degrees.fill(how);
  return degrees.map((_, j) => clampDegrees(free[how === 'shared' ? 0 : j]));
}

function solve(target: number): number {
  return target > 0 ? clampDegrees(2 * inverseDigammaGap(target)) : MOST_DEGREES;
}

/**
 * @param how - held at those of the pass if it is a number, or undefined
 * @returns (k) of the M-step; a component without rows keeps its own
 */
export function estimateDegrees(
  how: DegreesOfFreedom | undefined,
  statistics: DegreesStatistics,
): Float64Array {
  const { counts, degrees } = statistics;
  if (typeof how !== 'string') return degrees;
  if (how === 'shared') return new Float64Array(counts.length).fill(solve(sharedTargetOf(statistics)));
  return degrees.map((before, j) => (counts[j] > 0 ? solve(targetOf(statistics, j)) : before));
}

/**
 * @param out - out: (free degrees of freedom) derivatives of the log-likelihood in ln ν; 0 where ν is held by a bound
 * @param total - the rows by which the derivatives are divided
 */
export function degreesGradientInto(
  out: Float64Array,
  how: DegreesOfFreedom | undefined,
  statistics: DegreesStatistics,
  total: number,
): void {
  const { counts, degrees } = statistics;
  if (typeof how !== 'string') return;
  out.fill(0);
  for (let j = 0; j < counts.length; j++) {
    if (!(counts[j] > 0)) continue;
    const slope = digammaGap(degrees[j] / 2) - targetOf(statistics, j);
    out[how === 'shared' ? 0 : j] += (counts[j] * degrees[j] * slope) / (2 * total);
  }
  for (let i = 0; i < out.length; i++) if (isHeld(degrees[i], out[i])) out[i] = 0;
}

/**
 * Start values as a fit takes them on: estimates within their bounds, and one for all if they are shared; without any, nearly
 * Gaussian components. Gaussian components lose theirs.
 */
export function withDegrees(parameters: Parameters, how: DegreesOfFreedom | undefined): Parameters {
  const { nComponents: k, weights, degreesOfFreedom: given } = parameters;
  if (how === undefined) return parameters;
  if (typeof how === 'number') return { ...parameters, degreesOfFreedom: new Float64Array(k).fill(how) };
  const degrees = given?.map(clampDegrees) ?? new Float64Array(k).fill(FIRST_DEGREES);
  if (how === 'shared' && degrees.some((value) => value !== degrees[0])) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = degrees.reduce((sum, value, j) => sum + (weights[j] / total) * Math.log(value), 0);
    degrees.fill(clampDegrees(Math.exp(mean)));
  }
  return { ...parameters, degreesOfFreedom: degrees };
}
