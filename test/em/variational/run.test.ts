/** Laws of a variational run, led in this thread: the bound never falls, weights count rows, and any leader can go on. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, formOf } from '../../../src/core/covariance/families.js';
import { createRandom } from '../../../src/core/random.js';
import { createStatisticsLayout } from '../../../src/core/statistics.js';
import type { VariationalRun } from '../../../src/em/variational/run.js';
import { lead } from '../../../src/jobs/lead.js';
import type { LeadState, VariationalTask } from '../../../src/jobs/tasks.js';
import { createKernelCache } from '../../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../../src/kernel/module.js';
import { preparedLength } from '../../../src/kernel/prepare.js';
import { createBlackboard } from '../../../src/parallel/blackboard.js';
import type { JobSpec } from '../../../src/parallel/job.js';
import { planShards } from '../../../src/parallel/shards.js';
import type { SharedRows } from '../../../src/rows/shared-rows.js';
import type { CovarianceType, WeightPrior } from '../../../src/types.js';
import { bitsOf, expectClose } from '../../close.js';
import { SEED } from '../../fuzz/seed.js';
import { computeMoments } from '../../laws/moments.js';
import { createMixture, drawRows } from '../../mixtures.js';

/** The rounding of a pass, relative to the sums that cancel in the bound. */
const ROUNDING = 1e-13;

/** The rounding of runs of some twenty passes whose sums are in another order. */
const OTHER_ORDER = 1e-8;

const kernels = createKernelCache(compileKernel());
const silent = { onProgress: () => undefined, onState: () => undefined };
const WEIGHT_PRIORS: readonly WeightPrior[] = ['dirichlet-process', 'dirichlet'];
const CASES = COVARIANCE_TYPES.flatMap((type) => WEIGHT_PRIORS.map((weightPrior) => ({ type, weightPrior })));

function share(values: Float64Array, d: number, sampleWeight?: Float64Array): SharedRows {
  const chunk = new Float64Array(new SharedArrayBuffer(values.byteLength));
  chunk.set(values);
  const nSamples = values.length / d;
  return { nSamples, nFeatures: d, chunkRows: nSamples, chunks: [chunk], sampleWeight };
}

function jobOf(rows: SharedRows, type: CovarianceType, k: number): JobSpec {
  const { nSamples: n, nFeatures: d } = rows;
  const form = formOf(type);
  const { length } = createStatisticsLayout(form, k, d);
  const shape = { form: form.name, components: 'gaussian' as const, nComponents: k, nFeatures: d };
  const board = createBlackboard(planShards(n, d, length), 2, preparedLength(form.name, k, d), length);
  return { board, rows, shape: { ...shape, withResponsibilities: false }, work: { kind: 'accumulate' } };
}

/** @param values - (n × d) all rows, weighted ones as often as they count */
function taskOf(
  rows: SharedRows,
  values: Float64Array,
  k: number,
  type: CovarianceType,
  weightPrior: WeightPrior,
): VariationalTask {
  const { nFeatures: d } = rows;
  const moments = { totalWeight: values.length / d, ...computeMoments(values, d) };
  return {
    kind: 'variational',
    shape: { covarianceType: type, nComponents: k, nFeatures: d },
    start: { kind: 'random', init: 'random-rows', index: 0, seed: 5, sample: { rows, moments } },
    settings: {
      convergence: 'aitken',
      acceleration: 'none',
      tol: 1e-7,
      maxIter: 150,
      covarianceFloor: 1e-6,
      regCovar: 0,
      equalWeights: false,
    },
    prior: {
      weightPrior,
      concentration: 1 / k,
      meanPrecision: 1,
      mean: moments.mean,
      degreesOfFreedom: d,
      covariance: formOf(type).fromMatrix(moments.covariance, d),
    },
    moments,
  };
}

describe.each(CASES)('$type, $weightPrior', ({ type, weightPrior }) => {
  it('never lowers its bound, and empties components that the rows do not need', () => {
    const random = createRandom(SEED);
    for (let problem = 0; problem < 6; problem++) {
      const [n, d, k] = [100 + random.below(400), 1 + random.below(4), 2 + random.below(8)];
      const values = drawRows(createMixture('full', 1 + random.below(4), d, random, 3), n, random);
      const rows = share(values, d);
      const task = taskOf(rows, values, k, type, weightPrior);
      const run = lead(kernels, jobOf(rows, type, k), task, undefined, silent) as VariationalRun;
      expect(run.status).not.toBe('degenerate');
      expect(run.lowerBounds).toHaveLength(run.nIterations + 1);
      const scale = n * k * d;
      run.lowerBounds.forEach((bound, i) => {
        const before = run.lowerBounds[i - 1] ?? Number.NEGATIVE_INFINITY;
        expect(bound).toBeGreaterThanOrEqual(before - ROUNDING * (scale + Math.abs(bound)));
      });
      const total = run.posterior.counts.reduce((sum, count) => sum + count, 0);
      expectClose([total], [n], 1e-12);
    }
  });

  it('goes on with another leader from plain data, to the same bits', () => {
    const random = createRandom(8);
    const values = drawRows(createMixture('full', 3, 2, random, 2), 900, random);
    const rows = share(values, 2);
    const task = taskOf(rows, values, 5, type, weightPrior);
    const states: LeadState[] = [];
    const onState = (read: () => LeadState) => void states.push(structuredClone(read()));
    const listener = { onProgress: () => undefined, onState };
    const whole = lead(kernels, jobOf(rows, type, 5), task, undefined, listener);
    expect(states.length).toBeGreaterThan(5);
    const some = states.filter((_, i) => i < 3 || i % 9 === 0 || i === states.length - 1);
    for (const state of some) {
      expect(bitsOf(lead(kernels, jobOf(rows, type, 5), task, state, silent))).toBe(bitsOf(whole));
    }
  });

  it('counts a row of weight 2 as two rows', () => {
    const random = createRandom(17);
    const values = drawRows(createMixture('full', 3, 2, random, 3), 200, random);
    const twice = Float64Array.from([...values, ...values.subarray(0, 100)]);
    const weighted = share(
      values,
      2,
      Float64Array.from({ length: 200 }, (_, i) => (i < 50 ? 2 : 1)),
    );
    const start = createMixture(type, 4, 2, random, 2);
    const [one, other] = [weighted, share(twice, 2)].map((rows) => {
      const task: VariationalTask = {
        ...taskOf(rows, twice, 4, type, weightPrior),
        start: { kind: 'parameters', parameters: start },
      };
      const settings = { ...task.settings, tol: 0, maxIter: 20 };
      const job = jobOf(rows, type, 4);
      return lead(kernels, job, { ...task, settings }, undefined, silent) as VariationalRun;
    });
    expectClose(one.lowerBounds, other.lowerBounds, OTHER_ORDER, 1);
    expectClose(one.parameters.means, other.parameters.means, OTHER_ORDER, 1);
    expectClose([one.logLikelihood], [other.logLikelihood], OTHER_ORDER);
  });
});
