/** A short run of the calls with junk; `npm run soak` makes 20,000. */

import { expect, it } from 'vitest';
import { callWithJunk } from './api.js';
import { SEED } from './seed.js';

it('fails with a GmmError whatever it is called with', async () => {
  const outcomes = await callWithJunk(SEED, 1500);
  // Each outcome occurs.
  for (const way of ['returned', 'INVALID_OPTION', 'INVALID_DATA', 'INVALID_MODEL']) {
    expect(outcomes[way], way).toBeGreaterThan(30);
  }
});
