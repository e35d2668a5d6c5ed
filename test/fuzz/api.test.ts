/** A short run of the calls with junk; `npm run soak` has 20,000, from another seed each time. */

import { expect, it } from 'vitest';
import { callWithJunk } from './api.js';

it('fails with a GmmError whatever it is called with', async () => {
  const outcomes = await callWithJunk(1, 1500);
  // All ways out are taken.
  for (const way of ['returned', 'INVALID_OPTION', 'INVALID_DATA', 'INVALID_MODEL']) {
    expect(outcomes[way], way).toBeGreaterThan(30);
  }
});
