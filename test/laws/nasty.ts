/**
 * Data sets that break other packages. One law holds for all of them: every number of a fit is sound, or the fit is
 * rejected with a reason.
 */

import fc from 'fast-check';
import { expect } from 'vitest';
import { computeCholesky } from '../../src/core/cholesky.js';
import { createRandom } from '../../src/core/random.js';
import type { Engine, FitResult, GmmError as Rejection } from '../../src/index.js';
import type { CovarianceType } from '../../src/types.js';
import { Dataset, GmmError } from '../package.js';
import { abortAfterProcessorMs } from '../processor-time.js';
import { covarianceOf } from './moments.js';

/**
 * Faults of a column. The largest offset is 1e9 standard deviations, where a mean still has seven digits of the standard
 * deviation. Larger offsets are not tried: at 1e15 neighbouring numbers are 0.125 apart, so rows are rounded to steps and
 * no law of EM holds to any digit.
 */
const COLUMNS = ['plain', 'tiny', 'huge', 'offset', 'ties'] as const;

interface Nasty {
  readonly k: number;
  readonly n: number;
  readonly columns: readonly ((typeof COLUMNS)[number] | 'constant' | 'duplicate')[];
  readonly rows: 'distinct' | 'repeated' | 'equal' | 'clustered';
  /** Decimal exponent of one value, or undefined for no outlier. */
  readonly outlier: number | undefined;
  /** With m here, every m-th weight is 0; undefined for no weights. */
  readonly zeroWeights: number | undefined;
  readonly prior: 'auto' | 'none';
  readonly init: 'kmeans' | 'k-means++' | 'random' | 'random-rows';
  readonly seed: number;
}

/** One column in six makes matrices singular, so that each outcome occurs. */
const column = fc.oneof(
  { arbitrary: fc.constantFrom('constant' as const, 'duplicate' as const), weight: 1 },
  { arbitrary: fc.constantFrom(...COLUMNS), weight: 5 },
);

const orNone = <T>(arbitrary: fc.Arbitrary<T>, weight: number) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight }, { arbitrary, weight: 1 });

const nasty: fc.Arbitrary<Nasty> = fc.record({
  k: fc.integer({ min: 1, max: 5 }),
  // One row, fewer rows than columns, or so many rows that only the other faults matter.
  n: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 6 }), weight: 1 },
    { arbitrary: fc.integer({ min: 7, max: 120 }), weight: 2 },
  ),
  columns: fc.array(column, { minLength: 1, maxLength: 5 }),
  rows: fc.oneof(
    { arbitrary: fc.constant('equal' as const), weight: 1 },
    { arbitrary: fc.constantFrom('distinct' as const, 'repeated' as const, 'clustered' as const), weight: 7 },
  ),
  outlier: orNone(fc.integer({ min: 20, max: 300 }), 3),
  zeroWeights: orNone(fc.integer({ min: 2, max: 5 }), 1),
  init: fc.constantFrom('kmeans', 'k-means++', 'random', 'random-rows'),
  prior: fc.constantFrom('auto', 'none'),
  seed: fc.nat({ max: 1_000_000 }),
});

/** (n × d) row-major. */
function createRows({ n, columns, rows, outlier, seed }: Nasty): Float64Array {
  const random = createRandom(seed);
  const d = columns.length;
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    if (rows === 'equal' && i > 0) {
      out.copyWithin(i * d, 0, d);
      continue;
    }
    if (rows === 'repeated' && i >= Math.ceil(n / 3)) {
      const from = random.below(i);
      out.copyWithin(i * d, from * d, (from + 1) * d);
      continue;
    }
    const shift = rows === 'clustered' ? 6 * (i % 3) : 0;
    for (let a = 0; a < d; a++) {
      const value = random.normal() + shift;
      out[i * d + a] = {
        plain: value,
        constant: 0.1,
        duplicate: a > 0 ? out[i * d + a - 1] : value,
        tiny: 1e-12 * value,
        huge: 1e12 * value,
        offset: 1e9 + value,
        ties: Math.round(value),
      }[columns[a]];
    }
  }
  if (outlier !== undefined) out[random.below(out.length)] = (random.below(2) ? 1 : -1) * 10 ** outlier;
  return out;
}

/** A data set has a few hundred numbers: a fit that takes more processor time than this hangs. */
const TIMEOUT_MS = 5000;

/** The rounding of a sum of a dozen weights. */
const ROUNDING = 1e-14;

/** The log-likelihood is a sum of n logarithms, each exact to a few ε. */
const FALL = 1e-12;

