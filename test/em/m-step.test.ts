/** The M-step on rows that belong to one component each: it then returns the means and covariances of groups. */

import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, familyOf, formOf } from '../../src/core/covariance/families.js';
import { factorMixture } from '../../src/core/factored-mixture.js';
import { createRandom } from '../../src/core/random.js';
import { createStatisticsLayout } from '../../src/core/statistics.js';
import { isWithinBounds, type MStepOptions, mStep } from '../../src/em/m-step.js';
import type { CovarianceType } from '../../src/types.js';
import { expectClose } from '../close.js';
import { computeMoments, covarianceOf, momentsByType } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

/** Rounding of sums of some dozens of terms about means that are off by a few standard deviations. */
const CLOSED_FORM = 1e-12;

const [D, K] = [3, 2];
const SIZES = [40, 20];
const random = createRandom(9);
const groups = SIZES.map((n) => drawRows(createMixture('full', 1, D, random), n, random));
/** Options of an M-step over the rows of these groups without floor or ridge. */
function plainOptions(type: CovarianceType, of: readonly Float64Array[]): MStepOptions {
  const all = Float64Array.from(of.flatMap((rows) => [...rows]));
  const moments = { totalWeight: all.length / D, ...computeMoments(all, D) };
  return { family: familyOf(type), floor: { liftInto: () => [] }, moments, regCovar: 0, equalWeights: false };
}

/** Statistics of the groups, about the means of an unrelated mixture. */
function statisticsOf(type: CovarianceType, of: readonly Float64Array[]) {
  const previous = createMixture(type, K, D, createRandom(3));
  const layout = createStatisticsLayout(formOf(type), K, D);
  const statistics = new Float64Array(layout.length);
  of.forEach((rows, j) => {
    for (let i = 0; i < rows.length / D; i++) {
      const deviation = rows
        .subarray(i * D, (i + 1) * D)
        .map((value, a) => value - previous.means[j * D + a]);
      const scatter = layout.scatters + j * layout.scatterLength;
      statistics[layout.counts + j]++;
      for (let a = 0, at = 0; a < D; a++) {
        statistics[layout.sums + j * D + a] += deviation[a];
        if (type === 'full')
          for (let b = 0; b <= a; b++) statistics[scatter + at++] += deviation[a] * deviation[b];
        if (type === 'diag') statistics[scatter + a] += deviation[a] ** 2;
        if (type === 'spherical') statistics[scatter] += deviation[a] ** 2;
      }
    }
  });
  return { previous, statistics };
}

/** The groups' covariances; for `tied`, their mean weighted by group size. */
function expectedCovariances(type: CovarianceType): Float64Array[] {
  const own = groups.map((rows) => computeMoments(rows, D).covariance);
  if (type !== 'tied') return own.map((covariance) => momentsByType(type, covariance, D));
  const pooled = own[0].map((value, i) => (SIZES[0] * value + SIZES[1] * own[1][i]) / (SIZES[0] + SIZES[1]));
  return [pooled, pooled];
}

describe.each(COVARIANCE_TYPES)('mStep, %s', (type) => {
  const PLAIN = plainOptions(type, groups);

  it('is the share, mean and covariance of each group', () => {
    const { previous, statistics } = statisticsOf(type, groups);
    const { mixture, lifted, empty } = mStep(previous, statistics, PLAIN);
    const { parameters } = mixture;
    expect([lifted, empty]).toEqual([undefined, []]);
    expectClose(parameters.weights, [40 / 60, 20 / 60], CLOSED_FORM);
    groups.forEach((rows, j) => {
      const { mean } = computeMoments(rows, D);
      expectClose(parameters.means.subarray(j * D, (j + 1) * D), mean, CLOSED_FORM, 1);
      const own = momentsByType(type, covarianceOf(parameters, j), D);
      expectClose(own, expectedCovariances(type)[j], CLOSED_FORM, 1);
    });
  });

  it('holds weights equal and adds regCovar to the diagonal', () => {
    const { previous, statistics } = statisticsOf(type, groups);
    const plain = mStep(previous, statistics, PLAIN).mixture.parameters;
    const { parameters } = mStep(previous, statistics, {
      ...PLAIN,
      equalWeights: true,
      regCovar: 0.5,
    }).mixture;
    expect([...parameters.weights]).toEqual([0.5, 0.5]);
    for (let j = 0; j < K; j++) {
      const raised = covarianceOf(plain, j).map((value, i) => (i % (D + 1) === 0 ? value + 0.5 : value));
      expectClose(covarianceOf(parameters, j), raised, CLOSED_FORM, 1);
    }
  });

  it('returns the components without rows, which keep their mean and covariance', () => {
    const of = [groups[0], new Float64Array(0)];
    const { previous, statistics } = statisticsOf(type, of);
    const { mixture, empty } = mStep(previous, statistics, plainOptions(type, of));
    const { parameters } = mixture;
    expect(empty).toEqual([1]);
    expect([...parameters.weights]).toEqual([1, 0]);
    expect(parameters.means.slice(D)).toEqual(previous.means.slice(D));
    if (type !== 'tied') expect(covarianceOf(parameters, 1)).toEqual(covarianceOf(previous, 1));
  });

  it('does not change its arguments', () => {
    const { previous, statistics } = statisticsOf(type, groups);
    const before = JSON.stringify([previous, [...statistics]]);
    mStep(previous, statistics, PLAIN);
    expect(JSON.stringify([previous, [...statistics]])).toBe(before);
  });

  it('never goes below the ridge', () => {
    const { previous, statistics } = statisticsOf(type, groups);
    const ridged = (regCovar: number) => ({ ...PLAIN, regCovar });
    const { mixture } = mStep(previous, statistics, ridged(0.5));
    expect(isWithinBounds(mixture, ridged(0.5))).toBe(true);
    expect(isWithinBounds(mixture, ridged(100))).toBe(false);
    expect(isWithinBounds(mixture, { ...PLAIN, floor: { liftInto: () => [0] } })).toBe(false);
    const covariances = mixture.parameters.covariances.map(() => Number.NaN);
    expect(isWithinBounds(factorMixture({ ...mixture.parameters, covariances }), PLAIN)).toBe(false);
  });

  it('returns the component that the floor lifted', () => {
    const { previous, statistics } = statisticsOf(type, groups);
    expect(mStep(previous, statistics, { ...PLAIN, floor: { liftInto: () => [1] } }).lifted).toBe(1);
  });
});
