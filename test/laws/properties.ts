/** The laws of EM. Each is written once and holds for any implementation of `fit`. */

import fc from 'fast-check';
import { expect } from 'vitest';
import type { CovarianceType, Dataset as Data, FitOptions, FitResult } from '../../src/index.js';
import { expectClose, largestError } from '../close.js';
import { Dataset, GmmError } from '../package.js';
import { createSample, sizes } from './arbitraries.js';
import { computeMoments, covarianceOf, momentsByType } from './moments.js';

/** The implementation that is tested. */
export type Fit = (data: Data, options: FitOptions) => Promise<FitResult>;

/** Rounding of sums of some hundred terms, added in another order. */
export const CLOSED_FORM = 1e-12;

/** Rounding that a dozen iterations on overlapping components carry along. */
export const ITERATED = 1e-9;

/** A log-likelihood is a sum of n logarithms, each exact to a few ε. */
const ROUNDING = 1e-12;

/** EM as in the textbook: no floor, no prior, no acceleration, a fixed number of steps. */
const EXACT = { tol: 0, covarianceFloor: 0, prior: 'none', acceleration: 'none' } as const;

/** Waits for a fit. A data set on which it collapses does not count as a run of the property. */
async function fitted(run: Promise<FitResult>): Promise<FitResult> {
  try {
    return await run;
  } catch (error) {
    fc.pre(!(error instanceof GmmError && error.code === 'DEGENERATE'));
    throw error;
  }
}

export const logLikelihoodNeverFalls = (fit: Fit, type: CovarianceType) =>
  fc.asyncProperty(
    sizes(),
    fc.constantFrom('kmeans', 'k-means++', 'random', 'random-rows'),
    fc.boolean(),
    fc.constantFrom('none', undefined),
    async (size, init, equalWeights, acceleration) => {
      const { d, k, seed } = size;
      const { rows } = createSample(type, size);
      const data = await Dataset.from(rows, { nFeatures: d });
      const options = { nComponents: k, covarianceType: type, init, nInit: 1, equalWeights, seed };
      const result = await fitted(fit(data, { ...options, ...EXACT, acceleration, maxIter: 40 }));
      const path = [...result.logLikelihoods, result.logLikelihood];
      for (let i = 1; i < path.length; i++) {
        expect(path[i]).toBeGreaterThanOrEqual(path[i - 1] - ROUNDING * Math.abs(path[i - 1]));
      }
    },
  );

export const oneComponentIsMeanAndCovariance = (fit: Fit, type: CovarianceType) =>
  fc.asyncProperty(sizes(1), fc.boolean(), async (size, explicit) => {
    const { d } = size;
    const { rows, init } = createSample(type, size);
    const data = await Dataset.from(rows, { nFeatures: d });
    const start = explicit ? { init } : {};
    const { model } = await fit(data, { nComponents: 1, covarianceType: type, ...start });
    const { mean, covariance } = computeMoments(rows, d);
    expectClose(model.weights, [1], 0);
    expectClose(model.means, mean, CLOSED_FORM, 1);
    expectClose(model.covariances, momentsByType(type, covariance, d), CLOSED_FORM, 1);
  });

export const movesAndScalesWithTheData = (fit: Fit, type: CovarianceType) =>
  fc.asyncProperty(
    sizes(),
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }),
    fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 4, maxLength: 4 }),
    async (size, exponents, shifts) => {
      const { d, k } = size;
      const { n, rows, init } = createSample(type, size);
      // A spherical mixture has the same scale in all directions.
      const scales = exponents.map((_, a) => 10 ** exponents[type === 'spherical' ? 0 : a]);
      const move = (values: ArrayLike<number>) =>
        Float64Array.from(values, (value, i) => scales[i % d] * value + shifts[i % d]);
      const scaleCovariances = (values: ArrayLike<number>) =>
        Float64Array.from(values, (value, i) => {
          if (type === 'spherical') return value * scales[0] ** 2;
          return value * scales[i % d] * scales[type === 'diag' ? i % d : Math.floor(i / d) % d];
        });
      const moved = {
        weights: init.weights,
        means: move(init.means as Float64Array),
        covariances: scaleCovariances(init.covariances as Float64Array),
      };
      const options = { nComponents: k, covarianceType: type, ...EXACT, covarianceFloor: 1e-6, maxIter: 12 };
      const [before, after] = await Promise.all([
        fitted(fit(await Dataset.from(rows, { nFeatures: d }), { ...options, init })),
        fitted(fit(await Dataset.from(move(rows), { nFeatures: d }), { ...options, init: moved })),
      ]);
      const jacobian = n * scales.slice(0, d).reduce((sum, scale) => sum + Math.log(scale), 0);
      expectClose([after.logLikelihood + jacobian], [before.logLikelihood], ITERATED, n);
      expectClose(after.model.weights, before.model.weights, ITERATED);
      expect(scaledError(after.model.means, move(before.model.means), scales, d)).toBeLessThan(ITERATED);
      if (type === 'diag' || type === 'spherical') {
        expectClose(after.model.covariances, scaleCovariances(before.model.covariances), ITERATED);
      } else {
        const unscaled = Float64Array.from(
          after.model.covariances,
          (value, i) => value / scales[i % d] / scales[Math.floor(i / d) % d],
        );
        expectClose(unscaled, before.model.covariances, ITERATED, 1);
      }
    },
  );

