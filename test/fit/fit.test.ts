import { Matrix } from 'ml-matrix';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { Dataset as Data, FitOptions, ProgressEvent, RowSource } from '../../src/index.js';
import { bitsOf, expectClose } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());
const fit = (data: Parameters<typeof engine.fit>[0], options: FitOptions) => engine.fit(data, options);

/** Two blobs of 30 rows in two columns. */
const random = createRandom(1);
const blobs = Array.from({ length: 60 }, (_, i) => [random.normal() + 8 * (i % 2), random.normal()]);

/** Sums of some dozens of rows. */
const CLOSED_FORM = 1e-12;

describe('fit', () => {
  it('takes rows in every form alike', async () => {
    async function* batches() {
      yield blobs.slice(0, 7);
      yield blobs.slice(7);
    }
    const sources: RowSource[] = [blobs, new Matrix(blobs), batches()];
    const options = { nComponents: 2, seed: 4 };
    const bits: string[] = [bitsOf(await fit(await Dataset.from(blobs), options))];
    for (const source of sources) bits.push(bitsOf(await fit(source, options)));
    expect(new Set(bits).size).toBe(1);
  });

  it('takes a flat array as one column where it is told so', async () => {
    const { model } = await fit([1, 2, 3, 4], { nComponents: 1, nFeatures: 1 });
    expect(model.nFeatures).toBe(1);
    expectClose(model.means, [2.5], CLOSED_FORM);
    expectClose(model.covariances, [1.25], CLOSED_FORM);
  });

  it('lists how every start went, each with a seed of its own', async () => {
    const { restarts, logLikelihood } = await fit(blobs, { nComponents: 2, nInit: 5, init: 'random' });
    expect(restarts).toHaveLength(5);
    expect(new Set(restarts.map(({ seed }) => seed)).size).toBe(5);
    expect(Math.max(...restarts.map((restart) => restart.logLikelihood))).toBe(logLikelihood);
    const winner = restarts.find((restart) => restart.logLikelihood === logLikelihood);
    expect(winner).toMatchObject({ status: 'converged', agrees: true });
    for (const { status, nIterations, nSamples, moves } of restarts) {
      // A start that was left behind was only tried.
      expect(['converged', 'max-iter']).toContain(status);
      expect(nIterations).toBeGreaterThan(0);
      expect(nSamples).toBe(60);
      expect(moves).toBeGreaterThanOrEqual(0);
    }
  });

  it('does not go astray where an extrapolation would', async () => {
    // Here one without bounds puts a component 1e20 standard deviations away, where nothing is finite.
    const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i) + 3 * (i % 2), Math.cos(i * i)]);
    const { status, restarts } = await fit(rows, { nComponents: 3, nInit: 2, seed: 1114 });
    expect(status).toBe('converged');
    for (const restart of restarts) expect(Number.isFinite(restart.logLikelihood)).toBe(true);
  });

  it.each(['kmeans', 'k-means++', 'random', 'random-rows'] as const)(
    "starts anew at every start, '%s'",
    async (init) => {
      // Rows without clusters: every start is another one.
      const noise = Array.from({ length: 300 }, () => [random.uniform(), random.uniform(), random.uniform()]);
      const { restarts } = await fit(noise, {
        nComponents: 5,
        nInit: 6,
        init,
        maxIter: 1,
        covarianceFloor: 0,
      });
      expect(new Set(restarts.map(({ logLikelihood }) => logLikelihood)).size).toBeGreaterThan(4);
    },
  );

  it('gives another fit for another seed, the same for the same', async () => {
    const of = async (seed: number) =>
      bitsOf(await fit(blobs, { nComponents: 3, nInit: 2, init: 'random', maxIter: 3, seed }));
    const [one, same, two] = [await of(1), await of(1), await of(2)];
    expect(one).toBe(same);
    expect(one).not.toBe(two);
  });

  it('orders components by falling weight', async () => {
    const uneven = [...blobs, ...blobs.filter((_, i) => i % 2 === 1).map(([x, y]) => [x, y + 0.01])];
    const { model } = await fit(uneven, { nComponents: 2 });
    expectClose(model.weights, [2 / 3, 1 / 3], 1e-6);
    expect(model.means[0]).toBeGreaterThan(model.means[2]);
  });

  it('returns the start after 0 iterations', async () => {
    const init = {
      weights: [0.75, 0.25],
      means: [
        [0, 0],
        [8, 0],
      ],
      covariances: [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [2, 0.5],
          [0.5, 1],
        ],
      ],
    };
    const result = await fit(blobs, { nComponents: 2, init, maxIter: 0 });
    expect(result).toMatchObject({
      status: 'max-iter',
      converged: false,
      nIterations: 0,
      logLikelihoods: [],
    });
    expect([...result.model.weights]).toEqual(init.weights);
    expect([...result.model.means]).toEqual(init.means.flat());
    expect([...result.model.covariances]).toEqual(init.covariances.flat(2));
    expectClose([result.logLikelihood], [60 * (await result.model.score(blobs, { engine }))], CLOSED_FORM);
  });

  it('says when it ran out of iterations, which is no error', async () => {
    const result = await fit(blobs, { nComponents: 3, maxIter: 2, nInit: 1 });
    expect(result).toMatchObject({ status: 'max-iter', converged: false, nIterations: 2 });
    expect(result.logLikelihoods).toHaveLength(2);
  });

  it('is as near to the maximum as tol says', async () => {
    const rough = await fit(blobs, { nComponents: 3, nInit: 1, tol: 1e-4 });
    const { weights, means, covariances } = rough.model;
    const init = { weights, means, covariances };
    const exact = await fit(blobs, { nComponents: 3, init, tol: 1e-12 });
    expect(rough.converged && exact.converged).toBe(true);
    expect(exact.meanLogLikelihood - rough.meanLogLikelihood).toBeLessThan(1e-4);
  });

  it('holds weights equal where that is asked for', async () => {
    const { model, nParameters } = await fit(blobs, { nComponents: 3, equalWeights: true });
    expectClose(model.weights, [1 / 3, 1 / 3, 1 / 3], 0);
    expect(nParameters).toBe(3 * 2 + 3 * 3);
  });

  it('adds regCovar to every variance', async () => {
    const options = { nComponents: 1, maxIter: 1, tol: 0 };
    const [plain, raised] = [await fit(blobs, options), await fit(blobs, { ...options, regCovar: 0.5 })];
    const [a, b, , c] = plain.model.covariances;
    expectClose(raised.model.covariances, [a + 0.5, b, b, c + 0.5], CLOSED_FORM);
  });

  it('does not look at rows of weight 0, wherever they are', async () => {
    const far = [[1e9, -1e9], ...blobs, [1e9, 1e9]];
    const sampleWeight = far.map((_, i) => (i === 0 || i === 61 ? 0 : 1));
    const weighted = await Dataset.from(far, { sampleWeight });
    const options = { nComponents: 1, maxIter: 0 };
    const [{ model }, expected] = [await fit(weighted, options), await fit(blobs, options)];
    expectClose(model.means, expected.model.means, CLOSED_FORM, 1);
    expectClose(model.covariances, expected.model.covariances, CLOSED_FORM, 1);
  });

  it('finds the few rows that count among many that do not', async () => {
    const n = 60_000;
    const rows = Float64Array.from({ length: n }, (_, i) =>
      i % 1000 === 7 ? (i % 2000 === 7 ? 5 : -5) + (i % 13) / 10 : 999,
    );
    const sampleWeight = Float64Array.from({ length: n }, (_, i) => (i % 1000 === 7 ? 1 : 0));
    const { model, bic } = await fit(await Dataset.from(rows, { nFeatures: 1, sampleWeight }), {
      nComponents: 2,
    });
    expectClose(model.weights, [0.5, 0.5], 1e-6);
    expect(Number.isFinite(bic)).toBe(true);
    expect(Math.max(...model.means)).toBeLessThan(7);
  });

  it('finds separated components of many rows, trying starts on a sample', async () => {
    const truth = createMixture('full', 4, 2, createRandom(3), 40);
    const rows = drawRows(truth, 50_000, createRandom(4));
    const { model, restarts } = await fit(await Dataset.from(rows, { nFeatures: 2 }), {
      nComponents: 4,
      nInit: 4,
    });
    expect(restarts.some(({ nSamples }) => nSamples === 50_000)).toBe(true);
    for (let j = 0; j < 4; j++) {
      const nearest = Math.min(
        ...[0, 1, 2, 3].map((i) =>
          Math.hypot(
            model.means[2 * j] - truth.means[2 * i],
            model.means[2 * j + 1] - truth.means[2 * i + 1],
          ),
        ),
      );
      // 12,500 rows of variance 1: 5 standard errors.
      expect(nearest).toBeLessThan(5 / Math.sqrt(12_500));
    }
  });
});

