/** 20,000 calls of the API with junk. */

import { it } from 'vitest';
import { callWithJunk } from '../fuzz/api.js';
import { SEED } from '../fuzz/seed.js';

it(`fails with a GmmError whatever it is called with, seed ${SEED}`, async () => {
  console.log(await callWithJunk(SEED, 20_000));
});
