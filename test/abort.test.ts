/** `signal`: whatever runs rejects with its reason at once, and the engine goes on. */

import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../src/core/random.js';
import type { ProgressEvent } from '../src/index.js';
import { createMixture, drawRows } from './mixtures.js';
import { createEngine, Dataset, fit, GaussianMixture, selectModel } from './package.js';
import { processorMs } from './processor-time.js';

/** 100 ms are promised, in which three threads may be at work; of processor time, to which a busy machine adds nothing. */
const PROMPT_MS = 300;

const [N, D, K] = [200_000, 5, 8];
const random = createRandom(1);
const data = await Dataset.from(drawRows(createMixture('full', K, D, random), N, random), { nFeatures: D });

/** A fit that takes minutes. */
const ENDLESS = { nComponents: K, tol: 0, maxIter: 1_000_000, nInit: 2 };

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Aborts after a while. @returns what it then took to reject with the reason, in milliseconds of processor time */
async function abortAfter(ms: number, start: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const controller = new AbortController();
  const reason = new Error('never mind');
  const running = start(controller.signal).then(
    () => expect.fail('it was not aborted'),
    (error: unknown) => error,
  );
  await pause(ms);
  const before = processorMs();
  controller.abort(reason);
  expect(await running).toBe(reason);
  return processorMs() - before;
}

