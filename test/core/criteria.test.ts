import { expect, it } from 'vitest';
import { computeCriteria } from '../../src/core/criteria.js';

it('computes bic, aic and icl by their definitions', () => {
  // ll = −10, p = 3, n = e², Σ ln max r = −0.5
  const { bic, aic, icl } = computeCriteria(-10, -0.5, 3, Math.E ** 2);
  expect(bic).toBeCloseTo(26, 12);
  expect(aic).toBe(26);
  expect(icl).toBeCloseTo(27, 12);
});