/** `largestError` in units of each column's scale. */
function scaledError(
  actual: Float64Array,
  expected: Float64Array,
  scales: readonly number[],
  d: number,
): number {
  const inUnits = (values: Float64Array) => values.map((value, i) => value / scales[i % d]);
  return largestError(inUnits(actual), inUnits(expected), 1);
}

export const weightTwoIsTheRowTwice = (fit: Fit, type: CovarianceType) =>
  fc.asyncProperty(sizes(), async (size) => {
    const { d, k, seed } = size;
    const { n, rows, init } = createSample(type, size);
    const sampleWeight = Float64Array.from({ length: n }, (_, i) => (seed + 7 * i) % 4);
    const repeated = Array.from({ length: n }, (_, i) => new Array(sampleWeight[i]).fill(i)).flat();
    const twice = repeated.flatMap((i) => [...rows.subarray(i * d, (i + 1) * d)]);
    const options = { nComponents: k, covarianceType: type, init, ...EXACT, maxIter: 12 };
    const [weighted, copied] = await Promise.all([
      fitted(fit(await Dataset.from(rows, { nFeatures: d, sampleWeight }), options)),
      fitted(fit(await Dataset.from(twice, { nFeatures: d }), options)),
    ]);
    for (const name of ['logLikelihood', 'meanLogLikelihood', 'bic', 'aic', 'icl'] as const) {
      expectClose([weighted[name]], [copied[name]], ITERATED, 1);
    }
    expectClose(weighted.model.weights, copied.model.weights, ITERATED);
    expectClose(weighted.model.means, copied.model.means, ITERATED, 1);
    expectClose(weighted.model.covariances, copied.model.covariances, ITERATED, 1);
  });

export const totalScatterIsWithinAndBetween = (fit: Fit, type: CovarianceType) =>
  fc.asyncProperty(sizes(), fc.integer({ min: 1, max: 6 }), async (size, maxIter) => {
    const { d, k } = size;
    const { rows, init } = createSample(type, size);
    const data = await Dataset.from(rows, { nFeatures: d });
    const options = { nComponents: k, covarianceType: type, init, ...EXACT, maxIter };
    const { model } = await fitted(fit(data, options));
    const { mean, covariance } = computeMoments(rows, d);
    const sum = new Float64Array(d * d);
    for (let j = 0; j < k; j++) {
      const within = covarianceOf(model, j);
      const apart = model.means.subarray(j * d, (j + 1) * d).map((value, a) => value - mean[a]);
      for (let i = 0; i < d * d; i++) {
        sum[i] += model.weights[j] * (within[i] + apart[Math.floor(i / d)] * apart[i % d]);
      }
    }
    const [total, parts] = [covariance, sum].map((matrix) => momentsByType(type, matrix, d));
    expectClose(parts, total, CLOSED_FORM, 1);
  });

export const sameSeedSameBits = (fit: Fit, type: CovarianceType, bitsOf: (value: unknown) => string) =>
  fc.asyncProperty(sizes(), async (size) => {
    const { d, k, seed } = size;
    const { rows } = createSample(type, size);
    const data = await Dataset.from(rows, { nFeatures: d });
    const options = { nComponents: k, covarianceType: type, nInit: 3, seed };
    const [first, second] = await Promise.all([fitted(fit(data, options)), fitted(fit(data, options))]);
    expect(bitsOf(second)).toBe(bitsOf(first));
  });
