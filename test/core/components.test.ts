/** A mixture taken apart and put together again, and two components merged into one. */

import { describe, expect, it } from 'vitest';
import { assembleMixture, type Component, componentsOf, mergeComponents } from '../../src/core/components.js';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import { expectClose } from '../close.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

const [K, D] = [4, 3];

/** Weights that sum to 1 but for rounding are divided by their sum; a shared covariance is a sum of k parts. */
const ROUNDING = 1e-15;

/** Sums of some dozens of rows. */
const CLOSED_FORM = 1e-12;

describe.each(COVARIANCE_TYPES)('%s', (type) => {
  const mixture = createMixture(type, K, D, createRandom(3));

  it('is the same mixture when its components are put together again', () => {
    const again = assembleMixture(type, componentsOf(mixture));
    expect(again).toMatchObject({ covarianceType: type, nComponents: K, nFeatures: D });
    expect([...again.means]).toEqual([...mixture.means]);
    expectClose(again.weights, mixture.weights, ROUNDING);
    expectClose(again.covariances, mixture.covariances, ROUNDING, 1);
  });

  it('has weights that sum to 1 when a component is left out', () => {
    const [, ...others] = componentsOf(mixture);
    const { weights, nComponents } = assembleMixture(type, others);
    expect(nComponents).toBe(K - 1);
    const rest = 1 - mixture.weights[0];
    expectClose(
      weights,
      mixture.weights.subarray(1).map((weight) => weight / rest),
      CLOSED_FORM,
    );
  });
});

it('shares the mean of the covariances, by weight, where the family has only one', () => {
  const one: Component = { weight: 0.75, mean: Float64Array.of(0), covariance: Float64Array.of(4) };
  const other: Component = { weight: 0.25, mean: Float64Array.of(1), covariance: Float64Array.of(8) };
  expectClose(assembleMixture('tied', [one, other]).covariances, [5], ROUNDING);
});

describe('two components merged', () => {
  /** The rows as one component of a mixture of `total` rows. */
  const componentOf = (rows: Float64Array, total: number): Component => ({
    weight: rows.length / D / total,
    ...computeMoments(rows, D),
  });

  it('have the weight, mean and covariance of the rows of both', () => {
    const random = createRandom(8);
    const [one, other] = [30, 50].map((n) => drawRows(createMixture('full', 2, D, random), n, random));
    const merged = mergeComponents(componentOf(one, 100), componentOf(other, 100));
    const expected = componentOf(Float64Array.of(...one, ...other), 100);
    expectClose([merged.weight], [expected.weight], CLOSED_FORM);
    expectClose(merged.mean, expected.mean, CLOSED_FORM, 1);
    expectClose(merged.covariance, expected.covariance, CLOSED_FORM, 1);
  });

  it('are finite where neither has a weight', () => {
    const empty = (mean: number) => ({
      weight: 0,
      mean: Float64Array.of(mean),
      covariance: Float64Array.of(1),
    });
    const { weight, mean, covariance } = mergeComponents(empty(0), empty(2));
    expect([weight, ...mean, ...covariance]).toEqual([0, 1, 2]);
  });
});
