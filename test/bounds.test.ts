/** Counts beyond what memory holds, and data whose fits are known to come to nothing: refused at once, by their names. */

import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../src/core/random.js';
import { resolveFitOptions, resolveSelectOptions } from '../src/fit/options.js';
import type { SelectOptions } from '../src/types.js';
import { createEngine, Dataset, GaussianMixture } from './package.js';

const engine = createEngine({ threads: 1 });
afterAll(() => engine.close());

describe('counts', () => {
  const one = { nComponents: 2 };
  const sweep = { nComponents: [1, 2] };
  const ks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
  const bad: [() => unknown, string][] = [
    [() => resolveFitOptions({ ...one, nInit: 1e9 }), '"nInit" must be at most 10000, got 1000000000'],
    [
      () => resolveFitOptions({ nComponents: 1e15 }),
      '"nComponents" must be at most 65536, got 1000000000000000',
    ],
    [
      () => resolveSelectOptions({ ...sweep, nInit: 1e9 } as SelectOptions),
      '"nInit" must be at most 10000, got 1000000000',
    ],
    [
      () => resolveSelectOptions({ nComponents: ks(10), nInit: 10_000 }),
      '"nInit" must be at most 2500 for 40 models, got 10000',
    ],
    [
      () => resolveSelectOptions({ nComponents: ks(2501) }),
      '"nComponents" and "covarianceTypes" make 10004 models; one call fits at most 10000',
    ],
    [
      () => resolveSelectOptions({ nComponents: new Array(4e9) }),
      '"nComponents" and "covarianceTypes" make 4000000000 models; one call fits at most 10000',
    ],
    [
      () => resolveSelectOptions({ nComponents: [1, 1e9] }),
      '"nComponents[1]" must be at most 65536, got 1000000000',
    ],
  ];
  it.each(bad)('have bounds that are named (%#)', (call, message) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }));
  });

  it('in lists have no holes', () => {
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    expect(() => resolveSelectOptions({ nComponents: [1, , 3] as number[] })).toThrow(
      '"nComponents[1]" must be a whole number >= 1, got undefined',
    );
    expect(() => resolveSelectOptions({ nComponents: [1], covarianceTypes: [undefined as never] })).toThrow(
      '"covarianceTypes[0]" must be',
    );
  });

  it('up to the bound are taken, in any order', async () => {
    const descending = ks(2500).reverse();
    const { fits } = await engine.selectModel(
      [
        [1, 3],
        [2, 9],
        [4, 5],
        [9, 1],
      ],
      { nComponents: descending, nInit: 1 },
    );
    expect(fits).toHaveLength(10_000);
    expect(fits.filter(({ model }) => model).length).toBeGreaterThan(3);
  });

  it('of a model file allocate nothing before they are true', () => {
    const file = GaussianMixture.fromParameters({
      weights: [1],
      means: [[1]],
      covariances: [[[1]]],
    }).toJSON();
    for (const [field, most] of [
      ['nComponents', 65_536],
      ['nFeatures', 16_384],
    ] as const) {
      const columns = field === 'nFeatures' ? { length: 1e15 } : file.columns;
      expect(() => GaussianMixture.fromJSON({ ...file, [field]: 1e15, columns })).toThrow(
        expect.objectContaining({ code: 'INVALID_MODEL' }),
      );
      expect(() => GaussianMixture.fromJSON({ ...file, [field]: most })).toThrow(
        expect.objectContaining({ code: 'INVALID_MODEL' }),
      );
    }
  });

  it('of a model and its rows may be more than a thread has memory for', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) =>
      Float64Array.from({ length: 1100 }, (_, a) => (i * a) % 7),
    );
    const call = engine.fit(rows, { nComponents: 1100, nInit: 1, init: 'random-rows' });
    await expect(call).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^1100 'full' components of 1100 columns need \d+\.?\d* GB of memory/),
    });
  });
});

