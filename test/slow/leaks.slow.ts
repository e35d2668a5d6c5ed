/** A thousand fits leave nothing behind. */

import { expect, it } from 'vitest';
import { holdAfter } from '../leaks.js';

it('1,000 fits hold no more than 100', async () => {
  const { before, after } = await holdAfter(100, 1000);
  console.log({ before, after });
  expect(after.bytes - before.bytes).toBeLessThan(3e6);
  expect(after.handles).toBe(before.handles);
  expect(after.files).toBe(before.files);
});
