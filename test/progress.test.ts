/** `onProgress`: what it throws, or rejects with, ends the call. */

import { afterAll, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../src/index.js';
import { createEngine, fit, GmmError, selectModel } from './package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const rows = Array.from({ length: 400 }, (_, i) => [Math.sin(i), Math.cos(i * i) + (i % 2) * 9]);

const later = () => new Promise((resolve) => setTimeout(resolve, 20));

const wrong = new Error('the disk is full');
/** How a callback fails. */
const failures: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw wrong;
    },
  ],
  ['rejects', () => Promise.reject(wrong)],
  ['rejects a while later', () => later().then(() => Promise.reject(wrong))],
];
const types: ProgressEvent['type'][] = ['sweep', 'fit-start', 'iteration', 'fit-end'];

describe.each(failures)('a callback that %s', (_, fail) => {
  it.each(types)('at %s ends selectModel', async (type) => {
    const onProgress = (event: ProgressEvent) => (event.type === type ? fail() : undefined);
    const options = { nComponents: [1, 2], nInit: 2, onProgress };
    await expect(engine.selectModel(rows, options)).rejects.toBe(wrong);
    await expect(selectModel(rows, options)).rejects.toBe(wrong);
  });

  it.each(types.slice(1))('at %s ends fit', async (type) => {
    const onProgress = (event: ProgressEvent) => (event.type === type ? fail() : undefined);
    await expect(fit(rows, { nComponents: 2, nInit: 2, onProgress })).rejects.toBe(wrong);
  });

  it('stops a fit that would go on', async () => {
    const endless = { nComponents: 2, tol: 0, maxIter: 1e9, onProgress: fail as () => void };
    await expect(engine.fit(rows, endless)).rejects.toBe(wrong);
    expect((await engine.fit(rows, { nComponents: 1 })).converged).toBe(true);
  });
});

describe('a callback', () => {
  it("whose error is the package's own ends the whole sweep too", async () => {
    const own = new GmmError('IO', 'cannot write');
    const onProgress = ({ type }: ProgressEvent) => {
      if (type === 'iteration') throw own;
    };
    await expect(engine.selectModel(rows, { nComponents: [1, 2], onProgress })).rejects.toBe(own);
  });

  it('that returns promises is waited for', async () => {
    let [begun, ended] = [0, 0];
    const onProgress = async () => {
      begun++;
      await later();
      ended++;
    };
    await engine.fit(rows, { nComponents: 2, nInit: 2, onProgress });
    expect(begun).toBeGreaterThan(1);
    expect(ended).toBe(begun);
  });

  it('that never ends is left behind by a call that is cancelled', async () => {
    const controller = new AbortController();
    const onProgress = ({ type }: ProgressEvent) => {
      if (type === 'fit-end') setTimeout(() => controller.abort(wrong));
      return new Promise<void>(() => undefined);
    };
    const { signal } = controller;
    await expect(engine.fit(rows, { nComponents: 1, signal, onProgress })).rejects.toBe(wrong);
  });
});
