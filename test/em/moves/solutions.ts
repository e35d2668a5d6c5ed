/** Solutions of EM in this thread, and what moves from them need. */

import { familyOf } from '../../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import { factorMixture } from '../../../src/core/factored-mixture.js';
import type { Moments } from '../../../src/core/moments.js';
import type { Random } from '../../../src/core/random.js';
import { createConvergenceRule } from '../../../src/em/convergence.js';
import { runEm } from '../../../src/em/em.js';
import { measureMoments } from '../../../src/em/moments.js';
import type { LocalFits } from '../../../src/em/moves/local-split.js';
import { measureOverlap, type Overlap } from '../../../src/em/moves/overlap.js';
import { createObjective } from '../../../src/em/objective.js';
import type { EmRun } from '../../../src/em/run.js';
import { createEStepAlone, visitResponsibilities } from '../../../src/jobs/passes-alone.js';
import { createKernelCache } from '../../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../../src/kernel/module.js';
import type { SharedRows } from '../../../src/rows/shared-rows.js';
import type { Parameters } from '../../../src/types.js';
import { computeMoments } from '../../laws/moments.js';

const kernels = createKernelCache(compileKernel());

export interface Sample {
  readonly rows: SharedRows;
  readonly moments: Moments;
}

/**
 * @param centers - means of clusters of unit variance
 * @param size - rows of each
 */
export function drawClusters(centers: readonly (readonly number[])[], size: number, random: Random): Sample {
  const d = centers[0].length;
  const n = centers.length * size;
  const values = new Float64Array(n * d);
  centers.forEach((center, j) => {
    center.forEach((mean, a) => {
      for (let i = 0; i < size; i++) values[(j * size + i) * d + a] = mean + random.normal();
    });
  });
  const rows = { nSamples: n, nFeatures: d, chunkRows: n, chunks: [values] };
  return { rows, moments: { totalWeight: n, ...computeMoments(values, d) } };
}

/** Plain EM. */
export const runPlain: LocalFits['run'] = (rows, moments, start, passes): EmRun => {
  const family = familyOf(start.covarianceType);
  return runEm({ kind: 'parameters', parameters: start }, createEStepAlone(kernels, rows, start), {
    ...{ family, moments, maxIter: passes, regCovar: 0, equalWeights: false },
    floor: createCovarianceFloor(family.form, moments, 1e-6),
    objective: createObjective(0),
    rule: createConvergenceRule('aitken', 1e-12, moments.totalWeight),
    findWorstRow: () => Float64Array.from(rows.chunks[0].subarray(0, rows.nFeatures)),
    onIteration: () => undefined,
  });
};

/** What splits are found with. */
export const FITS: LocalFits = {
  run: runPlain,
  measureMoments(rows) {
    const shape = { covarianceType: 'full', nComponents: 1, nFeatures: rows.nFeatures } as const;
    return measureMoments(rows, createEStepAlone(kernels, rows, shape));
  },
};

/** EM to a maximum. */
export function maximise({ rows, moments }: Sample, start: Parameters): EmRun {
  return runPlain(rows, moments, start, 5000);
}

export function logLikelihoodOf({ rows }: Sample, mixture: Parameters): number {
  return createEStepAlone(kernels, rows, mixture)(factorMixture(mixture))[0];
}

export function overlapOf({ rows }: Sample, solution: Parameters): Overlap {
  return measureOverlap(rows, solution.nComponents, (visit) =>
    visitResponsibilities(kernels, rows, solution, visit),
  );
}
