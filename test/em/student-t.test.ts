/** EM for t components: against a second implementation, its gradient, and what it promises. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf } from '../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../src/core/covariance/floor.js';
import { LEAST_DEGREES, MOST_DEGREES, withDegrees } from '../../src/core/degrees-of-freedom.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import type { DegreesOfFreedom } from '../../src/core/parameters.js';
import { covarianceOfInto } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import { ParameterVector } from '../../src/em/acceleration/parameter-vector.js';
import { createConvergenceRule } from '../../src/em/convergence.js';
import { runEm } from '../../src/em/em.js';
import { mStep } from '../../src/em/m-step.js';
import { createObjective } from '../../src/em/objective.js';
import type { EmOptions } from '../../src/em/run.js';
import { createEStepAlone } from '../../src/jobs/passes-alone.js';
import { createKernelCache } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import type { SharedRows } from '../../src/rows/shared-rows.js';
import type { CovarianceType, Parameters } from '../../src/types.js';
import { expectClose } from '../close.js';
import { withNoise } from '../kernel/noise.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { stepT, type TMixture } from './t-reference.js';

/**
 * Twenty steps of two programs. Each step rounds anew, by a condition number of about 100 times 1e-16; ν amplifies this most, as its
 * equation is nearly flat for large ν.
 */
const TWENTY_STEPS = 1e-9;

const kernels = createKernelCache(compileKernel());
const [N, D, K] = [240, 3, 3];
const PAIRS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;
const BOUNDS = [LEAST_DEGREES, MOST_DEGREES] as const;

/** Rows about three means; every twelfth is thrown out. */
function createData(type: CovarianceType, seed: number) {
  const random = createRandom(seed);
  const truth = createMixture(type, K, D, random, 4);
  const values = drawRows(truth, N, random).map((value, i) =>
    Math.floor(i / D) % 12 === 5 ? 5 * value : value,
  );
  const sampleWeight = drawWeights(N, random);
  const start = { ...truth, means: truth.means.map((mean) => mean + random.normal()) };
  return { values, sampleWeight, start };
}

function rowsOf(values: Float64Array, sampleWeight?: Float64Array): SharedRows {
  return { nSamples: N, nFeatures: D, chunkRows: N, chunks: [values], sampleWeight };
}

function optionsFor(
  type: CovarianceType,
  values: Float64Array,
  degreesOfFreedom: DegreesOfFreedom,
  weights?: Float64Array,
): EmOptions {
  const family = familyOf(type);
  const totalWeight = weights ? weights.reduce((sum, weight) => sum + weight, 0) : N;
  const moments = { ...computeMoments(values, D), totalWeight };
  return {
    ...{ family, moments, degreesOfFreedom, regCovar: 0, equalWeights: false, maxIter: 20 },
    floor: createCovarianceFloor(family.form, moments, 0),
    objective: createObjective(0),
    rule: createConvergenceRule('change', 0, totalWeight),
    findWorstRow: () => values.slice(0, D),
    onIteration: () => undefined,
  };
}

/** The mixture as the reference has it. */
function toReference(parameters: Parameters): TMixture {
  const { weights, means, degreesOfFreedom, noise } = parameters;
  return {
    noise,
    weights: [...weights],
    means: Array.from(weights, (_, j) => [...means.subarray(j * D, (j + 1) * D)]),
    scales: Array.from(weights, (_, j) => {
      const matrix = new Float64Array(D * D);
      covarianceOfInto(matrix, parameters, j);
      return Array.from({ length: D }, (_, a) => [...matrix.subarray(a * D, (a + 1) * D)]);
    }),
    degrees: [...(degreesOfFreedom ?? [])],
  };
}

const flat = ({ weights, means, scales, degrees, noise }: TMixture) =>
  [noise ? [...weights, noise.weight] : weights, means.flat(), scales.flat(2), degrees] as const;

/** Uniform on a box somewhat larger than the rows. */
const NOISE = { weight: 0.1, logDensity: -D * Math.log(40) };

