/**
 * The kernel's scalar twin: E-step and statistics row by row, as in the textbook, without packing, preparing or inverting
 * (Bishop, PRML, 2006, eq. 9.23–9.27), for Gaussian and Student's t components, with and without noise.
 *
 * Every statistic has a magnitude: the sum of the absolute values of its terms, each times the factor by which a relative
 * rounding error of the squared distances q grows. A responsibility rⱼ has the relative error ε (qⱼ + Σₘ rₘ qₘ) / 2. Its
 * absolute error is at least ε, because the kernel takes responsibilities below ε as 0. A statistic is correct if its
 * error is at most a few ε times its magnitude.
 *
 * The log-density of a t component has −(ν + d) log(1 + q/ν) / 2 for −q/2. A relative error of q changes it by u q / 2 times that,
 * and the logarithm has its own, so its magnitude takes the place of q.
 */

import { formOf } from '../../src/core/covariance/families.js';
import { centerOf } from '../../src/core/parameters.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import type { Parameters } from '../../src/types.js';

/** Responsibilities and log-density of one row. */
export interface TwinRow {
  /** (k) */
  readonly responsibilities: Float64Array;
  /** r₀ */
  readonly noise: number;
  readonly logDensity: number;
  /** Magnitude of logDensity. The magnitude of a responsibility rⱼ is rⱼ times this, plus rⱼ qⱼ. */
  readonly magnitude: number;
}

export interface ScalarTwin {
  /** Of all rows added so far, laid out as in core/statistics. */
  readonly statistics: Float64Array;
  readonly magnitudes: Float64Array;
  /** Adds the row (d) at `offset` in `rows`. */
  add(rows: Float64Array, offset: number, weight: number): TwinRow;
}

/** A factor of a term, such as a responsibility, and its magnitude. */
interface Weighted {
  value: number;
  magnitude: number;
}

/** @returns Σ of component j as (d × d), for any covariance type */
function covarianceOf({ covarianceType, covariances, nFeatures: d }: Parameters, j: number): number[][] {
  return Array.from({ length: d }, (_, a) =>
    Array.from({ length: d }, (_, b) => {
      if (covarianceType === 'full') return covariances[(j * d + a) * d + b];
      if (covarianceType === 'tied') return covariances[a * d + b];
      if (a !== b) return 0;
      return covariances[covarianceType === 'diag' ? j * d + a : j];
    }),
  );
}

/** @returns L of Σ = L Lᵀ (Cholesky–Banachiewicz) */
function choleskyOf(matrix: number[][]): number[][] {
  const lower: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i][j];
      for (let a = 0; a < j; a++) sum -= lower[i][a] * lower[j][a];
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  }
  return lower;
}

/** Of the powers of 1/x in Γ(x + ½) / (Γ(x) √x) (Graham, Knuth & Patashnik, Concrete Mathematics, answer 9.60), highest first. */
const HALF_STEP = [39325 / 33554432, 869 / 4194304, -399 / 262144, -21 / 32768, 5 / 1024, 1 / 128, -1 / 8, 1];

/** ln Γ(x + ½) − ln Γ(x): from x = 40 on, where the next term is below 1e-16, by the series; down to x by recurrence. */
function logHalfStep(x: number): number {
  let factor = 1;
  let at = x;
  for (; at < 40; at++) factor *= at / (at + 0.5);
  const series = HALF_STEP.reduce((sum, coefficient) => sum / at + coefficient, 0);
  return Math.log(factor * series) + Math.log(at) / 2;
}

/** ln Γ((ν + d)/2) − ln Γ(ν/2) − d/2 ln νπ, factor by factor. */
function logNormalizer(degrees: number, d: number): number {
  let sum = 0;
  const whole = Math.floor(d / 2);
  for (let i = 0; i < whole; i++) sum += Math.log((degrees / 2 + i) / (degrees * Math.PI));
  return d % 2 === 0 ? sum : sum + logHalfStep(degrees / 2 + whole) - Math.log(degrees * Math.PI) / 2;
}

