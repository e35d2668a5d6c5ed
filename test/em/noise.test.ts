/** EM with noise: against EM written as in the textbook, the trace, and the gradient compared with differences of the log-likelihood. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf } from '../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../src/core/covariance/floor.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import type { Noise } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import { LOG_LIKELIHOOD } from '../../src/core/statistics.js';
import { ParameterVector } from '../../src/em/acceleration/parameter-vector.js';
import type { Point } from '../../src/em/acceleration/quasi-newton.js';
import { mStep } from '../../src/em/m-step.js';
import { restartComponent } from '../../src/em/restart-component.js';
import { createEStepAlone } from '../../src/jobs/passes-alone.js';
import { createKernelCache } from '../../src/kernel/kernel-cache.js';
import { compileKernel } from '../../src/kernel/module.js';
import type { CovarianceType, Parameters } from '../../src/types.js';
import { expectClose } from '../close.js';
import { withNoise } from '../kernel/noise.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

/** Twenty iterations, each of which multiplies rounding by a little more than 1. */
const TWENTY_ITERATIONS = 1e-10;
/** Rounding of roots, logarithms and their inverses. */
const CLOSED_FORM = 1e-12;
/** The error of a difference quotient of step h: h² times the third derivative, plus rounding divided by h. */
const STEP = 1e-4;
const DIFFERENCE_QUOTIENT = 1e-6;

const [N, D, K] = [300, 3, 3];
const kernels = createKernelCache(compileKernel());
const NOISE: Noise = { weight: 0.15, logDensity: -Math.log(20 ** D) };

/** Rows of clusters far from zero, a fifth of them moved anywhere. */
const random = createRandom(31);
const rows = drawRows(createMixture('full', K, D, random), N, random).map((value, i) =>
  Math.floor(i / D) % 5 === 0 ? 100 + 20 * (random.uniform() - 0.5) : 100 + value,
);
const weights = Float64Array.from({ length: N }, (_, i) => 0.5 + (i % 3));

function startOf(type: CovarianceType, equalWeights: boolean): Parameters {
  const drawn = createMixture(type, K, D, createRandom(7));
  const mixture = {
    ...drawn,
    weights: equalWeights ? new Float64Array(K).fill(1 / K) : drawn.weights,
    means: drawn.means.map((mean) => 100 + mean),
  };
  return withNoise(mixture, NOISE);
}

function optionsOf(type: CovarianceType, equalWeights: boolean, sampleWeight?: Float64Array) {
  const family = familyOf(type);
  const totalWeight = sampleWeight ? sampleWeight.reduce((sum, weight) => sum + weight, 0) : N;
  const moments = { totalWeight, ...computeMoments(rows, D) };
  return {
    family,
    floor: createCovarianceFloor(family.form, moments, 0),
    moments,
    regCovar: 0,
    equalWeights,
  };
}

