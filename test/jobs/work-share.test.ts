/** The estimate of how much of a fit is done. */

import { expect, it } from 'vitest';
import { createWorkShare, estimatePass } from '../../src/jobs/work-share.js';
import type { CovarianceType } from '../../src/types.js';

const stage = (cost: number) => ({ cost, usualIterations: 10 });

it('rises from stage to stage, by the cost of each, and stays below 1', () => {
  const share = createWorkShare([stage(1), stage(3), stage(4)]);
  const ONE_RUN = 1 - Math.exp(-20 / 11);
  expect(share.follow(0, '0', 2, 10)).toBeCloseTo((1 / 8) * (ONE_RUN / 2), 12);
  expect(share.follow(0, '1', 2, 10)).toBeCloseTo((1 / 8) * ONE_RUN, 12);
  expect(share.follow(1, '0', 1, 10)).toBeCloseTo((1 + 3 * ONE_RUN) / 8, 12);
  const last = share.follow(2, '0', 1, 1e9);
  expect(last).toBeLessThan(1);
  expect(last).toBeGreaterThan(0.99);
});

it('never falls, and does not leave its stage, when there are more runs than were estimated', () => {
  const share = createWorkShare([stage(1), stage(1), stage(2)]);
  let before = 0;
  for (let run = 0; run < 9; run++) {
    for (const iteration of [0, 5, 50]) {
      const now = share.follow(1, `0.${run}`, 3, iteration);
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  }
  expect(before).toBeLessThanOrEqual(0.5);
});

it('takes a pass with t components as dearer by their densities, and with one covariance by the scatters', () => {
  const more = (covarianceType: CovarianceType, nFeatures: number) => {
    const shape = { covarianceType, nComponents: 3, nFeatures };
    return estimatePass(10, shape, 't') - estimatePass(10, shape, 'gaussian');
  };
  expect(more('full', 2)).toBe(more('diag', 40));
  expect(more('tied', 4) - more('full', 4)).toBe(10 * 3 * ((4 * 5) / 2));
  const shape = { covarianceType: 'full', nComponents: 3, nFeatures: 8 } as const;
  expect(estimatePass(10, shape, 't') / estimatePass(10, shape, 'gaussian')).toBeCloseTo(1.4, 12);
});
