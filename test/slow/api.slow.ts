/** 20,000 calls of the API with junk, from a seed that is printed: SEED=… repeats a run. */

import { randomInt } from 'node:crypto';
import { it } from 'vitest';
import { callWithJunk } from '../fuzz/api.js';

const seed = Number(process.env.SEED ?? randomInt(2 ** 32));

it(`fails with a GmmError whatever it is called with, seed ${seed}`, async () => {
  console.log(`calls with junk: SEED=${seed}`);
  console.log(await callWithJunk(seed, 20_000));
});