describe('onProgress', () => {
  const frame = { nComponents: 2, covarianceType: 'full' };
  const eventsOf = async (data: Data | RowSource, options: Partial<FitOptions>) => {
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    return { events, result: await fit(data, { nComponents: 2, onProgress, ...options }) };
  };

  it('tells start and end', async () => {
    const { events, result } = await eventsOf(blobs, { nInit: 3 });
    expect(events[0]).toEqual({
      type: 'fit-start',
      ...frame,
      hasNoise: false,
      method: 'em',
      nInit: 3,
      nSamples: blobs.length,
      costShare: 1,
    });
    const { status, bic } = result;
    expect(events.at(-1)).toEqual({ type: 'fit-end', ...frame, hasNoise: false, status, bic });
  });

  it('tells iterations of a fit that takes its time, some twenty times a second', async () => {
    const rows = drawRows(createMixture('full', 2, 4, createRandom(5)), 50_000, createRandom(6));
    const before = performance.now();
    const options = { init: 'random-rows', nInit: 1, search: 'none', tol: 0, maxIter: 200 } as const;
    const { events } = await eventsOf(await Dataset.from(rows, { nFeatures: 4 }), options);
    const iterations = events.slice(1, -1);
    expect(iterations.length).toBeGreaterThan(0);
    // A trial, a run on a larger sample, then two on all rows, each with its first event at once.
    expect(iterations.length).toBeLessThan((performance.now() - before) / 50 + 4);
    let share = 0;
    for (const event of iterations) {
      expect(event).toMatchObject({ type: 'iteration', ...frame, start: 0 });
      if (event.type !== 'iteration') continue;
      expect(event.phase === 'trial' ? [2_500, 20_000, 50_000] : [50_000]).toContain(event.nSamples);
      expect(event.share).toBeGreaterThanOrEqual(share);
      share = event.share;
      expect(share).toBeLessThan(1);
      expect(event.iteration).toBeLessThanOrEqual(event.maxIter);
      expect(event.meanLogLikelihood).toBeLessThan(0);
    }
  });

  it('tells of moves, unless no search is wanted', async () => {
    // So many rows that every stage takes its time: an event that comes after the end of its run is not told.
    const rows = drawRows(createMixture('full', 3, 4, createRandom(7), 2), 60_000, createRandom(8));
    const data = await Dataset.from(rows, { nFeatures: 4 });
    const phasesOf = async (options: Partial<FitOptions>) => {
      const { events, result } = await eventsOf(data, { nComponents: 3, ...options });
      const phases = events.flatMap((event) => (event.type === 'iteration' ? [event.phase] : []));
      return { phases: new Set(phases), result };
    };
    const { phases, result } = await phasesOf({});
    expect([...phases]).toEqual(expect.arrayContaining(['trial', 'move', 'final']));
    expect((await phasesOf({ search: 'none' })).phases).not.toContain('move');
    const { phases: given } = await phasesOf({ init: result });
    expect(given).toContain('final');
    expect(given).not.toContain('trial');
    expect(given).not.toContain('move');
  });
});