/** The number of data sets with each outcome. */
export interface Outcomes {
  sound: number;
  DEGENERATE: number;
  INVALID_DATA: number;
}

/** @param outcomes - in/out: counts */
export const soundOrRejected = (engine: Engine, type: CovarianceType, outcomes: Outcomes) =>
  fc.asyncProperty(nasty, async (set) => {
    const { k, n, columns, zeroWeights, init, prior, seed } = set;
    const rows = createRows(set);
    const sampleWeight = zeroWeights && Float64Array.from({ length: n }, (_, i) => (i + 1) % zeroWeights);
    let result: FitResult;
    const data = await Dataset.from(rows, {
      nFeatures: columns.length,
      sampleWeight: sampleWeight || undefined,
    });
    const { signal, stop } = abortAfterProcessorMs(TIMEOUT_MS);
    try {
      const options = { nComponents: k, covarianceType: type, init, prior, nInit: 3, seed, signal };
      result = await engine.fit(data, options);
    } catch (error) {
      expect(error).toBeInstanceOf(GmmError);
      const { code, message } = error as Rejection;
      expect(['DEGENERATE', 'INVALID_DATA']).toContain(code);
      expect(message).not.toMatch(/NaN|undefined|Infinity/);
      outcomes[code as 'DEGENERATE' | 'INVALID_DATA']++;
      return;
    } finally {
      stop();
      expect(signal.aborted).toBe(false);
    }
    outcomes.sound++;
    expectSound(result);
    const [scores, shares] = [
      await result.model.scoreSamples(data, { engine }),
      await result.model.predictProba(data, { engine }),
    ];
    expect([...scores, ...shares].every(Number.isFinite)).toBe(true);
    for (let i = 0; i < n; i++) {
      const sum = shares.subarray(i * k, (i + 1) * k).reduce((total, share) => total + share, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(ROUNDING);
    }
  });

function expectSound({ model, logLikelihoods, restarts, ...result }: FitResult): void {
  const { status, logLikelihood, logPrior = 0, meanLogLikelihood, bic, aic, icl } = result;
  expect(status).not.toBe('degenerate');
  const { weights, means, covariances } = model;
  const path = [...logLikelihoods, logLikelihood + logPrior];
  const numbers = [...weights, ...means, ...covariances, ...path, meanLogLikelihood, bic, aic, icl];
  expect(numbers.every(Number.isFinite)).toBe(true);
  expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(ROUNDING);
  // Only a prior keeps a component without rows.
  expect(Math.min(...weights)).toBeGreaterThanOrEqual(status === 'regularized' ? 0 : Number.MIN_VALUE);
  for (let j = 0; j < model.nComponents; j++) {
    expect(computeCholesky(covarianceOf(model, j), 0, model.nFeatures)).toBeDefined();
  }
  const n = logLikelihood / meanLogLikelihood || 1;
  const byMeans = n * largestFallByMeans(model);
  // On the floor of columns that depend on each other, variances differ by 1e12, and squared distances round by 1e-4.
  const byFloor = status === 'regularized' ? 1e-4 * n : 0;
  for (let t = 1; t < path.length; t++) {
    const fall = FALL * Math.max(Math.abs(path[t - 1]), n) + byMeans + byFloor;
    expect(path[t]).toBeGreaterThanOrEqual(path[t - 1] - fall);
  }
  for (const restart of restarts) expect(restart.logLikelihood).not.toBeNaN();
}

/**
 * Bounds the loss of log-likelihood per row that comes from rounding the means. Rounding moves a mean by at most
 * δₐ = 2⁻⁵³ |μₐ|. Near the maximum this costs ½ δᵀ Σ⁻¹ δ ≤ (d / 2) Σₐ δₐ² (Σ⁻¹)ₐₐ. During the fit a component may be three
 * times as narrow in each direction as at the end, hence the factor 9.
 */
function largestFallByMeans(model: FitResult['model']): number {
  const { nComponents: k, nFeatures: d, weights, means } = model;
  let fall = 0;
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < d; a++) {
      const step = 2 ** -53 * Math.abs(means[j * d + a]);
      fall += weights[j] * step * step * precisionOf(model, j, a);
    }
  }
  return 9 * (d / 2) * fall;
}

/** The a-th entry on the diagonal of component j's precision. */
function precisionOf({ covarianceForm, precisions, nFeatures: d }: FitResult['model'], j: number, a: number) {
  const at = { full: (j * d + a) * d + a, tied: a * d + a, diagonal: j * d + a, spherical: j }[
    covarianceForm
  ];
  return precisions[at];
}
