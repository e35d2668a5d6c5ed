/** What a model says of rows, beside closed forms and itself. */

import { Matrix } from 'ml-matrix';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { CovarianceType } from '../../src/index.js';
import { expectClose } from '../close.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { createMixture, drawRows, drawWeights } from '../mixtures.js';
import { createEngine, Dataset, GaussianMixture } from '../package.js';

const TYPES = ['full', 'tied', 'diag', 'spherical'] as const;
const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

/** Squared distances of some tens, by two ways of solving well-conditioned systems. */
const SOLVED = 1e-12;

const [N, D, K] = [500, 3, 4];

describe.each(TYPES)('a %s mixture', (type) => {
  const random = createRandom(7);
  // Overlapping, so that there is a fringe; from heavy to light.
  const mixture = createMixture(type, K, D, random, 1.5);
  mixture.weights.set([0.4, 0.3, 0.2, 0.1]);
  const model = GaussianMixture.fromParameters(mixture);
  const rows = drawRows(mixture, N, random);
  const sampleWeight = drawWeights(N, random);
  const data = Dataset.from(rows, { nFeatures: D });
  const weighted = Dataset.from(rows, { nFeatures: D, sampleWeight });

  const twin = createTwin(mixture);
  const scores = Array.from({ length: N }, (_, i) => twin.add(rows, i * D, sampleWeight[i]));
  const probabilities = scores.flatMap(({ responsibilities }) => [...responsibilities]);
  const logDensities = scores.map(({ logDensity }) => logDensity);
  const inOrder = scores.map(({ responsibilities }) => [...responsibilities].sort((a, b) => b - a));

  it('has the densities and responsibilities of their formulae', async () => {
    expectClose(await model.predictProba(await data, { engine }), probabilities, SOLVED, 1);
    expectClose(await model.scoreSamples(await data, { engine }), logDensities, SOLVED);
  });

  it('says the same of one row at once', () => {
    for (let i = 0; i < N; i += 25) {
      const row = rows.slice(i * D, (i + 1) * D);
      expectClose(model.posterior(row), scores[i].responsibilities, SOLVED, 1);
      expectClose([model.logDensity([...row])], [logDensities[i]], SOLVED);
    }
  });

  it('predicts the likeliest component, and how uncertain that is', async () => {
    const labels = await model.predict(await data, { engine });
    expect(labels).toBeInstanceOf(Int32Array);
    expect([...labels]).toEqual(
      scores.map(({ responsibilities }) => responsibilities.indexOf(Math.max(...responsibilities))),
    );
    expectClose(
      await model.uncertainty(await data, { engine }),
      inOrder.map(([largest]) => 1 - largest),
      SOLVED,
      1,
    );
  });

  it('lists rows on the fringe, the closest tie first', async () => {
    const margins = inOrder.map(([largest, second]) => largest - second);
    for (const margin of [undefined, 0.2, 1.1]) {
      const fringe = await model.fringe(await data, { margin, engine });
      expect(fringe).toBeInstanceOf(Int32Array);
      expect(fringe.length).toBe(margins.filter((value) => value < (margin ?? 0.5)).length);
      fringe.forEach((row, i) => {
        if (i > 0) expect(margins[row]).toBeGreaterThan(margins[fringe[i - 1]] - SOLVED);
      });
    }
    expect((await model.fringe(await data, { margin: 0, engine })).length).toBe(0);
  });

  it('scores rows by the mean of their log-densities, weighted', async () => {
    const mean = logDensities.reduce((sum, value) => sum + value, 0) / N;
    expectClose([await model.score(await data, { engine })], [mean], SOLVED);
    const total = sampleWeight.reduce((sum, weight) => sum + weight, 0);
    const weightedMean = logDensities.reduce((sum, value, i) => sum + sampleWeight[i] * value, 0) / total;
    expectClose([await model.score(await weighted, { engine })], [weightedMean], SOLVED);
    expectClose(
      [await model.bic(await weighted, { engine })],
      [-2 * total * weightedMean + model.nParameters * Math.log(total)],
      SOLVED,
    );
  });

  it('samples rows of its means and covariances, within 5 standard errors', () => {
    const n = 200_000;
    const { samples, labels } = model.sample(n, { seed: 3 });
    expect([samples.length, labels.length]).toEqual([n * D, n]);
    for (let j = 0; j < K; j++) {
      const weight = model.weights[j];
      const own = [...labels.keys()].filter((i) => labels[i] === j);
      expect(Math.abs(own.length / n - weight)).toBeLessThan(5 * Math.sqrt((weight * (1 - weight)) / n));
      for (let a = 0; a < D; a++) {
        for (let b = 0; b <= a; b++) {
          const [meanA, meanB] = [model.means[j * D + a], model.means[j * D + b]];
          const [s, saa, sbb] = [
            covarianceOf(model, j, a, b),
            covarianceOf(model, j, a, a),
            covarianceOf(model, j, b, b),
          ];
          let first = 0;
          let second = 0;
          for (const i of own) {
            first += samples[i * D + a] - meanA;
            second += (samples[i * D + a] - meanA) * (samples[i * D + b] - meanB);
          }
          expect(Math.abs(first / own.length)).toBeLessThan(5 * Math.sqrt(saa / own.length));
          // Isserlis: the variance of a product of two normal deviations.
          expect(Math.abs(second / own.length - s)).toBeLessThan(
            5 * Math.sqrt((saa * sbb + s * s) / own.length),
          );
        }
      }
    }
  });
});

