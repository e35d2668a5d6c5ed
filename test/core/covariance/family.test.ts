/** A family with a constraint, made up here from the spherical form: EII, one volume for all components. */

import { describe, expect, it } from 'vitest';
import { SPHERICAL_FORM } from '../../../src/core/covariance/axis-forms.js';
import type { CovarianceChart } from '../../../src/core/covariance/chart.js';
import { createDeviationChart } from '../../../src/core/covariance/deviation-chart.js';
import { FULL } from '../../../src/core/covariance/families/full.js';
import { SPHERICAL } from '../../../src/core/covariance/families/spherical.js';
import { TIED } from '../../../src/core/covariance/families/tied.js';
import { constrained, contains, type Family } from '../../../src/core/covariance/family.js';
import { createCovarianceFloor } from '../../../src/core/covariance/floor.js';
import { expectClose } from '../../close.js';

/** A weighted mean of a few numbers. */
const CLOSED_FORM = 1e-14;

const EII: Family<'EII'> = {
  name: 'EII',
  letters: 'EII',
  form: SPHERICAL_FORM,
  stream: 100,
  countParameters: () => 1,
  ...constrained(SPHERICAL_FORM, ({ covariances, counts }) => {
    let sum = 0;
    let total = 0;
    for (const [j, count] of counts.entries()) {
      sum += count * covariances[j];
      total += count;
    }
    return covariances.map(() => sum / total);
  }),
  createChart: (frame): CovarianceChart => createDeviationChart(SPHERICAL_FORM, frame),
};

const moments = { totalWeight: 10, mean: Float64Array.of(0, 0), covariance: Float64Array.of(1, 0, 0, 1) };
const counts = Float64Array.of(3, 1);
const nFeatures = 2;

describe('a family with a constraint', () => {
  it('estimates the covariances of all components together', () => {
    const estimated = EII.estimate({ covariances: Float64Array.of(1, 5), counts, nFeatures });
    expectClose(estimated, [2, 2], CLOSED_FORM);
  });

  it('is left as it is above the floor', () => {
    const floor = createCovarianceFloor(EII.form, moments, 0.1);
    const { covariances, lifted, factors } = EII.lift(floor, {
      covariances: Float64Array.of(2, 2),
      counts,
      nFeatures,
    });
    expect([...covariances]).toEqual([2, 2]);
    expect(lifted).toBeUndefined();
    expectClose(factors.lower, [Math.SQRT2, Math.SQRT2], CLOSED_FORM);
  });

  it('is raised to the floor within the family', () => {
    const floor = createCovarianceFloor(EII.form, moments, 0.1);
    const { covariances, lifted, factors } = EII.lift(floor, {
      covariances: Float64Array.of(0.01, 0.01),
      counts,
      nFeatures,
    });
    expect(lifted).toBe(0);
    expectClose(covariances, [0.1, 0.1], CLOSED_FORM);
    expectClose(factors.lower, [Math.sqrt(0.1), Math.sqrt(0.1)], CLOSED_FORM);
  });

  it('ends where an estimate is not finite', () => {
    const broken = constrained(SPHERICAL_FORM, ({ covariances }) => covariances.map(() => Number.NaN));
    const floor = createCovarianceFloor(SPHERICAL_FORM, moments, 0.1);
    const { factors } = broken.lift(floor, { covariances: Float64Array.of(0.01, 3), counts, nFeatures });
    expect(factors.singular).toBe(0);
  });

  it('is scaled as one where its estimate from raised covariances is below the floor', () => {
    // An estimate that takes the smallest covariance for all, and halves it.
    const low = constrained(SPHERICAL_FORM, ({ covariances }) =>
      covariances.map(() => Math.min(...covariances) / 2),
    );
    const floor = createCovarianceFloor(SPHERICAL_FORM, moments, 0.1);
    const { covariances } = low.lift(floor, { covariances: Float64Array.of(0.01, 3), counts, nFeatures });
    expect(covariances[0]).toBe(covariances[1]);
    expect(covariances[0]).toBeGreaterThanOrEqual(0.1);
    expect(covariances[0]).toBeLessThanOrEqual(0.2);
  });
});

describe('contains', () => {
  it('asks that each letter is at least as free', () => {
    expect([FULL, TIED, SPHERICAL].map((family) => contains(family, EII))).toEqual([true, true, true]);
    expect([FULL, TIED, SPHERICAL].map((family) => contains(EII, family))).toEqual([false, false, false]);
    expect(contains(TIED, SPHERICAL)).toBe(false);
    expect(contains(FULL, FULL)).toBe(false);
  });
});
