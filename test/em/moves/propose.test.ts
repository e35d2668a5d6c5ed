/** Moves from a wrong solution: the first of them leads to the true one. */

import { describe, expect, it } from 'vitest';
import { assembleMixture } from '../../../src/core/components.js';
import { createRandom } from '../../../src/core/random.js';
import { proposeMoves } from '../../../src/em/moves/propose.js';
import type { CovarianceType, Parameters } from '../../../src/types.js';
import { bitsOf, expectClose } from '../../close.js';
import { drawClusters, FITS, logLikelihoodOf, maximise, overlapOf } from './solutions.js';

const D = 2;
const CENTERS = [
  [0, 0],
  [30, 0],
  [36, 3],
  [0, 40],
];

/** Two components on the first cluster, one on the second and the third, one on the fourth. */
const WRONG = [
  [-1, 0],
  [1, 0],
  [33, 1.5],
  [0, 40],
];

/** Both runs converge to 1e-12 a row. */
const CONVERGED_TO = 1e-6;

/** Equal weights, and twice the variances of the clusters. */
const startAt = (covarianceType: CovarianceType, means: readonly (readonly number[])[]): Parameters =>
  assembleMixture(
    covarianceType,
    means.map((mean) => ({
      weight: 1,
      mean: Float64Array.from(mean),
      covariance: Float64Array.of(2, 0, 0, 2),
    })),
  );

describe.each<CovarianceType>(['full', 'tied', 'diag', 'spherical'])(
  'moves from a wrong solution, %s',
  (type) => {
    const sample = drawClusters(CENTERS, 100, createRandom(3));
    const truth = maximise(sample, startAt(type, CENTERS));
    const wrong = maximise(sample, startAt(type, WRONG));
    const propose = (solution: Parameters, most: number, nComponents = solution.nComponents) =>
      proposeMoves(
        solution,
        nComponents,
        overlapOf(sample, solution),
        { ...sample, random: createRandom(1), fits: FITS },
        most,
      );

    it('begin with one that leads to the true solution', () => {
      expect([truth.status, wrong.status]).toEqual(['converged', 'converged']);
      expect(wrong.logLikelihood).toBeLessThan(truth.logLikelihood - 10);
      const [first] = propose(wrong.parameters, 6);
      const end = maximise(sample, first);
      expectClose([end.logLikelihood], [truth.logLikelihood], CONVERGED_TO, 1);
    });

    it('are mixtures of the same family and size, the same for the same seed, as many as are wanted', () => {
      const starts = propose(wrong.parameters, 3);
      expect(starts).toHaveLength(3);
      for (const { covarianceType, nComponents, nFeatures, weights } of starts) {
        expect({ covarianceType, nComponents, nFeatures }).toEqual({
          covarianceType: type,
          nComponents: 4,
          nFeatures: D,
        });
        expectClose([weights.reduce((sum, weight) => sum + weight, 0)], [1], 1e-12);
      }
      expect(bitsOf(propose(wrong.parameters, 3))).toBe(bitsOf(starts));
      expect(propose(wrong.parameters, 1)).toEqual(starts.slice(0, 1));
    });

    it('lead to the true solution from one of a component fewer, and from one of a component more', () => {
      const fewer = maximise(sample, startAt(type, CENTERS.slice(1)));
      const [split] = propose(fewer.parameters, 6, 4);
      const more = maximise(sample, startAt(type, [...CENTERS, [0.3, 0.3]]));
      const [merged] = propose(more.parameters, 6, 4);
      for (const start of [split, merged]) {
        expectClose([maximise(sample, start).logLikelihood], [truth.logLikelihood], CONVERGED_TO, 1);
      }
    });

    it('lead from the true solution to none that is better', () => {
      for (const start of propose(truth.parameters, 6)) {
        const end = maximise(sample, start);
        if (end.status === 'degenerate') continue;
        // A sensible one: no component on a handful of rows.
        const smallest = 400 * Math.min(...end.parameters.weights);
        if (smallest >= 2 * (D + 1))
          expect(end.logLikelihood).toBeLessThan(truth.logLikelihood + CONVERGED_TO);
      }
    });
  },
);

it('are none from two components, but for a new division of both', () => {
  const sample = drawClusters(
    [
      [0, 0],
      [9, 0],
    ],
    100,
    createRandom(3),
  );
  const { parameters } = maximise(
    sample,
    startAt('full', [
      [0, 0],
      [9, 0],
    ]),
  );
  const context = { ...sample, random: createRandom(1), fits: FITS };
  for (const start of proposeMoves(parameters, 2, overlapOf(sample, parameters), context, 9)) {
    expect(start.nComponents).toBe(2);
    expect(Number.isFinite(logLikelihoodOf(sample, start))).toBe(true);
  }
});