describe('an aborted signal', () => {
  it('is not begun with', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    const model = GaussianMixture.fromParameters({ weights: [1], means: [0], covariances: [[[1]]] });
    await expect(fit(data, { ...ENDLESS, signal })).rejects.toThrow('too late');
    await expect(engine.fit(data, { ...ENDLESS, signal })).rejects.toThrow('too late');
    await expect(selectModel(data, { nComponents: [1, 2], signal })).rejects.toThrow('too late');
    await expect(model.predict([[1]], { signal })).rejects.toThrow('too late');
  });

  it('rejects with an AbortError where no reason is given', async () => {
    await expect(fit(data, { ...ENDLESS, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('aborting', () => {
  it.each([0, 1, 20, 150, 600])(
    'rejects at once after %i ms, and the engine works afterwards',
    async (ms) => {
      expect(await abortAfter(ms, (signal) => engine.fit(data, { ...ENDLESS, signal }))).toBeLessThan(
        PROMPT_MS,
      );
      const { nIterations } = await engine.fit(data, { ...ENDLESS, maxIter: 1, init: 'random-rows' });
      expect(nIterations).toBe(1);
    },
  );

  it('rejects at once in the midst of moves', async () => {
    const controller = new AbortController();
    const reason = new Error('no further');
    let before = 0;
    const onProgress = (event: ProgressEvent) => {
      if (event.type !== 'iteration' || event.phase !== 'move' || controller.signal.aborted) return;
      before = processorMs();
      controller.abort(reason);
    };
    const { signal } = controller;
    const running = engine.fit(data, { nComponents: K, nInit: 2, signal, onProgress });
    await expect(running).rejects.toBe(reason);
    expect(processorMs() - before).toBeLessThan(PROMPT_MS);
  });

  it('rejects at once without an engine', async () => {
    expect(await abortAfter(300, (signal) => fit(data, { ...ENDLESS, signal, threads: 2 }))).toBeLessThan(
      PROMPT_MS,
    );
  });

  it('rejects a sweep', async () => {
    const options = { ...ENDLESS, nComponents: [2, 3, 4, 5] };
    expect(await abortAfter(200, (signal) => engine.selectModel(data, { ...options, signal }))).toBeLessThan(
      PROMPT_MS,
    );
  });

  it('leaves other calls of the engine alone', async () => {
    const other = engine.fit(data, { ...ENDLESS, maxIter: 5, init: 'random-rows' });
    await abortAfter(50, (signal) => engine.fit(data, { ...ENDLESS, signal }));
    expect((await other).nIterations).toBe(5);
  });

  it('after the end does nothing', async () => {
    const controller = new AbortController();
    await engine.fit([[1], [2], [4]], { nComponents: 1, signal: controller.signal });
    controller.abort();
    expect((await engine.fit([[1], [2], [4]], { nComponents: 1 })).converged).toBe(true);
  });
});

describe('aborting a call that reads an AsyncIterable', () => {
  const model = GaussianMixture.fromParameters({ weights: [1], means: [0], covariances: [[[1]]] });
  const calls: [string, (rows: AsyncIterable<number[][]>, signal: AbortSignal) => Promise<unknown>][] = [
    ['Dataset.from', (rows, signal) => Dataset.from(rows, { signal })],
    ['fit', (rows, signal) => fit(rows, { nComponents: 1, signal, threads: 1 })],
    ['selectModel', (rows, signal) => selectModel(rows, { nComponents: [1], signal, threads: 1 })],
    ['predict', (rows, signal) => model.predict(rows, { engine, signal })],
    ['scores', (rows, signal) => model.scores(rows, { engine, signal })],
  ];

  it.each(calls)('ends an endless source, which is asked for nothing more: %s', async (_, call) => {
    let pulled = 0;
    let returned = 0;
    async function* endless() {
      try {
        // Values that are always ready: only the reader can let a timer run.
        for (;;) {
          pulled++;
          yield [[pulled]];
        }
      } finally {
        returned++;
      }
    }
    expect(await abortAfter(50, (signal) => call(endless(), signal))).toBeLessThan(PROMPT_MS);
    await pause(20);
    const before = pulled;
    await pause(100);
    expect(pulled).toBe(before);
    expect(returned).toBe(1);
  });

  it.each(calls)('does not wait for a value that never comes: %s', async (_, call) => {
    let returned = 0;
    const stuck: AsyncIterable<number[][]> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          returned++;
          return new Promise(() => {});
        },
      }),
    };
    expect(await abortAfter(50, (signal) => call(stuck, signal))).toBeLessThan(PROMPT_MS);
    expect(returned).toBe(1);
  });

  it('hears nothing of what the source says afterwards', async () => {
    let fail = (_error: Error): void => undefined;
    const failing: AsyncIterable<number[][]> = {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((_, reject) => {
            fail = reject;
          }),
        return: () => Promise.reject(new Error('late')),
      }),
    };
    await abortAfter(50, (signal) => Dataset.from(failing, { signal }));
    fail(new Error('later still'));
    // An unhandled rejection would fail the test run.
    await pause(20);
  });

  it('is not begun with where the signal is aborted', async () => {
    const untouched: AsyncIterable<number[][]> = {
      [Symbol.asyncIterator]: () => expect.fail('it was asked for its iterator'),
    };
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(Dataset.from(untouched, { signal })).rejects.toThrow('too late');
    await expect(Dataset.from([[1]], { signal: 'soon' as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});

describe('a source', () => {
  const source = (events: string[], values: unknown[]): AsyncIterable<number[][]> => ({
    [Symbol.asyncIterator]() {
      const left = [...values];
      return {
        next: async () => {
          const value = left.shift();
          if (value instanceof Error) throw value;
          return value === undefined ? { done: true, value } : { done: false, value: value as number[][] };
        },
        return: async () => {
          events.push('return');
          return { done: true, value: undefined };
        },
      };
    },
  });

  it('is released after rows that are refused, and not after its own end or error', async () => {
    const events: string[] = [];
    await expect(Dataset.from(source(events, [[[1]], [[Number.NaN]]]))).rejects.toThrow('row 1');
    expect(events.splice(0)).toEqual(['return']);
    await expect(Dataset.from(source(events, [[[1]], new Error('gone')]))).rejects.toThrow('gone');
    expect((await Dataset.from(source(events, [[[1]], [[2]]]))).nSamples).toBe(2);
    expect(events).toEqual([]);
  });
});
