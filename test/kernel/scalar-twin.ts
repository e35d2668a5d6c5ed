/**
 * The kernel's scalar twin: E-step and statistics row by row, as in the textbook, without packing, preparing or inverting
 * (Bishop, PRML, 2006, eq. 9.23–9.27).
 *
 * Every statistic has a magnitude: the sum of the absolute values of its terms, each times the factor by which a relative
 * rounding error of the squared distances q grows. A responsibility rⱼ has the relative error ε (qⱼ + Σₘ rₘ qₘ) / 2. Its
 * absolute error is at least ε, because the kernel takes responsibilities below ε as 0. A statistic is correct if its
 * error is at most a few ε times its magnitude.
 */

import { formOf } from '../../src/core/covariance/families.js';
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
  readonly value: number;
  readonly magnitude: number;
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

export function createTwin(parameters: Parameters): ScalarTwin {
  const { covarianceType, nComponents: k, nFeatures: d, weights, means, noise } = parameters;
  const layout = createStatisticsLayout(formOf(covarianceType), k, d);
  const statistics = new Float64Array(layout.length);
  const magnitudes = new Float64Array(layout.length);
  const lowers = Array.from({ length: k }, (_, j) => choleskyOf(covarianceOf(parameters, j)));
  const constants = lowers.map((lower, j) => {
    const halfLogDeterminant = lower.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
    return Math.log(weights[j]) - halfLogDeterminant - (d / 2) * Math.log(2 * Math.PI);
  });

  const logNoise = noise ? Math.log(noise.weight) + noise.logDensity : Number.NEGATIVE_INFINITY;

  /** Adds a term r · product to a statistic, and its magnitude. */
  const addTo = (at: number, { value, magnitude }: Weighted, product: number): void => {
    statistics[at] += value * product;
    magnitudes[at] += magnitude * Math.abs(product);
  };

  /** Adds the products that the scatter of the covariance type holds, in its order. */
  const addScatter = (j: number, r: Weighted, deviation: Float64Array): void => {
    let at = layout.scatters + j * layout.scatterLength;
    if (covarianceType === 'full') {
      for (let a = 0; a < d; a++) {
        for (let b = 0; b <= a; b++) addTo(at++, r, deviation[a] * deviation[b]);
      }
    } else if (covarianceType !== 'tied') {
      for (let a = 0; a < d; a++) {
        addTo(at, r, deviation[a] ** 2);
        if (covarianceType === 'diag') at++;
      }
    }
  };

  const deviations = Array.from({ length: k }, () => new Float64Array(d));
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
