/** Passes of one thread alone, over rows of its own choice: for small tasks inside a job, whose assistants they do not concern. */

import { formOf } from '../core/covariance/families.js';
import { factorMixture } from '../core/factored-mixture.js';
import { densityOf, type ModelShape, type Parameters } from '../core/parameters.js';
import type { VisitResponsibilities } from '../em/moves/overlap.js';
import type { EStep } from '../em/run.js';
import type { KernelSource } from '../kernel/kernel-cache.js';
import { prepareInto } from '../kernel/prepare.js';
import { loadRows } from '../parallel/job.js';
import { ALL_ROWS } from '../rows/row-part.js';
import type { SharedRows } from '../rows/shared-rows.js';

/** @returns an E-step whose statistics are valid until the next pass of any kernel of this shape */
export function createEStepAlone(
  kernels: KernelSource,
  rows: SharedRows,
  model: ModelShape & Pick<Parameters, 'degreesOfFreedom'>,
): EStep {
  const { covarianceType, nComponents, nFeatures, noise } = model;
  const form = formOf(covarianceType).name;
  const kernel = kernels({
    form,
    components: densityOf(model),
    nComponents,
    nFeatures,
    hasNoise: noise !== undefined,
    withResponsibilities: false,
  });
  const { nSamples: n, sampleWeight } = rows;
  return (mixture, part = ALL_ROWS) => {
    prepareInto(kernel.parameters, mixture);
    kernel.statistics.fill(0);
    for (let first = 0; first < n; first += kernel.stretchRows) {
      const count = loadRows(kernel, rows, part, first, Math.min(first + kernel.stretchRows, n));
      kernel.accumulate(count, sampleWeight !== undefined, false);
    }
    return kernel.statistics;
  };
}

/** Calls back with the responsibilities of all rows, stretch by stretch. */
export function visitResponsibilities(
  kernels: KernelSource,
  rows: SharedRows,
  parameters: Parameters,
  visit: VisitResponsibilities,
): void {
  const { covarianceType, nComponents, nFeatures, noise } = parameters;
  const form = formOf(covarianceType).name;
  const kernel = kernels({
    form,
    components: densityOf(parameters),
    nComponents,
    nFeatures,
    hasNoise: noise !== undefined,
    withResponsibilities: true,
  });
  prepareInto(kernel.parameters, factorMixture(parameters));
  const { nSamples: n } = rows;
  for (let first = 0; first < n; first += kernel.stretchRows) {
    const count = loadRows(kernel, rows, ALL_ROWS, first, Math.min(first + kernel.stretchRows, n));
    kernel.score(count, false);
    visit(kernel.responsibilities, first, count);
  }
}
