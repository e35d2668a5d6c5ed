/** Threads die in the middle of a pass: their work is done again, and no bit changes. */

import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { Dataset } from '../../src/data/dataset.js';
import { createMixture, drawRows } from '../mixtures.js';
import { sweepWithFaults } from './faults.js';

const random = createRandom(2);
const rows = drawRows(createMixture('full', 3, 4, random, 1.5), 60_000, random);

describe('a sweep whose threads die', () => {
  it('has the same bits as without deaths', async () => {
    const data = await Dataset.from(rows, { nFeatures: 4 });
    const options = {
      nComponents: [2, 3],
      covarianceTypes: ['full', 'diag'],
      nInit: 3,
      maxIter: 30,
      tol: 0,
    } as const;
    const { leaders, assistants } = await sweepWithFaults(data, options, 12, 40);
    expect(leaders).toBeGreaterThan(2);
    expect(assistants).toBeGreaterThan(2);
  });
});