/** Element (a, b) of component j's covariance. */
function covarianceOf(
  model: { covarianceType: CovarianceType; covariances: Float64Array },
  j: number,
  a: number,
  b: number,
): number {
  const { covarianceType, covariances } = model;
  if (covarianceType === 'full') return covariances[(j * D + a) * D + b];
  if (covarianceType === 'tied') return covariances[a * D + b];
  if (a !== b) return 0;
  return covariances[covarianceType === 'diag' ? j * D + a : j];
}

describe('sample', () => {
  const model = GaussianMixture.fromParameters({ weights: [1], means: [0], covariances: [[[1]]] });

  it('repeats itself for the same seed, 0 if none is given', () => {
    expect(model.sample(10)).toEqual(model.sample(10, { seed: 0 }));
    expect(model.sample(10).samples).not.toEqual(model.sample(10, { seed: 1 }).samples);
    expect(model.sample(0).samples.length).toBe(0);
  });

  it('rejects wrong arguments', () => {
    expect(() => model.sample(-1)).toThrow('"n" must be a whole number >= 0, got -1');
    expect(() => model.sample(1, { seed: 0.5 })).toThrow('"seed" must be a whole number >= 0, got 0.5');
    expect(() => model.sample(1, { sed: 1 } as never)).toThrow('unknown option "sed"; there are seed');
  });
});

describe('pieces', () => {
  const model = GaussianMixture.fromParameters({
    weights: [0.7, 0.3],
    means: [
      [0, 0],
      [2, 1],
    ],
    covariances: [
      [
        [1, 0.5],
        [0.5, 1],
      ],
      [
        [2, -1],
        [-1, 1],
      ],
    ],
  });

  it('of a sample are the sample', () => {
    const draw = model.sampler({ seed: 5 });
    const pieces = [3, 0, 1, 96].map(draw);
    const whole = model.sample(100, { seed: 5 });
    expect(pieces.flatMap(({ samples }) => Array.from(samples))).toEqual(Array.from(whole.samples));
    expect(pieces.flatMap(({ labels }) => Array.from(labels))).toEqual(Array.from(whole.labels));
  });

  it.each([1, 127, 128, 129, 1000])(
    'of %i rows have the scores of the whole, in the same arrays',
    async (size) => {
      const { samples } = model.sample(2001, { seed: 6 });
      const d = model.nFeatures;
      const whole = await model.scores(samples);
      expect(whole.labels).toEqual(await model.predict(samples));
      expect(whole.proba).toEqual(await model.predictProba(samples));
      expect(whole.uncertainty).toEqual(await model.uncertainty(samples));
      expect(whole.logDensity).toEqual(await model.scoreSamples(samples));
      const engine = createEngine({ threads: 1 });
      const seen: Record<keyof Omit<typeof whole, 'noise'>, number[]> = {
        labels: [],
        proba: [],
        uncertainty: [],
        logDensity: [],
      };
      let out: typeof whole | undefined;
      // A few single rows are as good as two thousand.
      for (let first = 0; first < (size === 1 ? 20 : 2001); first += size) {
        out = await model.scores(samples.slice(first * d, (first + size) * d), { engine, out });
        for (const name of Object.keys(seen) as (keyof typeof seen)[]) seen[name].push(...out[name]);
      }
      await engine.close();
      for (const name of Object.keys(seen) as (keyof typeof seen)[]) {
        expect(seen[name]).toEqual(Array.from(whole[name].subarray(0, seen[name].length)));
      }
      expect(new Set(seen.logDensity).size).toBeGreaterThan(15);
    },
  );

  it('are not scored into arrays of another kind', async () => {
    const { samples } = model.sample(10);
    const out = await model.scores(samples);
    const ints = new Int32Array(new SharedArrayBuffer(400));
    const wanted = 'over shared memory, as scores returns it, got';
    for (const [wrong, message] of [
      [{ ...out, proba: ints }, `"out.proba" must be a Float64Array ${wanted} an Int32Array`],
      [{ ...out, labels: out.proba }, `"out.labels" must be an Int32Array ${wanted} a Float64Array`],
      [
        { ...out, logDensity: new Float64Array(10) },
        `"out.logDensity" must be a Float64Array ${wanted} a Float64Array over memory of its own`,
      ],
      [{ ...out, uncertainty: [] }, `"out.uncertainty" must be a Float64Array ${wanted} []`],
      [5, '"out" must be what scores returned, got 5'],
    ] as const) {
      await expect(model.scores(samples, { out: wrong as never })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message,
      });
    }
  });

  it('are not drawn beyond what memory holds', () => {
    expect(() => model.sample(1e12)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: `"n" must be at most ${Math.floor(2 ** 28 / model.nFeatures)}, got 1000000000000`,
      }),
    );
  });

  it('are not scored into arrays that are too short', async () => {
    const out = await model.scores(model.sample(10).samples);
    await expect(model.scores(model.sample(11).samples, { out })).rejects.toThrow(
      '"out" must be the scores of at least as many rows (11 numbers), got 10',
    );
  });
});

