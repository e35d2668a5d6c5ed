/** A mixture has the same density when it is written as a member of a larger family. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, containsType } from '../../src/core/covariance/families.js';
import { createPointDensity, logSumExp } from '../../src/core/density.js';
import { freeCovariances, splitComponent } from '../../src/core/nested.js';
import { covarianceOfInto } from '../../src/core/parameters.js';
import { createRandom } from '../../src/core/random.js';
import type { Parameters } from '../../src/types.js';
import { expectClose } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';

const [D, K] = [3, 4];

/** Sums of a few dozen terms. */
const ROUNDING = 1e-12;

function logDensities(parameters: Parameters, rows: Float64Array): number[] {
  const density = createPointDensity(parameters);
  const logProb = new Float64Array(parameters.nComponents);
  return Array.from({ length: rows.length / D }, (_, i) => {
    density.weightedLogProbInto(logProb, rows, i * D);
    return logSumExp(logProb);
  });
}

/** Total weight, mean and covariance of the whole mixture; a split must not change them. */
function overall(parameters: Parameters): number[] {
  const { nComponents: k, weights, means } = parameters;
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const mean = Array.from({ length: D }, (_, a) =>
    Array.from(weights).reduce((sum, one, j) => sum + one * means[j * D + a], 0),
  );
  const total = new Array<number>(D * D).fill(0);
  const matrix = new Float64Array(D * D);
  for (let j = 0; j < k; j++) {
    covarianceOfInto(matrix, parameters, j);
    for (let a = 0; a < D; a++) {
      for (let b = 0; b < D; b++) {
        const between = (means[j * D + a] - mean[a]) * (means[j * D + b] - mean[b]);
        total[a * D + b] += weights[j] * (matrix[a * D + b] + between);
      }
    }
  }
  return [weight, ...mean, ...total];
}

describe.each(COVARIANCE_TYPES)('%s', (type) => {
  const random = createRandom(5);
  const mixture = createMixture(type, K, D, random);
  const rows = drawRows(mixture, 50, random);
  const scales = Float64Array.of(2, 0.1, 5);

  it('has the same density with freer covariances', () => {
    for (const restriction of COVARIANCE_TYPES.filter((other) => containsType(type, other))) {
      const restricted = createMixture(restriction, K, D, random);
      const freed = freeCovariances(restricted, type);
      expect(freed.covarianceType).toBe(type);
      expectClose(logDensities(freed, rows), logDensities(restricted, rows), ROUNDING, 1);
    }
  });

  it('has the same density with a component written twice', () => {
    for (let j = 0; j < K; j++) {
      const split = splitComponent(mixture, j, 0, scales);
      expect(split.nComponents).toBe(K + 1);
      expectClose(logDensities(split, rows), logDensities(mixture, rows), ROUNDING, 1);
    }
  });

  it('keeps mean and covariance when the halves of a component are moved apart', () => {
    for (let j = 0; j < K; j++) {
      const split = splitComponent(mixture, j, 0.7, scales);
      const apart = [0, 1, 2].some((a) => split.means[j * D + a] !== split.means[K * D + a]);
      expect(apart).toBe(true);
      // The halves lose variance along one axis. A spherical covariance can keep only its trace.
      if (type === 'spherical') {
        const trace = (values: number[]) => values[4] + values[8] + values[12];
        expect(trace(overall(split))).toBeCloseTo(trace(overall(mixture)), 10);
      } else {
        expectClose(overall(split), overall(mixture), ROUNDING, 1);
      }
      expect(logDensities(split, rows).every(Number.isFinite)).toBe(true);
    }
  });
});
