import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { computeMoments, momentParameters } from '../../src/em/moments.js';
import { expectClose } from '../close.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { computeMoments as inClosedForm } from '../laws/moments.js';
import { createMixture, drawRows } from '../mixtures.js';

/** Sums of 50 terms about a row some standard deviations off. */
const CLOSED_FORM = 1e-13;

describe('computeMoments', () => {
  const random = createRandom(1);
  const rows = drawRows(createMixture('full', 2, 3, random), 50, random);

  it.each([0, 1e9])('are mean and covariance of rows on an offset of %d', (offset) => {
    const moved = rows.map((value) => value + offset);
    const origin = moved.slice(0, 3);
    const twin = createTwin(momentParameters(origin));
    for (let i = 0; i < 50; i++) twin.add(moved, 3 * i, 2);
    const moments = computeMoments(twin.statistics, origin);
    const { mean, covariance } = inClosedForm(
      moved.map((value) => value - offset),
      3,
    );
    expect(moments.totalWeight).toBe(100);
    expectClose(
      moments.mean.map((value) => value - offset),
      mean,
      CLOSED_FORM + offset * Number.EPSILON,
      1,
    );
    expectClose(moments.covariance, covariance, CLOSED_FORM, 1);
  });

  it('has a variance of exactly 0 for a constant column', () => {
    const constant = rows.map((value, i) => (i % 3 === 1 ? 0.1 : value));
    const origin = constant.slice(0, 3);
    const twin = createTwin(momentParameters(origin));
    for (let i = 0; i < 50; i++) twin.add(constant, 3 * i, 1);
    const { mean, covariance } = computeMoments(twin.statistics, origin);
    expect([mean[1], covariance[3], covariance[4], covariance[5]]).toEqual([0.1, 0, 0, 0]);
  });
});