describe('one dimension', () => {
  it('is the same for all four types', async () => {
    const [weights, means] = [
      [0.7, 0.3],
      [[-1], [2]],
    ];
    const covariances = { full: [[[2]], [[2]]], tied: [[2]], diag: [[2], [2]], spherical: [2, 2] };
    const rows = Array.from({ length: 100 }, (_, i) => [i / 10 - 5]);
    const density = (x: number) => {
      const normal = (mean: number) => Math.exp(-((x - mean) ** 2) / 4) / Math.sqrt(4 * Math.PI);
      return Math.log(0.7 * normal(-1) + 0.3 * normal(2));
    };
    for (const covarianceType of TYPES) {
      const model = GaussianMixture.fromParameters({
        weights,
        means,
        covariances: covariances[covarianceType],
        covarianceType,
      });
      expectClose(
        await model.scoreSamples(rows, { engine }),
        rows.map(([x]) => density(x)),
        SOLVED,
      );
    }
  });
});

describe('components and precisions', () => {
  const full = [
    [
      [4, 1],
      [1, 2],
    ],
    [
      [1, -0.5],
      [-0.5, 3],
    ],
  ];
  const frame = {
    weights: [0.6, 0.4],
    means: [
      [0, 1],
      [5, 6],
    ],
  };
  const models = {
    full: GaussianMixture.fromParameters({ ...frame, covariances: full }),
    tied: GaussianMixture.fromParameters({ ...frame, covariances: full[0], covarianceType: 'tied' }),
    diag: GaussianMixture.fromParameters({
      ...frame,
      covariances: [
        [4, 2],
        [1, 3],
      ],
      covarianceType: 'diag',
    }),
    spherical: GaussianMixture.fromParameters({ ...frame, covariances: [4, 9], covarianceType: 'spherical' }),
  };
  const expected = {
    full: [4, 1, 1, 2],
    tied: [4, 1, 1, 2],
    diag: [4, 0, 0, 2],
    spherical: [4, 0, 0, 4],
  };

  it.each(TYPES)('of a %s mixture are a weight, a mean and a whole matrix', (type) => {
    const { weight, mean, covariance } = models[type].component(0);
    expect([weight, [...mean], [...covariance]]).toEqual([0.6, [0, 1], expected[type]]);
    expect([...models[type].component(1).mean]).toEqual([5, 6]);
    mean.fill(9);
    expect([...models[type].means]).toEqual([0, 1, 5, 6]);
  });

  it.each([-1, 2, 0.5, Number.NaN, '0', undefined])('has no component %s', (j) => {
    expect(() => models.full.component(j as number)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: `the component must be a whole number from 0 to 1, got ${JSON.stringify(j)?.replace('null', 'NaN')}`,
      }),
    );
  });

  it.each(['full', 'tied'] as const)('of a %s mixture are inverses, and upper factors of these', (type) => {
    const model = models[type];
    const { precisions, precisionsCholesky, covariances } = model;
    expect([precisions.length, precisionsCholesky.length]).toEqual([covariances.length, covariances.length]);
    for (let at = 0; at < covariances.length; at += 4) {
      const matrixOf = (values: Float64Array) =>
        new Matrix([[...values.subarray(at, at + 2)], [...values.subarray(at + 2, at + 4)]]);
      const upper = matrixOf(precisionsCholesky);
      expect(upper.get(1, 0)).toBe(0);
      expectClose(upper.mmul(upper.transpose()).to1DArray(), matrixOf(precisions).to1DArray(), SOLVED, 1);
      const identity = matrixOf(covariances).mmul(matrixOf(precisions));
      expectClose(identity.to1DArray(), [1, 0, 0, 1], SOLVED, 1);
    }
  });

  it('of axis-aligned mixtures are 1 / σ² and 1 / σ', () => {
    expectClose(models.diag.precisions, [1 / 4, 1 / 2, 1, 1 / 3], SOLVED);
    expectClose(models.diag.precisionsCholesky, [1 / 2, Math.SQRT1_2, 1, Math.sqrt(1 / 3)], SOLVED);
    expect([...models.spherical.precisions]).toEqual([1 / 4, 1 / 9]);
    expectClose(models.spherical.precisionsCholesky, [1 / 2, 1 / 3], SOLVED);
  });

  it('are computed once', () => {
    expect(models.full.precisions).toBe(models.full.precisions);
    expect(models.full.precisionsCholesky).toBe(models.full.precisionsCholesky);
  });

  it('of variances next to nothing have densities and draws', () => {
    const narrow = GaussianMixture.fromParameters({
      weights: [1],
      means: [[1, 2]],
      covariances: [[1e-305, 1]],
      covarianceType: 'diag',
    });
    expect(Number.isFinite(narrow.logDensity([1, 2]))).toBe(true);
    expect(narrow.sample(3).samples.every(Number.isFinite)).toBe(true);
  });
});

