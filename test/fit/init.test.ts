/** Start values that the caller gives, in all the ways there are. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import { resolveFitOptions } from '../../src/fit/options.js';
import type { FitOptions } from '../../src/types.js';
import { bitsOf, expectClose } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset, GaussianMixture } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const [N, D, K] = [300, 2, 3];
/** Sums of 300 numbers in another order. */
const OTHER_ORDER = 1e-11;

const random = createRandom(6);
const truth = createMixture('full', K, D, random, 8);
const rows = drawRows(truth, N, random);
const columns = ['height', 'width'];
const data = await Dataset.from(rows, { columns });
const sampleWeight = Float64Array.from({ length: N }, (_, i) => i % 3);
const weighted = await Dataset.from(rows, { columns, sampleWeight });
const base = { nComponents: K, seed: 2 } as const;

const fitStart = async (init: FitOptions['init'], on = data, options = {}) =>
  (await engine.fit(on, { ...base, init, maxIter: 0, ...options })).model;

/** Mean of the rows that `label` picks, by their weights. */
function meanOf(labels: ArrayLike<number>, label: number, weights?: Float64Array): number[] {
  const sums = [0, 0];
  let total = 0;
  for (let i = 0; i < N; i++) {
    if (labels[i] !== label) continue;
    const weight = weights ? weights[i] : 1;
    total += weight;
    for (let a = 0; a < D; a++) sums[a] += weight * rows[i * D + a];
  }
  return sums.map((sum) => sum / total);
}

describe.each(COVARIANCE_TYPES)('%s', (covarianceType) => {
  it('ends where it began when it begins at an end', async () => {
    const result = await engine.fit(data, { ...base, covarianceType });
    for (const init of [result, result.model, GaussianMixture.fromJSON(result.model.toJSON())]) {
      const again = await engine.fit(data, { ...base, covarianceType, init });
      expect(again.restarts).toHaveLength(1);
      expect(again.logLikelihood).toBeGreaterThanOrEqual(result.logLikelihood - 1e-9);
      expect(again.nIterations).toBeLessThanOrEqual(result.nIterations);
      expect(bitsOf((await fitStart(init, data, { covarianceType })).toJSON().means)).toBe(
        bitsOf(result.model.toJSON().means),
      );
    }
  });

  it('finds the same from its labels, its responsibilities and its means', async () => {
    for (const on of [data, weighted]) {
      const { model, logLikelihood } = await engine.fit(on, { ...base, covarianceType });
      const { labels, proba } = await model.scores(on, { engine });
      const nested = Array.from({ length: N }, (_, i) => proba.subarray(i * K, (i + 1) * K));
      const { means } = model;
      const plain = Array.from(labels);
      for (const init of [
        { labels },
        { labels: plain },
        { responsibilities: proba },
        { responsibilities: nested },
        { means },
      ]) {
        const again = await engine.fit(on, { ...base, covarianceType, init });
        // Within what `tol` leaves.
        expect(Math.abs(again.logLikelihood - logLikelihood)).toBeLessThan(1e-3);
      }
    }
  });
});

