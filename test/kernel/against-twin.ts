/** The kernel beside its scalar twin, over the same rows and parameters. */

import { formOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createKernel, type Kernel } from '../../src/kernel/kernel.js';
import { prepareInto } from '../../src/kernel/prepare.js';
import type { Parameters } from '../../src/types.js';
import { createTwin } from './scalar-twin.js';

/**
 * Roundings on the way from a row to a statistic, a dimension, as multiples of ε: the products of a distance
 * (cond Σ <= 5, so that solving by W costs some 5 of them), exp and log, and the sums over rows, whose order
 * differs. The largest seen is a third of it.
 */
const ROUNDINGS = 2;

/** The most that a statistic may be off, relative to its magnitude (see scalar-twin.ts). */
export function toleranceFor(d: number): number {
  return ROUNDINGS * (d + 4) * Number.EPSILON;
}

/** A kernel for a mixture, its parameters prepared. */
export function loadKernel(
  module: WebAssembly.Module,
  parameters: Parameters,
  withResponsibilities = false,
): Kernel {
  const { covarianceType, nComponents, nFeatures } = parameters;
  const form = formOf(covarianceType).name;
  const kernel = createKernel(module, { form, nComponents, nFeatures, withResponsibilities });
  prepareInto(kernel.parameters, factorMixture(parameters));
  return kernel;
}

/** The largest |actual − expected| / magnitude; where the magnitude is 0 both must be 0. */
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

/** What stands behind the rows that count: read as a row it spoils every statistic. */
const POISON = Number.NaN;

/**
 * Runs `accumulate` on the first n rows, for all n from 0 to the number of rows (or only the ns given), and the
 * twin beside it.
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
