/** Starts, seen from outside: no two alike, none dependent on threads, and `maxIter: 0` gives them as they are. */

import { afterAll, describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../src/checkpoint/call-memory.js';
import { COVARIANCE_TYPES, familyOf } from '../../src/core/covariance/families.js';
import { createCovarianceFloor } from '../../src/core/covariance/floor.js';
import { sortComponents } from '../../src/core/parameters.js';
import { createRandom, deriveSeed } from '../../src/core/random.js';
import { findStart, type RunStart } from '../../src/em/start/start.js';
import { resolveFitOptions } from '../../src/fit/options.js';
import type { Runner } from '../../src/fit/runs.js';
import { tryAndRun } from '../../src/fit/starts.js';
import type { Caller } from '../../src/parallel/pool.js';
import type { SharedRows } from '../../src/rows/shared-rows.js';
import type { InitName } from '../../src/types.js';
import { bitsOf, expectClose } from '../close.js';
import { computeMoments } from '../laws/moments.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

const engines = [1, 2].map((threads) => createEngine({ threads }));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

const INITS: readonly InitName[] = ['mixed', 'kmeans', 'k-means++', 'random', 'random-rows'];
const [N, D, K] = [180, 2, 3];

/** The moments are summed in another order; the start does not magnify that. */
const OTHER_ORDER = 1e-11;

const random = createRandom(77);
const rows = drawRows(createMixture('full', K, D, random, 1.5), N, random);
const data = await Dataset.from(rows, { nFeatures: D });
const weighted = await Dataset.from(rows, { nFeatures: D, sampleWeight: drawWeights(N, random) });

describe.each(COVARIANCE_TYPES)('%s', (covarianceType) => {
  it.each(['random', 'random-rows'] as const)(
    "begins no two of 12 runs alike, nor do their paths meet, '%s'",
    async (init) => {
      // The log-likelihoods of all runs after 0, 1, 2 and 4 exact steps.
      for (const maxIter of [0, 1, 2, 4]) {
        const options = { nComponents: K, covarianceType, init, nInit: 12, maxIter } as const;
        const { restarts } = await engines[1].fit(data, {
          ...options,
          acceleration: 'none',
          covarianceFloor: 0,
        });
        expect(new Set(restarts.map(({ logLikelihood }) => logLikelihood)).size).toBe(12);
        expect(new Set(restarts.map(({ seed }) => seed)).size).toBe(12);
      }
    },
  );

  describe.each(INITS)("'%s'", (init) => {
    it('has the same bits with one thread and with two', async () => {
      for (const on of [data, weighted]) {
        const options = { nComponents: K, covarianceType, init, nInit: 4, seed: 6 };
        const [one, two] = await Promise.all(engines.map((engine) => engine.fit(on, options)));
        expect(bitsOf({ ...two, model: two.model.toJSON() })).toBe(
          bitsOf({ ...one, model: one.model.toJSON() }),
        );
        expect(two.restarts).toEqual(one.restarts);
      }
    });

    it('is given back as it is after 0 iterations', async () => {
      const seed = 9;
      const options = { nComponents: K, covarianceType, init, nInit: 1, seed };
      const result = await engines[0].fit(data, { ...options, maxIter: 0 });
      expect(result).toMatchObject({
        status: 'max-iter',
        converged: false,
        nIterations: 0,
        logLikelihoods: [],
      });

      const moments = { totalWeight: N, ...computeMoments(rows, D) };
      const family = familyOf(covarianceType);
      const floor = createCovarianceFloor(family.form, moments, 1e-6);
      const sample = { rows: { nSamples: N, nFeatures: D, chunkRows: N, chunks: [rows] }, moments };
      const expected = sortComponents(
        findStart(
          { kind: 'random', init, index: 0, seed: deriveSeed(seed, K, family.stream, 0), sample },
          { covarianceType, nComponents: K, nFeatures: D },
          { family, floor, regCovar: 0, equalWeights: false },
          () => undefined,
        ),
      );
      expectClose(result.model.weights, expected.weights, OTHER_ORDER);
      expectClose(result.model.means, expected.means, OTHER_ORDER, 1);
      expectClose(result.model.covariances, expected.covariances, OTHER_ORDER, 1);
      // The first point of a run that goes on is the start.
      const onward = await engines[0].fit(data, { ...options, maxIter: 3 });
      expect(onward.logLikelihoods[0]).toBe(result.logLikelihood);
    });
  });
});

/** Runs are made up here: no pool is asked. */
const NOBODY: Caller = { threads: 1, run: () => Promise.reject(new Error('no pool')) };

describe('starts of many rows', () => {
  const nSamples = 400_000;
  const moments = { totalWeight: nSamples, ...computeMoments(rows, D) };
  const rowsOf = (n: number): SharedRows => ({ nSamples: n, nFeatures: D, chunkRows: n, chunks: [] });
  const sample = async (size: number) => ({ rows: rowsOf(size), moments: { ...moments, totalWeight: size } });
  const manyRows = {
    rows: rowsOf(nSamples),
    columns: [],
    moments,
    reference: moments,
    rowsPerEffective: 1,
    notes: [],
    sample,
    startSample: sample,
  };
  const options = resolveFitOptions({ nComponents: K, nInit: 6 });
  const mixtures = Array.from({ length: 6 }, (_, i) => createMixture('full', K, D, createRandom(i)));
  const starts = mixtures.map((parameters): RunStart => ({ kind: 'parameters', parameters }));

  /** Runs whose log-likelihoods fall with the start, and that collapse where they are told to. */
  const runWith = async (collapses: (start: number, n: number) => boolean) => {
    const asked: [number, number, boolean][] = [];
    const run: Runner['run'] = async ({ start, rows: { nSamples: n }, task }) => {
      asked.push([start, n, task.start === starts[start]]);
      const status = collapses(start, n) ? 'degenerate' : 'converged';
      const ran = { parameters: { ...mixtures[start] }, trace: [], nIterations: 1 };
      const logLikelihood = -start * 1e-3 * n;
      return { ...ran, status, objective: logLikelihood, logLikelihood, logMaxResponsibility: 0 };
    };
    // Start s is behind the first by s / 1000 a row, give or take 0.15 s; half-way between two there is a valley.
    const logDensitiesOf: Runner['logDensitiesOf'] = async ({ nSamples: n }, { means }) => {
      const start = mixtures.findIndex((mixture) => mixture.means === means);
      return start < 0
        ? new Float64Array(n).fill(-10)
        : Float64Array.from({ length: n }, (_, i) => start * (-1e-3 + (i % 2 === 0 ? 0.15 : -0.15)));
    };
    const shape = { covarianceType: 'full', nComponents: K, nFeatures: D } as const;
    const context = { caller: NOBODY, data: manyRows, memory: NO_MEMORY, options };
    const runner: Runner = {
      ...{ shape, context, prior: undefined, run, logDensitiesOf },
      proposeMoves: async () => [],
      seconds: () => 0,
    };
    const ends = await tryAndRun(runner, starts, 'final');
    return {
      asked,
      finals: ends.filter(({ isFinal }) => isFinal).map(({ start, run: { status } }) => [start, status]),
    };
  };
  const on = (asked: readonly [number, number, boolean][], n: number) =>
    asked.filter(([, size]) => size === n).map(([start]) => start);

  it('are tried on few rows, the best four go on with more, what is not clearly behind with still more', async () => {
    const { asked, finals } = await runWith(() => false);
    expect(on(asked, 2_500)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(on(asked, 20_000)).toEqual([0, 1, 2, 3]);
    expect(on(asked, 160_000)).toEqual([0, 1, 2]);
    expect(on(asked, nSamples)).toEqual([0, 1, 2]);
    expect(finals).toEqual([
      [0, 'converged'],
      [1, 'converged'],
      [2, 'converged'],
    ]);
  });

  it('that all collapse on a sample begin again on more rows', async () => {
    const { asked, finals } = await runWith((_, n) => n < nSamples);
    const last = asked.filter(([, n]) => n === nSamples);
    expect(last.map(([start, , isSame]) => [start, isSame])).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => [i, true]),
    );
    expect(finals.every(([, status]) => status === 'converged')).toBe(true);
  });

  it('that all collapse on all rows give way to those that were left behind, the last of them first', async () => {
    const { finals } = await runWith((start, n) => n === nSamples && start < 4);
    expect(finals).toEqual([
      [0, 'degenerate'],
      [1, 'degenerate'],
      [2, 'degenerate'],
      [3, 'degenerate'],
      [4, 'converged'],
      [5, 'converged'],
    ]);
  });

  it('that collapse one and all are all tried to the end, and no more', async () => {
    const { asked } = await runWith((_, n) => n === nSamples);
    expect(on(asked, nSamples).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
