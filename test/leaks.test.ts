/** Many fits leave nothing behind. */

import { expect, it } from 'vitest';
import { holdAfter } from './leaks.js';

it('150 fits hold no more than 50', async () => {
  const { before, after } = await holdAfter(50, 150);
  // Compiled code and caches still grow a little; a leak of one small fit's rows and board would be 5 MB.
  expect(after.bytes - before.bytes).toBeLessThan(2e6);
  expect(after.handles).toBe(before.handles);
  expect(after.files).toBe(before.files);
});
