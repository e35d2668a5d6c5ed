/** The densities of a mixture over one column, as curves. */

import { logGammaExcess } from '../../core/log-gamma.js';
import type { Domain } from './axis.js';
import { covarianceAt, type DrawnMixture } from './ellipse.js';

/** A component over one column. */
export interface Curve {
  weight: number;
  mean: number;
  /** The standard deviation; of a t component its scale. */
  deviation: number;
  /** Degrees of freedom of a t component. */
  degrees?: number | undefined;
}

/** A value and a density. */
export type CurvePoint = readonly [value: number, density: number];

/** Standard deviations to either side of a mean that an axis shows. */
const REACH = 2.5;
/** Points of a component's curve: 0.1 standard deviations apart, out to 4. */
const CURVE_STEPS = 80;
/** Evenly spaced points of the sum's curve, besides those of the components. */
const SUM_STEPS = 200;

/**
 * @param parameters - the mixture
 * @param column - index of the column
 * @returns one curve per component
 */
export function createCurves(parameters: DrawnMixture, column: number): Curve[] {
  const { weights, means, nFeatures: d } = parameters;
  return Array.from(weights, (weight, j) => {
    const deviation = Math.sqrt(covarianceAt(parameters, j, column, column));
    return { weight, mean: means[j * d + column], deviation, degrees: parameters.degreesOfFreedom?.[j] };
  });
}

/** @returns the range that shows the body of every curve */
export function curveReach(curves: readonly Curve[]): Domain {
  return [
    curves.reduce((low, { mean, deviation }) => Math.min(low, mean - REACH * deviation), Infinity),
    curves.reduce((high, { mean, deviation }) => Math.max(high, mean + REACH * deviation), -Infinity),
  ];
}

/** @returns π N(x; μ, σ²), or π times the density of Student's t */
export function densityAt({ weight, mean, deviation, degrees }: Curve, value: number): number {
  const z = (value - mean) / deviation;
  const exponent =
    degrees === undefined
      ? -0.5 * z * z
      : logGammaExcess(degrees / 2, 0.5) - ((degrees + 1) / 2) * Math.log1p((z * z) / degrees);
  return (weight * Math.exp(exponent)) / (deviation * Math.sqrt(2 * Math.PI));
}

/** @returns points of a component's curve within the range, from left to right */
export function sampleCurve(curve: Curve, [low, high]: Domain): CurvePoint[] {
  return curvePlaces(curve)
    .filter((at) => at >= low && at <= high)
    .map((at) => [at, densityAt(curve, at)]);
}

/** @returns points of the mixture's density: evenly spaced ones, and those of every component so that no peak is missed */
export function sampleSum(curves: readonly Curve[], [low, high]: Domain): CurvePoint[] {
  const even = Array.from({ length: SUM_STEPS + 1 }, (_, i) => low + ((high - low) * i) / SUM_STEPS);
  return [...even, ...curves.flatMap(curvePlaces)]
    .filter((at) => at >= low && at <= high)
    .sort((a, b) => a - b)
    .map((at) => [at, curves.reduce((total, curve) => total + densityAt(curve, at), 0)]);
}

function curvePlaces({ mean, deviation }: Curve): number[] {
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => mean + deviation * (i / (CURVE_STEPS / 8) - 4));
}
