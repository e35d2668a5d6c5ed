/** Overlap against direct sums, and the bounds that follow from it. */

import { describe, expect, it } from 'vitest';
import { assembleMixture, componentsOf, mergeComponents } from '../../../src/core/components.js';
import { computeFactors } from '../../../src/core/covariance/factors.js';
import { familyOf } from '../../../src/core/covariance/families.js';
import { createRandom } from '../../../src/core/random.js';
import { joinMembers, measureOverlap } from '../../../src/em/moves/overlap.js';
import type { CovarianceType } from '../../../src/types.js';
import { expectClose } from '../../close.js';
import { createMixture } from '../../mixtures.js';
import { drawClusters, logLikelihoodOf, maximise, overlapOf } from './solutions.js';

const [N, K] = [40, 3];
const random = createRandom(2);

/** (N × K), rows of which some belong to one component alone, or to two. */
const responsibilities = Float64Array.from({ length: N * K }, () => Math.exp(6 * random.normal()));
for (let i = 0; i < N; i++) {
  const row = responsibilities.subarray(i * K, (i + 1) * K);
  const sum = row.reduce((total, r) => total + r, 0);
  for (let j = 0; j < K; j++) row[j] /= sum;
}
const sampleWeight = Float64Array.from({ length: N }, (_, i) => (i % 5 === 0 ? 0 : 0.5 + random.uniform()));
const rows = { nSamples: N, nFeatures: 1, chunkRows: N, chunks: [new Float64Array(N)], sampleWeight };

/** Smaller responsibilities are taken as 0. */
const LEAST_SHARE = 1e-3;

/** Sums of some dozens of terms. */
const ROUNDING = 1e-13;

const r = (i: number, j: number) => {
  const share = responsibilities[i * K + j];
  return share < LEAST_SHARE ? 0 : share;
};
const timesLog = (x: number) => (x === 0 ? 0 : x * Math.log(x));
const sumRows = (term: (i: number) => number) =>
  Array.from(sampleWeight).reduce((sum, weight, i) => sum + (weight > 0 ? weight * term(i) : 0), 0);

describe('measureOverlap', () => {
  // Stretches of 7 rows.
  const overlap = measureOverlap(rows, K, (visit) => {
    for (let first = 0; first < N; first += 7) {
      const count = Math.min(7, N - first);
      visit(responsibilities.slice(first * K, (first + count) * K), first, count);
    }
  });

  it('lists the rows of every component, with weight times responsibility', () => {
    overlap.members.forEach((members, j) => {
      const expected = Array.from({ length: N }, (_, i) => i).filter(
        (i) => sampleWeight[i] > 0 && r(i, j) > 0,
      );
      expect(members.rows).toEqual(expected);
      expectClose(
        members.shares,
        expected.map((i) => sampleWeight[i] * r(i, j)),
        ROUNDING,
      );
    });
  });

  it('sums what the log-likelihood loses without a component, and the entropy between two', () => {
    for (let j = 0; j < K; j++) {
      // A row that nothing else explains counts as e⁻⁶⁹⁰.
      const loss = sumRows((i) => -Math.log(Math.max(1 - r(i, j), 1e-300)));
      expectClose([overlap.withoutIt[j]], [loss], ROUNDING);
      for (let i = 0; i < j; i++) {
        const entropy = sumRows(
          (row) => timesLog(r(row, i) + r(row, j)) - timesLog(r(row, i)) - timesLog(r(row, j)),
        );
        expectClose([overlap.entropy[j * K + i]], [entropy], ROUNDING, 1);
      }
    }
  });

  it('joins the rows of two components, each row once, in their order', () => {
    const [one, other] = overlap.members;
    const { rows: joined, shares } = joinMembers(one, other);
    expect(joined).toEqual([...new Set([...one.rows, ...other.rows])].sort((a, b) => a - b));
    expectClose(
      shares,
      joined.map((i) => sampleWeight[i] * (r(i, 0) + r(i, 1))),
      ROUNDING,
    );
  });
});

/** Responsibilities below LEAST_SHARE are left out: of so few rows they change the log-likelihood by less. */
const LEFT_OUT = 0.5;

describe.each<CovarianceType>(['full', 'tied', 'diag', 'spherical'])('at a maximum, %s', (type) => {
  const sample = drawClusters(
    [
      [0, 0],
      [3, 0],
      [1, 3],
      [7, 7],
    ],
    80,
    createRandom(5),
  );
  const { totalWeight } = sample.moments;
  const start = createMixture(type, 4, 2, createRandom(11), 3);
  const { parameters: solution, status, logLikelihood } = maximise(sample, start);
  const overlap = overlapOf(sample, solution);
  const components = componentsOf(solution);
  const { form } = familyOf(type);
  const halfLogDeterminant = (matrix: Float64Array) =>
    -computeFactors(form, form.fromMatrix(matrix, 2), 2).logDeterminants[0];

  it('a mixture with two components merged is at least as likely as their moments and their entropy tell', () => {
    expect(status).toBe('converged');
    for (let i = 1; i < 4; i++) {
      for (let j = 0; j < i; j++) {
        const [one, other] = [components[i], components[j]];
        const merged = mergeComponents(one, other);
        const others = components.filter((_, at) => at !== i && at !== j);
        // With one covariance for all, what they have in common grows by the pair's part in it.
        const whole = assembleMixture(type, [...others, merged]);
        const shared = (of: typeof whole) => totalWeight * halfLogDeterminant(of.covariances);
        const wider = form.isShared
          ? shared(whole) - shared(solution)
          : totalWeight *
            (merged.weight * halfLogDeterminant(merged.covariance) -
              one.weight * halfLogDeterminant(one.covariance) -
              other.weight * halfLogDeterminant(other.covariance));
        const weights = timesLog(one.weight) + timesLog(other.weight) - timesLog(merged.weight);
        const loss = wider + totalWeight * weights + overlap.entropy[i * 4 + j];
        expect(logLikelihoodOf(sample, whole)).toBeGreaterThan(logLikelihood - loss - LEFT_OUT);
      }
    }
  });

  it('a mixture without a component is as likely as its responsibilities tell', () => {
    if (form.isShared) return;
    components.forEach(({ weight }, j) => {
      const without = assembleMixture(
        type,
        components.filter((_, at) => at !== j),
      );
      const loss = overlap.withoutIt[j] + totalWeight * Math.log(1 - weight);
      const left = logLikelihoodOf(sample, without);
      // Rows that only this component explains count as e⁻⁶⁹⁰ in the sum; their other densities are higher or lower.
      if (overlap.withoutIt[j] < 600) expectClose([left], [logLikelihood - loss], 1e-3, totalWeight);
      else expect(left).toBeLessThan(logLikelihood - 100);
    });
  });
});
