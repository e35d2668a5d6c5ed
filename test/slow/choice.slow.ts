/** BIC finds the number of components of the mixture that the data were drawn from. */

import { afterAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const [N, D, SETS] = [5000, 2, 20];

it('for at least 19 of 20 separated mixtures', async () => {
  const missed: { k: number; found: number; seed: number }[] = [];
  for (let seed = 0; seed < SETS; seed++) {
    const k = 2 + (seed % 5);
    const random = createRandom(1000 + seed);
    const mixture = createMixture('full', k, D, random, 0);
    // Means on a circle, eight standard deviations apart.
    const radius = 8 / (2 * Math.sin(Math.PI / Math.max(k, 2)));
    for (let j = 0; j < k; j++) {
      mixture.means[j * D] = radius * Math.cos((2 * Math.PI * j) / k);
      mixture.means[j * D + 1] = radius * Math.sin((2 * Math.PI * j) / k);
    }
    const data = await Dataset.from(drawRows(mixture, N, random), { nFeatures: D });
    const { best } = await engine.selectModel(data, { nComponents: [1, 2, 3, 4, 5, 6, 7, 8] });
    if (best.model.nComponents !== k) missed.push({ k, found: best.model.nComponents, seed });
  }
  if (missed.length > 0) console.warn(missed);
  expect(missed.length).toBeLessThanOrEqual(1);
});