describe('start values', () => {
  const labels = Int32Array.from({ length: N }, (_, i) => (i < 50 ? 0 : i < 120 ? 1 : 2));

  it.each([
    ['rows', data, undefined],
    ['weighted rows', weighted, sampleWeight],
  ])('from labels have the means and shares of the %s', async (_, on, weights) => {
    const model = await fitStart({ labels }, on);
    const counts = [0, 0, 0];
    labels.forEach((label, i) => {
      counts[label] += weights ? weights[i] : 1;
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    const order = [2, 1, 0];
    expectClose(
      model.weights,
      order.map((j) => counts[j] / total),
      OTHER_ORDER,
    );
    expectClose(
      model.means,
      order.flatMap((j) => meanOf(labels, j, weights)),
      OTHER_ORDER,
      1,
    );
    const responsibilities = Float64Array.from({ length: N * K }, (_, i) =>
      labels[Math.floor(i / K)] === i % K ? 1 : 0,
    );
    const soft = await fitStart({ responsibilities }, on);
    expect(bitsOf(soft.toJSON())).toBe(bitsOf(model.toJSON()));
  });

  it('from means keep these, and share out the rows to the nearest', async () => {
    const { means } = truth;
    const model = await fitStart({ means });
    const nearest = Array.from({ length: N }, (_, i) => {
      const scales = [0, 1].map((a) => {
        const values = Array.from({ length: N }, (_, row) => rows[row * D + a]);
        const mean = values.reduce((sum, value) => sum + value, 0) / N;
        return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / N);
      });
      const distances = [0, 1, 2].map((j) =>
        Math.hypot(...[0, 1].map((a) => (rows[i * D + a] - means[j * D + a]) / scales[a])),
      );
      return distances.indexOf(Math.min(...distances));
    });
    const counts = [0, 1, 2].map((j) => nearest.filter((label) => label === j).length);
    const expected = counts.map((count, j) => ({ j, weight: (count + 1) / (N + K) }));
    expected.sort((a, b) => b.weight - a.weight);
    expectClose(
      model.weights,
      expected.map(({ weight }) => weight),
      OTHER_ORDER,
    );
    expectClose(
      model.means,
      expected.flatMap(({ j }) => Array.from(means.subarray(j * D, (j + 1) * D))),
      0,
    );
  });

  it('from means alone leave no component without weight, however far one is', async () => {
    const means = [
      [truth.means[0], truth.means[1]],
      [1e6, 1e6],
      [truth.means[2], truth.means[3]],
    ];
    expect(Math.min(...(await fitStart({ means })).weights)).toBeGreaterThan(0);
  });

  it('in part are kept, and the rest is found', async () => {
    const weights = [0.2, 0.3, 0.5];
    const covariances = [1, 2, 3];
    const options = { covarianceType: 'spherical' } as const;
    const withWeights = await fitStart({ means: truth.means, weights }, data, options);
    expect([...withWeights.weights].sort()).toEqual(weights);
    const withCovariances = await fitStart({ means: truth.means, covariances }, data, options);
    expect([...withCovariances.covariances].sort()).toEqual(covariances);
  });

  it('have equal weights where weights are held equal', async () => {
    const parameters = { weights: [0.2, 0.3, 0.5], means: truth.means, covariances: [1, 2, 3] };
    for (const init of [parameters, { means: truth.means }, { labels }]) {
      const model = await fitStart(init, data, { covarianceType: 'spherical', equalWeights: true });
      expect([...model.weights]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    }
  });

  it('are the same bits on any number of threads, and of many rows', async () => {
    const many = drawRows(truth, 30_000, createRandom(8));
    const source = await Dataset.from(many, { nFeatures: D });
    const hard = Int32Array.from({ length: 30_000 }, (_, i) => i % K);
    const one = createEngine({ threads: 1 });
    for (const init of [{ means: truth.means }, { labels: hard }]) {
      const options = { ...base, init, maxIter: 3 };
      const [a, b] = await Promise.all([one.fit(source, options), engine.fit(source, options)]);
      expect(bitsOf(a.model.toJSON())).toBe(bitsOf(b.model.toJSON()));
    }
    await one.close();
  });
});

describe('start values that do not fit', () => {
  const means = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const rowsOf = (row: number[]) => Array.from({ length: N }, () => row);
  const model = GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [
      [1, 2],
      [3, 4],
    ],
    covariances: [1, 1],
    covarianceType: 'spherical',
    columns: ['width', 'height'],
  });
  const one = GaussianMixture.fromParameters({ weights: [1], means: [[1]], covariances: [[[1]]] });
  const ways = '"init" must be a method\'s name or have one of means, labels and responsibilities, got';
  const bad: [unknown, object, string | RegExp][] = [
    [{}, {}, `${ways} none of them`],
    [{ weights: [1, 1, 1] }, {}, `${ways} none of them`],
    [{ means, labels: [] }, {}, `${ways} means and labels`],
    [
      { mean: means },
      {},
      'unknown field "mean" of "init"; there are weights, means, covariances, degreesOfFreedom, labels, responsibilities',
    ],
    [
      { labels: [0], weights: [1] },
      {},
      '"init" has labels, from which weights and covariances follow; leave these out',
    ],
    [{ labels: 'abc' }, {}, '"labels" must be an array of whole numbers, got "abc"'],
    [{ labels: [0, 1, 3] }, {}, '"labels[2]" must be a whole number from 0 to 2, got 3'],
    [{ labels: [0, 1, 2] }, {}, `"labels" must be of all ${N} rows, got those of 3`],
    [
      { labels: new Int32Array(N) },
      {},
      '"labels" give component 1 no row; every component needs one, or lower nComponents (now 3)',
    ],
    [{ responsibilities: [[1, 0]] }, {}, /^"responsibilities\[0\]" must be an array of length 3/],
    [{ responsibilities: [1, 0] }, {}, '"responsibilities" must be 3 numbers a row, got 2, no multiple of 3'],
    [{ responsibilities: [[1, 0, 1]] }, {}, '"responsibilities[0]" must sum to 1, got 2'],
    [{ responsibilities: [[2, -1, 0]] }, {}, '"responsibilities[0][1]" must be >= 0, got -1'],
    [{ responsibilities: [[1, 0, 0]] }, {}, `"responsibilities" must be of all ${N} rows, got those of 1`],
    [
      { responsibilities: rowsOf([0.5, 0.5, 0]) },
      {},
      '"responsibilities" give component 2 no row; every component needs one, or lower nComponents (now 3)',
    ],
    [{ means: means.slice(1) }, {}, '"means" must be an array of length 3 (means is 3 × 2), got 2'],
    [
      model,
      {},
      '"init" is a model that has 2 components, nComponents is 3; and covarianceType "spherical", the fit "full"; ' +
        'give one of the same kind, or only its means',
    ],
    [
      model,
      { nComponents: 2, covarianceType: 'spherical' },
      '"init" is a model whose column 0 is "width", of the rows it is "height"',
    ],
    [one, { nComponents: 1 }, '"init" is a model of other columns: it has 1, the rows have 2'],
    [{ model: 5 }, {}, '"init.model" must be a GaussianMixture, got 5'],
  ];
  it.each(bad)('are INVALID_OPTION (%#)', async (init, options, message) => {
    await expect(engine.fit(data, { ...base, ...options, init: init as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('may have labels of rows that weigh nothing, but none only of these', async () => {
    const sampleWeight = Float64Array.from({ length: N }, (_, i) => (i === 0 ? 0 : 1));
    const on = await Dataset.from(rows, { columns, sampleWeight });
    const labels = Int32Array.from({ length: N }, (_, i) => (i === 0 ? 2 : i % 2));
    await expect(engine.fit(on, { ...base, init: { labels } })).rejects.toThrow(
      '"labels" give component 2 no row of positive weight',
    );
  });

  it('are checked before rows are read', () => {
    const init = { labels: [0, 5] };
    expect(() => resolveFitOptions({ nComponents: 2, init })).toThrow('"labels[1]" must be');
  });
});