describe('data that can only collapse', () => {
  it('are refused before anything is computed where there are no more rows than columns', async () => {
    const random = createRandom(1);
    const n = 400;
    const d = 2000;
    const rows = Array.from({ length: n }, () => Float64Array.from({ length: d }, () => random.normal()));
    const data = await Dataset.from(rows);
    const begin = performance.now();
    for (const covarianceType of ['full', 'tied'] as const) {
      await expect(engine.fit(data, { nComponents: 1, covarianceType })).rejects.toMatchObject({
        code: 'DEGENERATE',
        message:
          `400 rows are too few for '${covarianceType}' covariances of 2000 columns, which are singular unless there are ` +
          "more rows than columns; use covarianceType 'diag', leave out columns, or set regCovar (now 0)",
      });
    }
    // Some milliseconds; it was half a minute.
    expect(performance.now() - begin).toBeLessThan(2000);
    const { fits } = await engine.selectModel(
      rows.slice(0, 5).map((row) => row.subarray(0, 8)),
      { nComponents: [1], covarianceTypes: ['full', 'tied', 'diag'], nInit: 1 },
    );
    // With few columns a prior holds them.
    expect(fits.map(({ status }) => status)).toEqual(['regularized', 'regularized', 'converged']);
  });

  it('are fitted all the same with regCovar, and their start is given', async () => {
    const rows = [
      [1, 2],
      [3, 5],
    ];
    expect((await engine.fit(rows, { nComponents: 1, regCovar: 0.1 })).status).toBe('converged');
    const square = [
      [1, 2, 0],
      [3, 5, 1],
      [2, 2, 7],
    ];
    expect((await engine.fit(square, { nComponents: 2, maxIter: 0 })).status).toBe('max-iter');
  });

  it.each([1e-146, 1e-150, 1e-160, 5e-324, 1e146, 1.7e308])(
    'are DEGENERATE where all are %d',
    async (value) => {
      for (const columns of [1, 2]) {
        const rows = Array.from({ length: 4 }, () => new Array<number>(columns).fill(value));
        await expect(engine.fit(rows, { nComponents: 1 })).rejects.toMatchObject({ code: 'DEGENERATE' });
      }
    },
  );

  it.each([
    ['an all but weightless first row', [1, 1e12, 1e12, 1e12]],
    ['an all but weightless row', [1e12, 1, 1e12, 1e12]],
    ['weights that tell two rows', [1, 1e12, 1e-100, 1e-300]],
    ['weights over all of the range', [1e-300, 1e-12, 1, 5e-324]],
  ])('with %s are fitted or DEGENERATE', async (_, sampleWeight) => {
    for (const scale of [1, 1e16]) {
      const rows = [
        [scale, 2, scale + 2],
        [3, 2 * scale, 1],
        [4, 9, 3],
        [1, 1, 7],
      ];
      const data = await Dataset.from(rows, { sampleWeight });
      for (const covarianceType of ['full', 'tied', 'diag'] as const) {
        const outcome = await engine.fit(data, { nComponents: 1, covarianceType }).then(
          ({ status }) => status,
          ({ code }) => code,
        );
        expect(['converged', 'max-iter', 'regularized', 'DEGENERATE']).toContain(outcome);
      }
    }
  });

  it('have the moments of rows that weigh, whichever row is the first', async () => {
    // Seen from the first row the others' variance is 1e-24 of what it is a difference of.
    const sampleWeight = [1e-30, 1, 1, 1, 1];
    const rows = [[1e12], [1], [2], [3], [4]];
    const { model } = await engine.fit(await Dataset.from(rows, { sampleWeight }), { nComponents: 1 });
    expect(model.means[0]).toBeCloseTo(2.5, 12);
    expect(model.covariances[0]).toBeCloseTo(1.25, 5);
  });

  it.each([
    [
      [1e300, 1e300],
      'the weights sum to 2e+300, which overflows or underflows in products; divide them by their mean',
    ],
    [[1e-310, 1e-310], /^the weights sum to 2e-310, which overflows or underflows/],
  ])('are INVALID_DATA with weights %j', async (sampleWeight, message) => {
    const data = await Dataset.from([[1], [2]], { sampleWeight });
    await expect(engine.fit(data, { nComponents: 1 })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

describe('equal weights', () => {
  it('stay equal where an empty component starts anew', async () => {
    // The second mean is so far off that no row belongs to it.
    const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i) + 6 * (i % 2), Math.cos(i)]);
    const init = {
      weights: [1 / 3, 1 / 3, 1 / 3],
      means: [
        [0, 0],
        [1e6, 1e6],
        [6, 0],
      ],
      covariances: [1, 1, 1],
    };
    for (let maxIter = 0; maxIter < 6; maxIter++) {
      const options = {
        nComponents: 3,
        covarianceType: 'spherical',
        equalWeights: true,
        init,
        maxIter,
      } as const;
      const { model } = await engine.fit(rows, options);
      expect([...model.weights]).toEqual([1 / 3, 1 / 3, 1 / 3]);
      const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
      expect((await again.predict(rows, { engine })).length).toBe(40);
    }
  });
});
