/**
 * A hundred small fits share an engine with a large one. Times are processor time of the whole process, so that other
 * work on the machine does not count; while the small fits run, the time of the large one counts as theirs.
 */

import { afterAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { ProgressEvent } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';
import { processorMs } from '../processor-time.js';

const [N, D, K] = [1_000_000, 8, 8];
const SMALL_FITS = 100;

/**
 * Small fits beside a large one may take this many times as long as alone, as caches are colder. If the large fit kept one
 * of the two threads, it would be twice as long.
 */
const SLACK = 1.25;

/** The large fit may finish the pass it is in, and do another one when it is its turn. */
const LARGE_PASSES = 2;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const random = createRandom(1);
const mixture = createMixture('full', K, D, random);
const large = await Dataset.from(drawRows(mixture, N, random), { nFeatures: D });
const small = Array.from({ length: 2000 }, (_, i) => [random.normal() + 4 * (i % 2), random.normal()]);
const bits = bitsOf((await engine.fit(small, { nComponents: 2 })).model.toJSON());

/** Starts the small fits at once. @returns ms of processor time until so many of them had ended */
async function runSmallFits() {
  const begin = processorMs();
  const ends = await Promise.all(
    Array.from({ length: SMALL_FITS }, async () => {
      const { model } = await engine.fit(small, { nComponents: 2 });
      const end = processorMs() - begin;
      expect(bitsOf(model.toJSON())).toBe(bits);
      return end;
    }),
  );
  ends.sort((a, b) => a - b);
  return {
    median: ends[SMALL_FITS / 2 - 1],
    p95: ends[0.95 * SMALL_FITS - 1],
    longest: ends[SMALL_FITS - 1],
  };
}

/** @returns ms of processor time of one pass over the rows of the large fit */
async function measurePass(): Promise<number> {
  const begin = processorMs();
  const options = { nComponents: K, init: mixture, tol: 0, maxIter: 4, acceleration: 'none' } as const;
  const { nIterations } = await engine.fit(large, options);
  return (processorMs() - begin) / (nIterations + 1);
}

/** A fit that runs until it is stopped. */
function startLargeFit() {
  const controller = new AbortController();
  const reason = new Error('enough');
  let iterations = 0;
  let notify = () => {};
  const onProgress = ({ type }: ProgressEvent) => {
    if (type === 'iteration') iterations++;
    notify();
  };
  const options = { nComponents: K, tol: 0, maxIter: 1e9, acceleration: 'none', onProgress } as const;
  const ended = engine.fit(large, { ...options, signal: controller.signal }).then(
    () => new Error('it ended by itself'),
    (error: unknown) => error,
  );
  return {
    /** Waits for so many more reports of an iteration. @throws if the fit ends before */
    async advance(reports: number): Promise<void> {
      const wanted = iterations + reports;
      const advanced = new Promise<void>((resolve) => {
        notify = () => iterations >= wanted && resolve();
      });
      const end = await Promise.race([advanced, ended]);
      if (end !== undefined) throw end;
    },
    async stop(): Promise<void> {
      controller.abort(reason);
      expect(await ended).toBe(reason);
    },
  };
}

it('100 small fits beside a large one take at most a quarter longer than alone, plus two passes of the large one', async () => {
  // The first runs take longer, as their code is still compiled.
  for (let i = 0; i < 3; i++) await runSmallFits();
  const passMs = await measurePass();
  const alone = [await runSmallFits()];
  const beside = [];
  const running = startLargeFit();
  try {
    // The large fit is in its starts at first, and in passes over all rows later.
    for (const reports of [1, 20, 20]) {
      await running.advance(reports);
      beside.push(await runSmallFits());
    }
    await running.advance(1);
  } finally {
    await running.stop();
  }
  alone.push(await runSmallFits());
  console.log({ passMs, alone, beside });
  const most = SLACK * Math.max(...alone.map(({ p95 }) => p95)) + LARGE_PASSES * passMs;
  for (const { p95 } of beside) expect(p95).toBeLessThan(most);
});
