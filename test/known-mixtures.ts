/** Known mixtures and rows drawn from them, from which a fit must recover the mixture. */

import { expect } from 'vitest';
import { computeCholesky } from '../src/core/cholesky.js';
import { createRandom, type Random } from '../src/core/random.js';
import type { Engine, FitResult } from '../src/index.js';
import type { Parameters } from '../src/types.js';
import { createMixture } from './mixtures.js';
import { Dataset } from './package.js';

/** A mixture to recover. */
export interface KnownCase {
  readonly d: number;
  readonly k: number;
  readonly isSeparated: boolean;
  readonly seed: number;
}

/**
 * `perPair` cases for each d and k, half of them overlapping, half clearly separated.
 *
 * @param ds - numbers of columns
 * @param ks - numbers of components
 */
export function knownCases(ds: readonly number[], ks: readonly number[], perPair: number): KnownCase[] {
  const pairs = ds.flatMap((d) => ks.flatMap((k) => new Array(perPair).fill({ d, k })));
  return pairs.map((pair, i) => ({ ...pair, isSeparated: i % 2 === 1, seed: 1000 + i }));
}

/** Components whose means are this many standard deviations apart, in the widest direction, share no row in millions. */
const CLEAR_DISTANCE = 10;

/** Root mean square distance of overlapping means; standard deviations are from 1 to about 2. */
const OVERLAPPING_DISTANCE = 3;

function createKnown({ d, k, isSeparated }: KnownCase, random: Random): Parameters {
  if (!isSeparated) return createMixture('full', k, d, random, OVERLAPPING_DISTANCE / Math.sqrt(2 * d));
  for (let spread = 8; ; spread *= 1.1) {
    const mixture = createMixture('full', k, d, random, spread);
    if (nearestMeans(mixture) > CLEAR_DISTANCE * widest(mixture)) return mixture;
  }
}

function nearestMeans({ means, nComponents: k, nFeatures: d }: Parameters): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < j; i++) nearest = Math.min(nearest, distance(means, j, means, i, d));
  }
  return nearest;
}

function distance(a: Float64Array, j: number, b: Float64Array, i: number, d: number): number {
  return Math.hypot(...a.subarray(j * d, (j + 1) * d).map((value, at) => value - b[i * d + at]));
}

/** An upper bound of the standard deviation in any direction: the square root of the largest trace. */
function widest({ covariances, nComponents: k, nFeatures: d }: Parameters): number {
  let largest = 0;
  for (let j = 0; j < k; j++) {
    let trace = 0;
    for (let a = 0; a < d; a++) trace += covariances[(j * d + a) * d + a];
    largest = Math.max(largest, trace);
  }
  return Math.sqrt(largest);
}

/** (n × d) rows: draws a component by its weight, then μ + L z. */
function drawFrom(mixture: Parameters, n: number, random: Random): Float64Array {
  const { weights, means, covariances, nComponents: k, nFeatures: d } = mixture;
  const lowers = Array.from(weights, (_, j) => computeCholesky(covariances, j * d * d, d) as Float64Array);
  const rows = new Float64Array(n * d);
  const z = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    let left = random.uniform();
    let j = 0;
    while (j < k - 1 && left >= weights[j]) left -= weights[j++];
    for (let a = 0; a < d; a++) z[a] = random.normal();
    for (let a = 0, at = 0; a < d; a++) {
      let value = means[j * d + a];
      for (let b = 0; b <= a; b++) value += lowers[j][at++] * z[b];
      rows[i * d + a] = value;
    }
  }
  return rows;
}

/** Both are sums of n logarithms of nearly the same parameters. */
const ROUNDING = 1e-12;

/**
 * Fits n rows of the case with default options. The fit is at least as likely as the truth. If the components are
 * separated, it is within four standard errors of the truth: the estimates are then shares and means of samples.
 */
export async function expectFoundAgain(engine: Engine, known: KnownCase, n: number): Promise<void> {
  const random = createRandom(known.seed);
  const truth = createKnown(known, random);
  const { k, d } = known;
  const data = await Dataset.from(drawFrom(truth, n, random), { nFeatures: d });
  const result = await engine.fit(data, { nComponents: k });
  const { weights, means, covariances } = truth;
  const atTruth = await engine.fit(data, {
    nComponents: k,
    init: { weights, means, covariances },
    maxIter: 0,
  });
  expect(result.status).toBe('converged');
  const least = atTruth.logLikelihood - ROUNDING * Math.abs(atTruth.logLikelihood);
  expect(result.logLikelihood).toBeGreaterThanOrEqual(least);
  if (known.isSeparated) expectParameters(result, truth, n);
}

const STANDARD_ERRORS = 4;

function expectParameters({ model }: FitResult, truth: Parameters, n: number): void {
  const { nComponents: k, nFeatures: d, weights, means, covariances } = truth;
  const found = new Set<number>();
  for (let j = 0; j < k; j++) {
    const distances = Array.from(weights, (_, i) => distance(means, j, model.means, i, d));
    const match = distances.indexOf(Math.min(...distances));
    found.add(match);
    const weightError = Math.sqrt((weights[j] * (1 - weights[j])) / n);
    expect(Math.abs(model.weights[match] - weights[j]) / weightError).toBeLessThan(STANDARD_ERRORS);
    for (let a = 0; a < d; a++) {
      const meanError = Math.sqrt(covariances[(j * d + a) * d + a] / (n * weights[j]));
      const off = Math.abs(model.means[match * d + a] - means[j * d + a]);
      expect(off / meanError).toBeLessThan(STANDARD_ERRORS);
    }
  }
  expect(found.size).toBe(k);
}
