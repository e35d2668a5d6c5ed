/** A sweep on an engine whose threads die when the test says so, and which must give the same bits all the same. */

import { expect } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { Dataset } from '../../src/data/dataset.js';
import { selectModel } from '../../src/fit/select.js';
import { compileKernel } from '../../src/kernel/module.js';
import { Pool } from '../../src/parallel/pool.js';
import { registerEngine } from '../../src/parallel/pools.js';
import type { SelectOptions } from '../../src/types.js';
import { bitsOf } from '../close.js';

/** Words of the shared memory; see faulty-worker.mjs. */
const [COUNTDOWN, KIND, LEADERS, ASSISTANTS, WHO, JOBS] = [0, 1, 2, 3, 4, 5];
const MOST_JOBS = 10_000;

/** Every 12th fault fills the heap, which takes a second. */
const HEAP_EVERY = 12;

/**
 * Sweeps with faults, and expects the same bits as without.
 *
 * @param nFaults - total; the sweep is repeated until so many threads have died
 * @param spacing - most claims of shards between two faults
 * @returns how many leaders and assistants died
 */
export async function sweepWithFaults(
  data: Dataset,
  options: SelectOptions,
  nFaults: number,
  spacing: number,
): Promise<{ leaders: number; assistants: number }> {
  const threads = 4;
  const words = new Int32Array(new SharedArrayBuffer(4 * (JOBS + MOST_JOBS)));
  words[COUNTDOWN] = -1;
  const setup = { module: compileKernel(), faults: words.buffer };
  const worker = new URL('./faulty-worker.mjs', import.meta.url).href;
  const pool = new Pool(threads, worker, setup, { maxOldGenerationSizeMb: 48 });
  const engine = { threads, close: () => pool.close(new Error('closed')) };
  registerEngine(engine, pool);
  const sweep = async () => {
    const { fits } = await selectModel(data, { ...options, engine });
    return fits.map(({ seconds: _, model, error, ...cell }) => [
      bitsOf(cell),
      bitsOf(model?.toJSON()),
      error?.message,
    ]);
  };
  try {
    const undisturbed = await sweep();
    const random = createRandom(1);
    const died = () => Atomics.load(words, LEADERS) + Atomics.load(words, ASSISTANTS);
    const arming = setInterval(() => {
      if (died() >= nFaults || Atomics.load(words, COUNTDOWN) >= 0) return;
      Atomics.store(words, KIND, died() % HEAP_EVERY === HEAP_EVERY - 1 ? 2 : random.below(2));
      Atomics.store(words, WHO, died() % 2);
      Atomics.store(words, COUNTDOWN, random.below(spacing));
    }, 2);
    try {
      do expect(await sweep()).toEqual(undisturbed);
      while (died() < nFaults);
    } finally {
      clearInterval(arming);
    }
    // The pool has replaced its threads.
    Atomics.store(words, COUNTDOWN, -1);
    expect(await sweep()).toEqual(undisturbed);
    return { leaders: Atomics.load(words, LEADERS), assistants: Atomics.load(words, ASSISTANTS) };
  } finally {
    await engine.close();
  }
}
