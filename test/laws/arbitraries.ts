/** Small random data sets and start values for the laws. fast-check shrinks them towards few rows and columns. */

import fc from 'fast-check';
import { createRandom } from '../../src/core/random.js';
import type { CovarianceType, ParametersInput } from '../../src/types.js';
import { createMixture, drawRows } from '../mixtures.js';

/** The recipe of a sample, short enough to read when a law fails. */
export interface Sizes {
  readonly d: number;
  readonly k: number;
  /** Rows beyond 12 k d; with that many rows components rarely collapse. */
  readonly extra: number;
  readonly seed: number;
}

/** Rows drawn from a mixture, and a mixture near it to start from. */
export interface Sample {
  readonly n: number;
  /** (n × d) row-major. */
  readonly rows: Float64Array;
  readonly init: ParametersInput;
}

/** Runs of each law: enough to meet all sizes, and they take about a second. */
export const RUNS = { numRuns: 40 };

/** @param mostComponents - k is from 1 to this */
export function sizes(mostComponents = 4): fc.Arbitrary<Sizes> {
  return fc.record({
    d: fc.integer({ min: 1, max: 4 }),
    k: fc.integer({ min: 1, max: mostComponents }),
    extra: fc.nat({ max: 200 }),
    seed: fc.nat({ max: 1_000_000 }),
  });
}

export function createSample(type: CovarianceType, { d, k, extra, seed }: Sizes): Sample {
  const random = createRandom(seed);
  const mixture = createMixture(type, k, d, random);
  const n = 12 * k * d + extra;
  const rows = drawRows(mixture, n, random);
  const { weights, covariances } = mixture;
  const means = mixture.means.map((mean) => mean + 0.5 * random.normal());
  return { n, rows, init: { weights, means, covariances } };
}
