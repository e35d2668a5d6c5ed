/** What a local split promises, the whole mixture keeps. */

import { describe, expect, it } from 'vitest';
import { assembleMixture, componentsOf } from '../../../src/core/components.js';
import { createRandom } from '../../../src/core/random.js';
import { findLocalSplit, type Split } from '../../../src/em/moves/local-split.js';
import type { Members } from '../../../src/em/moves/overlap.js';
import type { CovarianceType } from '../../../src/types.js';
import { expectClose } from '../../close.js';
import { createMixture } from '../../mixtures.js';
import { drawClusters, FITS, logLikelihoodOf, maximise, overlapOf, type Sample } from './solutions.js';

const D = 2;
const scales = Float64Array.of(1, 1);
const split = ({ rows }: Sample, members: Members, covarianceType: CovarianceType, seed = 1) =>
  findLocalSplit(
    rows,
    members,
    { covarianceType, nComponents: 2, nFeatures: D },
    scales,
    createRandom(seed),
    FITS,
  );

/** Responsibilities below 1e-3 are left out; where clusters are apart, the log-likelihood hardly depends on them. */
const LEFT_OUT = 0.05;

describe.each<CovarianceType>(['full', 'diag', 'spherical'])('a split, %s', (type) => {
  const random = createRandom(4);
  const centers = [
    [0, 0],
    [4, 1],
    [-12, 9],
  ];
  const sample = drawClusters(centers, 60, random);
  // Two components for three clusters: one of them has two.
  const solution = maximise(sample, createMixture(type, 2, D, createRandom(2), 5));
  const components = componentsOf(solution.parameters);
  const { members } = overlapOf(sample, solution.parameters);

  it('gains at least as much for the whole mixture as on the rows of its component', () => {
    expect(solution.status).toBe('converged');
    const gains = components.map((component, j) => {
      const { halves, gain } = split(sample, members[j], type) as Split;
      expectClose([halves[0].weight + halves[1].weight], [1], 1e-12);
      const others = components.filter((_, at) => at !== j);
      const placed = halves.map((half) => ({ ...half, weight: component.weight * half.weight }));
      const whole = logLikelihoodOf(sample, assembleMixture(type, [...others, ...placed]));
      expect(whole).toBeGreaterThan(solution.logLikelihood + gain - LEFT_OUT);
      return gain;
    });
    // The component with two clusters gains, and more than the other.
    expect(Math.max(...gains)).toBeGreaterThan(20);
    expect(gains.indexOf(Math.max(...gains))).toBe(components.findIndex(({ weight }) => weight > 0.5));
  });
});

describe('a component is not split', () => {
  const all = (n: number, share = 1): Members => ({
    rows: Array.from({ length: n }, (_, i) => i),
    shares: new Array(n).fill(share),
  });

  it('where it has fewer than 2 (d + 1) effective rows', () => {
    const sample = drawClusters(
      [
        [0, 0],
        [9, 9],
      ],
      40,
      createRandom(1),
    );
    expect(split(sample, all(5), 'full')).toBeUndefined();
    expect(split(sample, all(80, 0.01), 'spherical')).toBeDefined();
    // Of 80 rows, one has nearly all the weight.
    const uneven = { ...all(80, 1e-6), shares: [1, ...new Array(79).fill(1e-6)] };
    expect(split(sample, uneven, 'spherical')).toBeUndefined();
  });

  it('where its rows are on a line, so that every split collapses', () => {
    const line = Float64Array.from({ length: 60 }, (_, i) => Math.floor(i / 2) * (1 + (i % 2)));
    const rows = { nSamples: 30, nFeatures: D, chunkRows: 30, chunks: [line] };
    const moments = { totalWeight: 30, mean: new Float64Array(D), covariance: new Float64Array(D * D) };
    expect(split({ rows, moments }, all(30), 'full')).toBeUndefined();
  });
});
