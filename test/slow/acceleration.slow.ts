/**
 * Extrapolated steps save passes and lose no likelihood: forty drawn mixtures, half of them with strong overlap, are
 * fitted from the same k-means start with and without acceleration.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeCholesky, triangleLength } from '../../src/core/cholesky.js';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { Dataset as Data } from '../../src/data/dataset.js';
import type { FitResult } from '../../src/index.js';
import type { CovarianceType, FitOptions } from '../../src/types.js';
import { createMixture } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const TOL = 1e-6;

/** Passes in which an accelerated run is polished at a maximum: at most thirty products, the pass before and the steps after them. */
const POLISHING = 40;

/** Rows, and the most features and components; of many rows with so few numbers a part shows how the likelihood bends. */
const FEW = { n: 4000, mostFeatures: 10, mostComponents: 12 };
const MANY = { n: 60_000, mostFeatures: 3, mostComponents: 4 };

interface Problem {
  readonly data: Data;
  readonly k: number;
  readonly seed: number;
}

/** d from 1, k from 2; means some 2 to 3.5 standard deviations apart where they overlap strongly, else 4 to 8. */
async function drawProblem({ n, mostFeatures, mostComponents }: typeof FEW, seed: number): Promise<Problem> {
  const random = createRandom(seed);
  const d = 1 + random.below(mostFeatures);
  const k = 2 + random.below(mostComponents - 1);
  const distance = seed % 2 === 0 ? 2 + 1.5 * random.uniform() : 4 + 4 * random.uniform();
  const { weights, means, covariances } = createMixture('full', k, d, random, distance / Math.sqrt(2 * d));
  const factors = Array.from(
    { length: k },
    (_, j) => computeCholesky(covariances, j * d * d, d) as Float64Array,
  );
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    let j = 0;
    for (let u = random.uniform(); j < k - 1 && u >= weights[j]; j++) u -= weights[j];
    const z = Float64Array.from({ length: d }, () => random.normal());
    for (let a = 0; a < d; a++) {
      let value = means[j * d + a];
      for (let b = 0; b <= a; b++) value += factors[j][triangleLength(a) + b] * z[b];
      rows[i * d + a] = value;
    }
  }
  return { data: await Dataset.from(rows, { nFeatures: d }), k, seed };
}

interface Comparison {
  readonly seed: number;
  readonly plain: FitResult;
  readonly accelerated: FitResult;
  /** Mean log-likelihood that 2,000 plain passes gain after the end of the accelerated run. */
  readonly left: number;
}

async function compare({ data, k, seed }: Problem, covarianceType: CovarianceType): Promise<Comparison> {
  const fit = (options: Partial<FitOptions>) =>
    engine.fit(data, { nComponents: k, covarianceType, tol: TOL, maxIter: 3000, ...options });
  const { model } = await fit({ seed, nInit: 1, maxIter: 0 });
  const init = { weights: model.weights, means: model.means, covariances: model.covariances };
  const [plain, accelerated] = await Promise.all([
    fit({ init, acceleration: 'none' }),
    fit({ init, acceleration: 'auto' }),
  ]);
  const on = accelerated.model;
  const further = await fit({
    init: { weights: on.weights, means: on.means, covariances: on.covariances },
    acceleration: 'none',
    tol: 0,
    maxIter: 2000,
  });
  return { seed, plain, accelerated, left: further.meanLogLikelihood - accelerated.meanLogLikelihood };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The laws that hold for any size, on forty drawn problems of one size, each fitted in both ways. */
function describeComparisons(
  covarianceType: CovarianceType,
  size: typeof FEW,
  more: (results: readonly Comparison[]) => void,
): void {
  describe(`forty drawn problems, '${covarianceType}', ${size.n} rows`, () => {
    const results: Comparison[] = [];
    beforeAll(async () => {
      for (let seed = 1; seed <= 40; seed++)
        results.push(await compare(await drawProblem(size, seed), covarianceType));
    }, 600_000);
    const passes = () =>
      results.map(({ plain, accelerated }) => ({
        plain: plain.nIterations,
        ratio: accelerated.nIterations / plain.nIterations,
      }));

    it('take at most half of the passes in the median, three tenths on the hardest quarter, and but for polishing never a quarter more', () => {
      const ratios = passes().map(({ ratio }) => ratio);
      const hardest = passes()
        .sort((a, b) => b.plain - a.plain)
        .slice(0, 10)
        .map(({ ratio }) => ratio);
      process.stdout.write(
        `${covarianceType}: passes against exact EM: median ${median(ratios).toFixed(2)}, hardest quarter ${median(hardest).toFixed(2)}, most ${Math.max(...ratios).toFixed(2)}\n`,
      );
      expect(median(ratios)).toBeLessThanOrEqual(0.5);
      expect(median(hardest)).toBeLessThanOrEqual(0.3);
      for (const { plain, accelerated } of results) {
        expect(accelerated.nIterations).toBeLessThanOrEqual(1.25 * plain.nIterations + POLISHING);
      }
    });

    it('never fall', () => {
      for (const { accelerated } of results) {
        accelerated.logLikelihoods.forEach((value, i, all) => {
          if (i > 0) expect(value).toBeGreaterThanOrEqual(all[i - 1] - 1e-12 * Math.abs(value));
        });
      }
    });

    // The rest are on a slow way to a collapse: polishing finds that, and the run keeps its first end.
    it('stop with less than tol left to gain, in 19 of 20', () => {
      const early = results.filter(({ left }) => left > TOL).length;
      process.stdout.write(`${covarianceType}: ${early} of ${results.length} stop early\n`);
      expect(early).toBeLessThanOrEqual(results.length / 20);
    });
    more(results);
  });
}

for (const covarianceType of COVARIANCE_TYPES) {
  describeComparisons(covarianceType, FEW, (results) => {
    it('end as high as exact EM or at another optimum, which is not more often worse than better', () => {
      const gains = results.map(
        ({ plain, accelerated }) => accelerated.meanLogLikelihood - plain.meanLogLikelihood,
      );
      const worse = gains.filter((gain) => gain < -TOL).length;
      const better = gains.filter((gain) => gain > TOL).length;
      process.stdout.write(`${covarianceType}: ${better} better, ${worse} worse by more than 1e-6 a row\n`);
      expect(worse).toBeLessThanOrEqual(better);
    });
  });
}

// Both rules are estimates. Most of the difference is what exact EM still gains when it ends later.
describeComparisons('full', MANY, (results) => {
  it('end within 10 tol of exact EM, in 19 of 20', () => {
    const lower = results.filter(
      ({ plain, accelerated }) => plain.meanLogLikelihood - accelerated.meanLogLikelihood > 10 * TOL,
    ).length;
    process.stdout.write(`${lower} of ${results.length} lower by more than 1e-5 a row\n`);
    expect(lower).toBeLessThanOrEqual(results.length / 20);
  });
});