/** One EM step as in the textbook, with matrices of all components at hand. */
function stepByHand(
  { covarianceType, means, covariances, weights: shares, noise }: Parameters,
  equalWeights: boolean,
  sampleWeight?: Float64Array,
): { next: Parameters; logLikelihood: number } {
  const { weight: noiseShare, logDensity } = noise as Noise;
  const matrixOf = (j: number) =>
    Array.from({ length: D }, (_, a) =>
      Array.from({ length: D }, (_, b) => {
        if (covarianceType === 'full') return covariances[(j * D + a) * D + b];
        if (covarianceType === 'tied') return covariances[a * D + b];
        if (a !== b) return 0;
        return covarianceType === 'diag' ? covariances[j * D + a] : covariances[j];
      }),
    );
  const matrices = Array.from({ length: K }, (_, j) => matrixOf(j));
  let logLikelihood = 0;
  let noiseCount = 0;
  let total = 0;
  const counts = new Float64Array(K);
  const sums = new Float64Array(K * D);
  const responsibilities: number[][] = [];
  for (let i = 0; i < N; i++) {
    const densities = matrices.map((matrix, j) => {
      const deviation = Array.from({ length: D }, (_, a) => rows[i * D + a] - means[j * D + a]);
      const { solution, determinant } = solve(matrix, deviation);
      const distance = deviation.reduce((sum, value, a) => sum + value * solution[a], 0);
      return (shares[j] * Math.exp(-distance / 2)) / Math.sqrt((2 * Math.PI) ** D * determinant);
    });
    const ofNoise = noiseShare * Math.exp(logDensity);
    const density = densities.reduce((sum, value) => sum + value, ofNoise);
    const weight = sampleWeight ? sampleWeight[i] : 1;
    logLikelihood += weight * Math.log(density);
    noiseCount += (weight * ofNoise) / density;
    total += weight;
    responsibilities.push(densities.map((value) => (weight * value) / density));
    for (let j = 0; j < K; j++) {
      counts[j] += responsibilities[i][j];
      for (let a = 0; a < D; a++) sums[j * D + a] += responsibilities[i][j] * rows[i * D + a];
    }
  }
  const moved = sums.map((value, i) => value / counts[Math.floor(i / D)]);
  const scatters = Array.from({ length: K }, () => new Float64Array(D * D));
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < K; j++) {
      for (let a = 0; a < D; a++)
        for (let b = 0; b < D; b++)
          scatters[j][a * D + b] +=
            responsibilities[i][j] *
            (rows[i * D + a] - moved[j * D + a]) *
            (rows[i * D + b] - moved[j * D + b]);
    }
  }
  const inComponents = counts.reduce((sum, count) => sum + count, 0);
  const diagonal = (j: number) => Array.from({ length: D }, (_, a) => scatters[j][a * D + a] / counts[j]);
  const covariancesOf = {
    full: () => scatters.flatMap((scatter, j) => Array.from(scatter, (value) => value / counts[j])),
    tied: () =>
      Array.from(
        scatters[0],
        (_, at) => scatters.reduce((sum, scatter) => sum + scatter[at], 0) / inComponents,
      ),
    diag: () => scatters.flatMap((_, j) => diagonal(j)),
    spherical: () => scatters.map((_, j) => diagonal(j).reduce((sum, value) => sum + value, 0) / D),
  }[covarianceType as 'full'];
  const next = {
    covarianceType,
    nComponents: K,
    nFeatures: D,
    weights: equalWeights ? counts.map(() => inComponents / total / K) : counts.map((count) => count / total),
    means: moved,
    covariances: Float64Array.from(covariancesOf()),
    noise: { weight: noiseCount / total, logDensity },
  };
  return { next, logLikelihood };
}

/** Gaussian elimination of a positive definite system. */
function solve(matrix: number[][], right: number[]): { solution: number[]; determinant: number } {
  const a = matrix.map((row, i) => [...row, right[i]]);
  let determinant = 1;
  for (let p = 0; p < D; p++) {
    determinant *= a[p][p];
    for (let i = 0; i < D; i++) {
      if (i === p) continue;
      const factor = a[i][p] / a[p][p];
      for (let c = p; c <= D; c++) a[i][c] -= factor * a[p][c];
    }
  }
  return { solution: a.map((row, i) => row[D] / row[i]), determinant };
}

const cases = COVARIANCE_TYPES.flatMap((type) =>
  [false, true].map((equalWeights) => ({ type, equalWeights })),
);

