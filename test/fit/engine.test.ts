import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset, fit, GaussianMixture } from '../package.js';

const random = createRandom(1);
const large = await Dataset.from(drawRows(createMixture('full', 3, 4, random), 100_000, random), {
  nFeatures: 4,
});
const small = Array.from({ length: 200 }, (_, i) => [random.normal() + 6 * (i % 3)]);

describe('an engine', () => {
  it('serves concurrent calls, each with the result it has alone', async () => {
    const engine = createEngine({ threads: 3 });
    try {
      const calls = [
        () => engine.fit(large, { nComponents: 3, nInit: 2, maxIter: 6 }),
        ...Array.from({ length: 6 }, (_, seed) => () => engine.fit(small, { nComponents: 3, seed })),
        () => engine.selectModel(small, { nComponents: [1, 2, 3] }).then(({ best }) => best),
        () => engine.fit(large, { nComponents: 2, nInit: 1, maxIter: 4, convergence: 'responsibilities' }),
      ];
      const together = await Promise.all(calls.map((call) => call()));
      for (const [i, call] of calls.entries()) expect(bitsOf(await call())).toBe(bitsOf(together[i]));
    } finally {
      await engine.close();
    }
  });

  it.each([
    { convergence: 'change', maxIter: 150 },
    { convergence: 'responsibilities', maxIter: 110 },
  ] as const)(
    'lets small calls go before a large one that has all threads, which ends with its bits, $convergence',
    async (rule) => {
      const engine = createEngine({ threads: 2 });
      try {
        const options = { nComponents: 6, init: 'random-rows', nInit: 2, tol: 0, ...rule } as const;
        const alone = await engine.fit(large, options);
        const order: string[] = [];
        const running = engine.fit(large, options).finally(() => order.push('large'));
        // Both threads lead its runs by now; without yielding, nothing else would run till these end.
        await new Promise((resolve) => setTimeout(resolve, 300));
        for (let round = 0; round < 2; round++) {
          const calls = Array.from({ length: 8 }, (_, seed) => engine.fit(small, { nComponents: 3, seed }));
          await Promise.all(calls);
          order.push('small');
        }
        expect(order).toEqual(['small', 'small']);
        const result = await running;
        expect(bitsOf({ ...result, model: result.model.toJSON() })).toBe(
          bitsOf({ ...alone, model: alone.model.toJSON() }),
        );
      } finally {
        await engine.close();
      }
    },
  );

  it('rejects what is running or waiting when it is closed, and every call after', async () => {
    const engine = createEngine({ threads: 1 });
    const endless = { nComponents: 3, tol: 0, maxIter: 1_000_000, init: 'random-rows' } as const;
    const calls = [1, 2, 3].map((seed) => engine.fit(large, { ...endless, seed }));
    const ends = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await engine.close();
    const closed = {
      name: 'GmmError',
      code: 'WORKER_FAILED',
      message: 'the engine was closed; make a new one',
    };
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: closed });
    await expect(engine.fit(small, { nComponents: 1 })).rejects.toMatchObject(closed);
    await engine.close();
  });

  it('is closed by `await using`', async () => {
    const engine = createEngine({ threads: 1 });
    await engine[Symbol.asyncDispose]();
    await expect(engine.fit(small, { nComponents: 1 })).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  });

  it('serves the methods of models', async () => {
    const engine = createEngine({ threads: 2 });
    try {
      const { model } = await engine.fit(small, { nComponents: 3 });
      expect(await model.predict(small, { engine })).toEqual(await model.predict(small, { threads: 1 }));
    } finally {
      await engine.close();
    }
  });

  it('rejects wrong options', async () => {
    expect(() => createEngine({ threads: 0 })).toThrow('"threads" must be a whole number >= 1, got 0');
    expect(() => createEngine({ workers: 2 } as never)).toThrow(
      'unknown option "workers"; there are threads',
    );
    const message = '"engine" must be made by createEngine, got an object';
    const engine = { threads: 1, close: async () => undefined };
    await expect(fit(small, { nComponents: 1, engine })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    });
    const model = GaussianMixture.fromParameters({ weights: [1], means: [0], covariances: [[[1]]] });
    await expect(model.predict(small, { engine })).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });
});

describe('a process', () => {
  const urlOf = (file: string) => new URL(`../../dist/${file}`, import.meta.url);
  const body = `
    const rows = Array.from({ length: 500 }, (_, i) => [Math.sin(i), Math.cos(i * i)]);
    const { model } = await fit(rows, { nComponents: 2 });
    await selectModel(rows, { nComponents: [1, 2], nInit: 2 });
    await model.predict(rows);
    await fit(rows, { nComponents: 0 }).catch(() => {});
    await fit(rows, { nComponents: 2, signal: AbortSignal.timeout(1), tol: 0 }).catch(() => {});
    const engine = createEngine({ threads: 2 });
    await engine.fit(rows, { nComponents: 2 });
    await engine.close();
    console.log('done');`;
  const programs: [string, string[]][] = [
    [
      'ESM',
      [
        '--input-type=module',
        '-e',
        `import { createEngine, fit, selectModel } from ${JSON.stringify(urlOf('index.js').href)};${body}`,
      ],
    ],
    [
      'CommonJS',
      [
        '-e',
        `const { createEngine, fit, selectModel } = require(${JSON.stringify(fileURLToPath(urlOf('index.cjs')))});(async () => {${body}})();`,
      ],
    ],
  ];
  it.each(programs)(
    'ends by itself after calls without an engine, and closed engines, %s',
    async (_, args) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
      expect([stdout, stderr]).toEqual(['done\n', '']);
    },
  );
});