export function createTwin(parameters: Parameters): ScalarTwin {
  const { covarianceType, nComponents: k, nFeatures: d, weights, means, noise } = parameters;
  const degrees = parameters.degreesOfFreedom;
  const layout = createStatisticsLayout(
    formOf(covarianceType),
    k,
    d,
    degrees ? 't' : 'gaussian',
    noise !== undefined,
  );
  const statistics = new Float64Array(layout.length);
  const magnitudes = new Float64Array(layout.length);
  const lowers = Array.from({ length: k }, (_, j) => choleskyOf(covarianceOf(parameters, j)));
  const constants = lowers.map((lower, j) => {
    const halfLogDeterminant = lower.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
    const normalizer = degrees ? logNormalizer(degrees[j], d) : (-d / 2) * Math.log(2 * Math.PI);
    return Math.log(weights[j]) - halfLogDeterminant + normalizer;
  });

  const logNoise = noise ? Math.log(noise.weight) + noise.logDensity : Number.NEGATIVE_INFINITY;

  /** Adds a term r · product to a statistic, and its magnitude. */
  const addTo = (at: number, { value, magnitude }: Weighted, product: number): void => {
    statistics[at] += value * product;
    magnitudes[at] += magnitude * Math.abs(product);
  };

  /** Adds the products that the scatter of the covariance type holds, in its order. */
  const addScatter = (j: number, r: Weighted, deviation: Float64Array): void => {
    const isShared = covarianceType === 'tied';
    let at = layout.scatters + (isShared ? 0 : j * layout.scatterLength);
    if (isShared && noise && !degrees) {
      // About the mean of the components.
      for (let a = 0; a < d; a++) shared[a] = deviation[a] + means[j * d + a] - center[a];
      for (let a = 0; a < d; a++) {
        for (let b = 0; b <= a; b++) addTo(at++, r, shared[a] * shared[b]);
      }
    } else if (covarianceType === 'full' || (isShared && degrees)) {
      for (let a = 0; a < d; a++) {
        for (let b = 0; b <= a; b++) addTo(at++, r, deviation[a] * deviation[b]);
      }
    } else if (!isShared) {
      for (let a = 0; a < d; a++) {
        addTo(at, r, deviation[a] ** 2);
        if (covarianceType === 'diag') at++;
      }
    }
  };

  const shared = new Float64Array(d);
  const center = centerOf(parameters);
  const deviations = Array.from({ length: k }, () => new Float64Array(d));
  const scales = new Float64Array(k);
  const excess = new Float64Array(k);
  const distances = new Float64Array(k);
  const logProb = new Float64Array(k);
  const y = new Float64Array(d);
  return {
    statistics,
    magnitudes,
    add(rows, offset, weight) {
      for (let j = 0; j < k; j++) {
        const lower = lowers[j];
        const deviation = deviations[j];
        for (let a = 0; a < d; a++) deviation[a] = rows[offset + a] - means[j * d + a];
        let distance = 0;
        for (let a = 0; a < d; a++) {
          let sum = deviation[a];
          for (let b = 0; b < a; b++) sum -= lower[a][b] * y[b];
          y[a] = sum / lower[a][a];
          distance += y[a] * y[a];
        }
        distances[j] = distance;
        logProb[j] = constants[j] - distance / 2;
        if (degrees) {
          const nu = degrees[j];
          excess[j] = Math.log1p(distance / nu);
          scales[j] = (nu + d) / (nu + distance);
          distances[j] = scales[j] * distance + (nu + d) * excess[j];
          logProb[j] = constants[j] - ((nu + d) / 2) * excess[j];
        }
      }
      const largest = logProb.reduce((most, value) => Math.max(most, value), logNoise);
      const responsibilities = logProb.map((value) => Math.exp(value - largest));
      const noiseTerm = Math.exp(logNoise - largest);
      const sum = responsibilities.reduce((total, value) => total + value, noiseTerm);
      let meanDistance = 0;
      for (let j = 0; j < k; j++) {
        responsibilities[j] /= sum;
        meanDistance += responsibilities[j] * (d + distances[j]);
      }
      const logDensity = largest + Math.log(sum);
      const factor = 1 + meanDistance;

      addTo(0, { value: weight * logDensity, magnitude: weight * (Math.abs(logDensity) + factor) }, 1);
      addTo(1, { value: -weight * Math.log(sum), magnitude: weight * factor }, 1);
      addTo(2, { value: weight, magnitude: weight }, 1);
      if (noise) addTo(4, { value: (weight * noiseTerm) / sum, magnitude: weight * factor }, 1);
      for (let j = 0; j < k; j++) {
        const value = weight * responsibilities[j];
        const r = { value, magnitude: weight + value * (factor + distances[j]) };
        addTo(layout.counts + j, r, 1);
        if (degrees) {
          addTo(layout.scaledCounts + j, r, scales[j]);
          const nearest = Math.log1p(d / degrees[j]);
          statistics[layout.scaleLogs + j] += r.value * (nearest - excess[j] - scales[j]);
          magnitudes[layout.scaleLogs + j] += r.magnitude * (1 + nearest + excess[j] + scales[j]);
          r.value *= scales[j];
          r.magnitude *= scales[j];
        }
        for (let a = 0; a < d; a++) addTo(layout.sums + j * d + a, r, deviations[j][a]);
        addScatter(j, r, deviations[j]);
      }
      return {
        responsibilities,
        noise: noiseTerm / sum,
        logDensity,
        magnitude: Math.abs(logDensity) + factor,
      };
    },
  };
}