describe('rows for a model', () => {
  const model = GaussianMixture.fromParameters({
    weights: [1],
    means: [[0, 0]],
    covariances: [
      [
        [1, 0],
        [0, 1],
      ],
    ],
    columns: ['height', 'width'],
  });

  it('may be flat: it knows how many columns there are', async () => {
    const flat = Float64Array.of(0, 0, 1, 1);
    expect((await model.scoreSamples(flat, { engine })).length).toBe(2);
    expect((await model.scoreSamples([...flat], { engine })).length).toBe(2);
  });

  it('may be flat batches', async () => {
    async function* batches() {
      yield [0, 0];
      yield Float64Array.of(1, 1, 2, 2);
    }
    expect((await model.predict(batches(), { engine })).length).toBe(3);
  });

  it('may be said to have its columns, and no others', async () => {
    const rows = [[0, 0]];
    for (const options of [{ nFeatures: 2 }, { columns: ['height', 'width'] }]) {
      expect((await model.predict(rows, { ...options, engine })).length).toBe(1);
    }
    for (const [options, message] of [
      [{ nFeatures: 1 }, '"nFeatures" must be the model\'s, 2, got 1'],
      [{ columns: ['height'] }, '"columns" must name the model\'s 2 columns, got 1 names'],
      [
        { columns: ['width', 'height'] },
        '"columns" must be the model\'s, whose column 0 is "height", got "width"',
      ],
    ] as const) {
      const rejection = expect.objectContaining({ code: 'INVALID_OPTION', message });
      await expect(model.scores(rows, options)).rejects.toEqual(rejection);
      await expect(model.fringe(rows, options)).rejects.toEqual(rejection);
      await expect(model.bic(rows, options)).rejects.toEqual(rejection);
    }
  });

  it('must have its columns in their order', async () => {
    const data = await Dataset.from([[0, 0]], { columns: ['width', 'height'] });
    await expect(model.predict(data, { engine })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message:
        'the rows have the model\'s columns in another order: column 0 is "width", of the model "height"; ' +
        "give them in the model's order",
    });
    // Columns without names, or with names of their own, are taken as they stand.
    for (const columns of [undefined, ['a', 'b']]) {
      const other = await Dataset.from([[0, 0]], { columns });
      expect((await model.predict(other, { engine })).length).toBe(1);
    }
  });

  it('must have its columns', async () => {
    await expect(model.predict([[1, 2, 3]], { engine })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: 'the rows have 3 columns, the model 2; give it the columns it was fitted on',
    });
    expect(() => model.posterior([1])).toThrow('a row must be 2 numbers, got an array of length 1');
    expect(() => model.logDensity([1, Number.NaN])).toThrow(
      'column "width" is NaN; every value must be a finite number',
    );
    expect(() => model.logDensity(undefined as never)).toThrow('a row must be 2 numbers, got undefined');
  });

  it('may be too far for any density: the nearest component, never NaN', async () => {
    const two = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [[0], [1]],
      covariances: [1, 1],
      covarianceType: 'spherical',
    });
    expect([...(await two.predictProba([[1e8], [-1e8]], { engine }))]).toEqual(
      two.means[0] === 0 ? [0, 1, 1, 0] : [1, 0, 0, 1],
    );
    expect(Number.isFinite((await two.scoreSamples([[1e150]], { engine }))[0])).toBe(true);
    expect([...two.posterior([1e8])]).toEqual([0, 1]);
    for (const r of two.posterior([1e200])) expect(r).not.toBeNaN();
  });

  it('takes no option that it does not know', async () => {
    const message = 'unknown option "thread"; there are nFeatures, columns, threads, engine, signal';
    await expect(model.predict([[1, 2]], { thread: 2 } as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    });
    await expect(model.fringe([[1, 2]], { margin: -1 })).rejects.toThrow(
      '"margin" must be a finite number >= 0, got -1',
    );
  });
});

