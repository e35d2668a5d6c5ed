/** Data sets and start values for the laws, small and random; they shrink towards few rows and columns. */

import fc from 'fast-check';
import { createRandom } from '../../src/core/random.js';
import type { CovarianceType, ParametersInput } from '../../src/types.js';
import { createMixture, drawRows } from '../mixtures.js';

/** What a sample is made from: small enough to read where a law fails. */
export interface Sizes {
  readonly d: number;
  readonly k: number;
  /** Rows beyond 12 k d, which make collapse rare. */
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

/** Every law's runs: enough to meet all sizes, few enough for a second each. */
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
