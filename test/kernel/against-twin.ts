/** The kernel against its scalar twin, over the same rows and parameters. */

import { formOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { LARGEST_CHANGE } from '../../src/core/statistics.js';
import { createKernel, type Kernel } from '../../src/kernel/kernel.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import type { Parameters } from '../../src/types.js';
import { createTwin } from './scalar-twin.js';

/**
 * Rounding errors from a row to a statistic, in ε for each dimension: the products of a distance (cond Σ <= 5, so that W
 * costs some 5 roundings), exp and log, and the sums over rows in another order. The largest observed error is a third
 * of this bound.
 */
const ROUNDINGS = 2;

/** Largest error of a statistic, relative to its magnitude (see scalar-twin.ts). */
export function toleranceFor(d: number): number {
  return ROUNDINGS * (d + 4) * Number.EPSILON;
}

/** @returns a kernel with the prepared parameters of a mixture */
export function loadKernel(
  module: WebAssembly.Module,
  parameters: Parameters,
  withResponsibilities = false,
): Kernel {
  const { covarianceType, nComponents, nFeatures } = parameters;
  const form = formOf(covarianceType).name;
  const components = parameters.degreesOfFreedom ? 't' : 'gaussian';
  const hasNoise = parameters.noise !== undefined;
  const shape = { form, components, nComponents, nFeatures, hasNoise, withResponsibilities } as const;
  const kernel = createKernel(module, shape);
  prepareInto(kernel.parameters, factorMixture(parameters));
  return kernel;
}

/** @returns the largest |actual − expected| / magnitude; infinite if they differ where the magnitude is 0 */
export function relativeToMagnitude(
  actual: Float64Array,
  expected: Float64Array,
  magnitudes: Float64Array,
): number {
  let worst = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (error === 0) continue;
    const ratio = error / magnitudes[i];
    if (!(ratio <= worst)) worst = Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio;
  }
  return worst;
}

/** Fills the memory behind the rows: a kernel that reads it as a row spoils every statistic. */
const POISON = Number.NaN;

/**
 * Runs `accumulate` and the twin on the first n rows, for every n from 0 to the number of rows, or for the given ns.
 *
 * @returns the largest error of a statistic, relative to its magnitude
 */
export function accumulateError(
  module: WebAssembly.Module,
  parameters: Parameters,
  rows: Float64Array,
  sampleWeight?: Float64Array,
  ns?: readonly number[],
): number {
  const d = parameters.nFeatures;
  const kernel = loadKernel(module, parameters);
  const twin = createTwin(parameters);
  kernel.rows.fill(POISON);
  kernel.sampleWeight.fill(POISON);
  let worst = 0;
  for (let n = 0; n <= rows.length / d; n++) {
    if (n > 0) {
      const row = rows.subarray((n - 1) * d, n * d);
      twin.add(row, 0, sampleWeight?.[n - 1] ?? 1);
      kernel.rows.set(row, (n - 1) * d);
      if (sampleWeight) kernel.sampleWeight[n - 1] = sampleWeight[n - 1];
    }
    if (ns && !ns.includes(n)) continue;
    kernel.statistics.fill(0);
    kernel.accumulate(n, sampleWeight !== undefined, false);
    worst = Math.max(worst, relativeToMagnitude(kernel.statistics, twin.statistics, twin.magnitudes));
  }
  return worst;
}

/** @returns the error of the largest change of a responsibility, over rows with weight, from one mixture to another of its shape */
export function changeError(
  module: WebAssembly.Module,
  before: Parameters,
  after: Parameters,
  rows: Float64Array,
  sampleWeight?: Float64Array,
): number {
  const { nFeatures: d } = before;
  const n = rows.length / d;
  const isWeighted = sampleWeight !== undefined;
  const kernel = loadKernel(module, before, true);
  kernel.rows.set(rows);
  if (isWeighted) kernel.sampleWeight.set(sampleWeight);
  kernel.accumulate(n, isWeighted, true);
  kernel.statistics.fill(0);
  prepareInto(kernel.parameters, factorMixture(after));
  kernel.accumulate(n, isWeighted, true);
  const twins = [createTwin(before), createTwin(after)];
  let expected = 0;
  for (let i = 0; i < n; i++) {
    const [old, now] = twins.map((twin) => twin.add(rows, d * i, 1).responsibilities);
    if (sampleWeight?.[i] === 0) continue;
    now.forEach((r, j) => {
      expected = Math.max(expected, Math.abs(r - old[j]));
    });
  }
  return Math.abs(kernel.statistics[LARGEST_CHANGE] - expected);
}