describe('a row for a model', () => {
  const model = GaussianMixture.fromParameters({
    weights: [1],
    means: [[0, 0]],
    covariances: [
      [
        [1, 0],
        [0, 1],
      ],
    ],
  });
  it.each([['ab'], [['1', '2']], [[1, null]], [{ length: 2, 0: 1, 1: 2 }]])('is no %j', (x) => {
    expect(() => model.posterior(x as never)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
    expect(() => model.logDensity(x as never)).toThrow(expect.objectContaining({ code: 'INVALID_DATA' }));
  });
});

describe('a model', () => {
  const unsorted = {
    weights: [0.2, 0.5, 0.3],
    means: [[1], [2], [3]],
    covariances: [4, 5, 6],
    covarianceType: 'spherical' as const,
  };

  it('orders its components by falling weight', () => {
    const { weights, means, covariances } = GaussianMixture.fromParameters(unsorted);
    expect([[...weights], [...means], [...covariances]]).toEqual([
      [0.5, 0.3, 0.2],
      [2, 3, 1],
      [5, 6, 4],
    ]);
  });

  it('is frozen and takes no part in what its maker does', () => {
    const weights = Float64Array.of(0.6, 0.4);
    const model = GaussianMixture.fromParameters({
      weights,
      means: [0, 1],
      covariances: [1, 1],
      covarianceType: 'spherical',
    });
    weights.fill(0);
    expect([...model.weights]).toEqual([0.6, 0.4]);
    expect(Object.isFrozen(model)).toBe(true);
    expect(() => Object.assign(model, { nComponents: 3 })).toThrow(TypeError);
  });

  it.each([
    [undefined, 'parameters must be an object, got undefined'],
    [
      { ...unsorted, covarianceType: 'round' },
      '"covarianceType" must be full, tied, diag, spherical, got "round"',
    ],
    [{ ...unsorted, weights: [] }, '"weights" must be an array, got []'],
    [{ ...unsorted, weights: undefined }, '"weights" must be an array, got undefined'],
    [{ ...unsorted, means: [1, 2] }, '"means" must be 3 rows of numbers, got an array of length 2'],
    [{ ...unsorted, weights: [0.2, 0.2, 0.2] }, '"weights" must sum to 1, got 0.6000000000000001'],
    [{ ...unsorted, covariances: [1, 0, 1] }, '"covariances[1]" must be > 0, got 0'],
    [{ ...unsorted, columns: ['a', 'b'] }, '"columns" must be 1 names, got 2'],
    [{ ...unsorted, columns: 'a' }, '"columns" must be an array of strings, got "a"'],
    [{ ...unsorted, weights: { length: 1e15 } }, '"nComponents" must be at most 65536, got 1000000000000000'],
  ])('is not made from wrong parameters (%#)', (input, message) => {
    expect(() => GaussianMixture.fromParameters(input as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_MODEL', message }),
    );
  });
});