describe.each(cases)('EM with noise, $type, equal weights $equalWeights', ({ type, equalWeights }) => {
  const start = startOf(type, equalWeights);

  it.each([undefined, weights])(
    'agrees with the textbook for 20 iterations, and never falls',
    (sampleWeight) => {
      const chunk = { nSamples: N, nFeatures: D, chunkRows: N, chunks: [rows], sampleWeight };
      const eStep = createEStepAlone(kernels, chunk, start);
      const options = optionsOf(type, equalWeights, sampleWeight);
      let current = start;
      let expected = start;
      let before = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < 20; i++) {
        const statistics = eStep(factorMixture(current));
        const byHand = stepByHand(expected, equalWeights, sampleWeight);
        expectClose([statistics[LOG_LIKELIHOOD]], [byHand.logLikelihood], TWENTY_ITERATIONS);
        expect(statistics[LOG_LIKELIHOOD]).toBeGreaterThan(before);
        before = statistics[LOG_LIKELIHOOD];
        current = mStep(current, statistics, options).mixture.parameters;
        expected = byHand.next;
        expectClose(current.weights, expected.weights, TWENTY_ITERATIONS);
        expectClose(current.means, expected.means, TWENTY_ITERATIONS);
        expectClose([current.noise?.weight ?? 0], [expected.noise?.weight ?? 0], TWENTY_ITERATIONS);
        const size = Math.max(...expected.covariances);
        expectClose(
          current.covariances.map((value) => value / size + 2),
          expected.covariances.map((value) => value / size + 2),
          TWENTY_ITERATIONS,
        );
      }
      // Not a trivial run: the noise has found its rows, a fifth.
      expect(current.noise?.weight).toBeGreaterThan(0.05);
    },
  );

  const family = familyOf(type);
  const options = optionsOf(type, equalWeights);
  const { moments } = options;
  const vectors = new ParameterVector({
    family,
    nComponents: K,
    nFeatures: D,
    moments,
    equalWeights,
    noise: { logDensity: NOISE.logDensity },
  });
  const statisticsOf = (parameters: Parameters): Float64Array => {
    const twin = createTwin(parameters);
    for (let i = 0; i < N; i++) twin.add(rows, i * D, 1);
    return twin.statistics;
  };
  const image = mStep(start, statisticsOf(start), options);
  const point = vectors.toPoint(factorMixture(start), image) as Point;

  it('has a vector with one coordinate for the noise, which maps back', () => {
    const without = new ParameterVector({ family, nComponents: K, nFeatures: D, moments, equalWeights });
    expect(vectors.length).toBe(without.length + 1);
    for (const [x, mixture] of [
      [point.x, start],
      [point.x.map((value, i) => value + point.step[i]), image.mixture.parameters],
    ] as const) {
      const back = vectors.fromVector(x);
      expectClose(back.weights, mixture.weights, CLOSED_FORM);
      expectClose([back.noise?.weight ?? 0], [mixture.noise?.weight ?? 0], CLOSED_FORM);
      expect(back.noise?.logDensity).toBe(NOISE.logDensity);
      expectClose(back.means, mixture.means, CLOSED_FORM);
      expectClose(back.covariances, mixture.covariances, 1e-11);
    }
  });

  it('has a gradient equal to differences of the log-likelihood', () => {
    const mean = (x: Float64Array) => statisticsOf(vectors.fromVector(x))[0] / N;
    const quotients = point.x.map((value, i) => {
      const [up, down] = [point.x.slice(), point.x.slice()];
      up[i] = value + STEP;
      down[i] = value - STEP;
      return (mean(up) - mean(down)) / (2 * STEP);
    });
    const largest = Math.max(...quotients.map(Math.abs));
    quotients.forEach((quotient, i) => {
      expect(Math.abs(point.gradient[i] - quotient)).toBeLessThan(DIFFERENCE_QUOTIENT * largest);
    });
  });

  it('restarts an empty component with weights that leave the noise its own', () => {
    const away = { ...start, means: start.means.map((value, i) => (Math.floor(i / D) === 1 ? 1e6 : value)) };
    const left = mStep(away, statisticsOf(away), options);
    expect(left.empty).toEqual([1]);
    const again = restartComponent(left, 1, rows.subarray(0, D), options);
    expect(again.noise).toEqual(left.mixture.parameters.noise);
    const sum = again.weights.reduce((total, weight) => total + weight, again.noise?.weight ?? 0);
    expectClose([sum], [1], CLOSED_FORM);
  });
});