describe.each(COVARIANCE_TYPES)('EM for t components, %s', (type) => {
  it.each<DegreesOfFreedom>(['each', 'shared', 4])(
    'takes the steps of the second implementation, degrees of freedom %s',
    (how) => {
      for (const [isWeighted, hasNoise] of PAIRS) {
        const { values, sampleWeight, start: plain } = createData(type, 3);
        const start = hasNoise ? withNoise(plain, NOISE) : plain;
        const weights = isWeighted ? sampleWeight : undefined;
        const rows = Array.from({ length: N }, (_, i) => [...values.subarray(i * D, (i + 1) * D)]);
        const parameters = withDegrees(start, how);
        const eStep = createEStepAlone(kernels, rowsOf(values, weights), parameters);
        const run = runEm({ kind: 'parameters', parameters }, eStep, optionsFor(type, values, how, weights));
        let mixture = toReference(parameters);
        const trace: number[] = [];
        for (let i = 0; i < 20; i++) {
          const options = { type, degreesOfFreedom: how, bounds: BOUNDS };
          const { next, logLikelihood } = stepT(
            rows,
            [...(weights ?? new Float64Array(N).fill(1))],
            mixture,
            options,
          );
          trace.push(logLikelihood);
          mixture = next;
        }
        expect(run.nIterations).toBe(20);
        expectClose(run.trace, trace, TWENTY_STEPS);
        flat(toReference(run.parameters)).forEach((numbers, i) => {
          expectClose(numbers, flat(mixture)[i], TWENTY_STEPS, 1);
        });
        run.trace.slice(1).forEach((value, i) => {
          expect(value - run.trace[i]).toBeGreaterThan(-1e-12 * Math.abs(value));
        });
      }
    },
  );

  it.each<DegreesOfFreedom>(['each', 'shared', 4])(
    'has a vector with a gradient equal to differences of the log-likelihood, degrees of freedom %s',
    (how) => {
      for (const [equalWeights, hasNoise] of PAIRS) {
        const { values, start } = createData(type, 5);
        const weights = equalWeights ? new Float64Array(K).fill(1 / K) : start.weights;
        const degrees = how === 'each' ? Float64Array.of(3, 30, 1.5) : new Float64Array(K).fill(4);
        const plain = { ...start, weights, degreesOfFreedom: degrees };
        const parameters = hasNoise ? withNoise(plain, NOISE) : plain;
        const noise = hasNoise ? NOISE : undefined;
        const options = { ...optionsFor(type, values, how), equalWeights };
        const eStep = createEStepAlone(kernels, rowsOf(values), parameters);
        const vectors = new ParameterVector({ ...options, nComponents: K, nFeatures: D, noise });
        const mixture = factorMixture(parameters);
        const image = mStep(parameters, eStep(mixture).slice(), options);
        const point = vectors.toPoint(mixture, image);
        if (!point) throw new Error('the mixture has a vector');
        const free = how === 'each' ? K : how === 'shared' ? 1 : 0;
        expect(point.x).toHaveLength(
          (equalWeights ? 0 : K) + (noise ? 1 : 0) + K * D + familyOf(type).countParameters(K, D) + free,
        );

        const back = vectors.fromVector(point.x);
        expectClose(back.weights, parameters.weights, 1e-12);
        expectClose(back.covariances, parameters.covariances, 1e-12);
        expectClose(back.degreesOfFreedom ?? [], degrees, 1e-12);
        const next = vectors.fromVector(point.x.map((value, i) => value + point.step[i]));
        expectClose(next.means, image.mixture.parameters.means, 1e-12, 1);
        expectClose(next.degreesOfFreedom ?? [], image.mixture.parameters.degreesOfFreedom ?? [], 1e-12);

        // The error of a central difference: h² times the third derivative, and rounding divided by h.
        const h = 1e-4;
        const meanOf = (x: Float64Array) => eStep(factorMixture(vectors.fromVector(x)))[0] / N;
        const quotients = point.x.map((value, i) => {
          const [up, down] = [point.x.slice(), point.x.slice()];
          up[i] = value + h;
          down[i] = value - h;
          return (meanOf(up) - meanOf(down)) / (2 * h);
        });
        expectClose(point.gradient, quotients, 1e-6, Math.max(...quotients.map(Math.abs)));
      }
    },
  );

  it('gives the Gaussian step for a large number of degrees of freedom', () => {
    const { values, start } = createData(type, 8);
    const [gaussian, t] = [undefined, 1e12].map((how) => {
      const parameters = withDegrees(start, how);
      const eStep = createEStepAlone(kernels, rowsOf(values), parameters);
      const options = { ...optionsFor(type, values, 1e12), degreesOfFreedom: how };
      return runEm({ kind: 'parameters', parameters }, eStep, options).parameters;
    });
    // Log-densities differ by some q² / 4ν, and twenty steps amplify this.
    expectClose(t.means, gaussian.means, 1e-7, 1);
    expectClose(t.covariances, gaussian.covariances, 1e-7, 1);
  });

  it('holds estimates within their bounds, where their gradient is 0', () => {
    const { values, start } = createData(type, 8);
    const light = values.map(
      (_, i) => start.means[(Math.floor(i / D) % K) * D + (i % D)] + ((i * 7919) % 13) / 6 - 1,
    );
    const parameters = { ...start, degreesOfFreedom: new Float64Array(K).fill(MOST_DEGREES) };
    const options = optionsFor(type, light, 'each');
    const eStep = createEStepAlone(kernels, rowsOf(light), parameters);
    const mixture = factorMixture(parameters);
    const image = mStep(parameters, eStep(mixture).slice(), options);
    const point = new ParameterVector({ ...options, nComponents: K, nFeatures: D }).toPoint(mixture, image);
    // Values between two limits have lighter tails than any t distribution.
    expect([...(image.mixture.parameters.degreesOfFreedom ?? [])]).toEqual(new Array(K).fill(MOST_DEGREES));
    expect([...(point?.gradient.subarray(-K) ?? [])]).toEqual(new Array(K).fill(0));
  });
});