describe('data that cannot be fitted', () => {
  const INVALID: [string, RowSource, FitOptions, string][] = [
    [
      'fewer rows than components',
      [[1], [2]],
      { nComponents: 3 },
      '2 rows are too few for 3 components; lower nComponents or give more rows',
    ],
    [
      'one row for two',
      [[1]],
      { nComponents: 2 },
      '1 row is too few for 2 components; lower nComponents or give more rows',
    ],
    ['no rows', [], { nComponents: 1 }, 'there are no rows; give at least one'],
    [
      'NaN',
      [[1], [Number.NaN]],
      { nComponents: 1 },
      'row 1, column "x0" is NaN; every value must be a finite number',
    ],
    [
      'huge values',
      [[1e200], [-1e200]],
      { nComponents: 1 },
      'column "x0" has values of about 1e200, whose squares overflow; divide it by 1e200',
    ],
  ];
  it.each(INVALID)('is INVALID_DATA: %s', async (_, rows, options, message) => {
    await expect(fit(rows, options)).rejects.toMatchObject({
      name: 'GmmError',
      code: 'INVALID_DATA',
      message,
    });
  });

  it('counts only rows with a weight', async () => {
    const data = await Dataset.from([[1], [2], [3]], { sampleWeight: [1, 0, 0] });
    await expect(fit(data, { nComponents: 2 })).rejects.toMatchObject({ code: 'INVALID_DATA' });
  });

  it.each(['full', 'tied', 'diag'] as const)(
    "is DEGENERATE where a column is constant, naming it, '%s'",
    async (covarianceType) => {
      const data = await Dataset.from(
        blobs.map(([x]) => [x, 0.1]),
        { columns: ['age', 'planet'] },
      );
      for (const nComponents of [1, 2]) {
        await expect(fit(data, { nComponents, covarianceType })).rejects.toMatchObject({
          code: 'DEGENERATE',
          message: expect.stringContaining('column "planet" is constant; leave it out'),
        });
      }
    },
  );

  it.each(COVARIANCE_TYPES)('is DEGENERATE where all rows are alike, %s', async (covarianceType) => {
    const rows = new Array(20).fill([1, 2]);
    for (const init of ['kmeans', 'k-means++', 'random', 'random-rows'] as const) {
      const options = { nComponents: 2, covarianceType, init };
      await expect(fit(rows, options)).rejects.toMatchObject({ code: 'DEGENERATE' });
    }
  });

  it('is DEGENERATE where every start collapses, saying where and what to do', async () => {
    const line = Array.from({ length: 40 }, (_, i) => [i, 2 * i]);
    await expect(fit(line, { nComponents: 2, prior: 'none' })).rejects.toMatchObject({
      code: 'DEGENERATE',
      message: expect.stringMatching(
        /^all 10 starts collapsed: "x0" − 0.5 "x1" is 0 in 40 of 40 rows; leave prior at 'auto', or set regCovar to 0.0007 /,
      ),
    });
  });

  const init = {
    weights: [1],
    means: [[0, 0]],
    covariances: [
      [
        [1, 2],
        [2, 1],
      ],
    ],
  };
  it('is INVALID_OPTION where explicit parameters are wrong, naming the field', async () => {
    await expect(fit(blobs, { nComponents: 1, init })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('"covariances[0]" must be positive definite'),
    });
    await expect(fit(blobs, { nComponents: 2, init })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('"weights" must be an array of length 2'),
    });
  });

  it('rejects options before it looks at the data', async () => {
    await expect(fit([[Number.NaN]], { nComponents: 0 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: '"nComponents" must be a whole number >= 1, got 0',
    });
    await expect(fit(blobs, undefined as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
