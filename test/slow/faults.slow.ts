/** Two hundred threads die during one sweep. */

import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { Dataset } from '../../src/data/dataset.js';
import { createMixture, drawRows } from '../mixtures.js';
import { sweepWithFaults } from '../parallel/faults.js';

it('200 faults change no bit of a sweep', async () => {
  const random = createRandom(3);
  const rows = drawRows(createMixture('full', 4, 4, random, 1.5), 60_000, random);
  const data = await Dataset.from(rows, { nFeatures: 4 });
  const options = { nComponents: [2, 3, 4], nInit: 6, maxIter: 40, tol: 0 } as const;
  const { leaders, assistants } = await sweepWithFaults(data, options, 200, 100);
  console.log({ leaders, assistants });
  expect(leaders + assistants).toBe(200);
  expect(Math.min(leaders, assistants)).toBeGreaterThan(50);
});
