/** Fits with noise: known mixtures, mclust's chevron, and what the option does to results, sweeps and model files. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import type { FitEvent } from '../../src/progress-events.js';
import type { CovarianceType } from '../../src/types.js';
import { expectClose } from '../close.js';
import { Dataset, fit, fitPredict, GaussianMixture, selectModel } from '../package.js';

interface Reference {
  readonly volume: number;
  readonly rows: number[];
  readonly fits: readonly {
    readonly covarianceType: CovarianceType;
    readonly nComponents: number;
    readonly logLikelihood: number;
  }[];
  readonly parameters: {
    readonly weights: number[];
    readonly means: number[];
    readonly covariances: number[];
    readonly noiseWeight: number;
    readonly logLikelihood: number;
  };
}

const CHEVRON = JSON.parse(
  readFileSync(new URL('../golden/reference/chevron-noise.json', import.meta.url), 'utf8'),
) as Reference;

/** Sums over a thousand rows in another order. */
const ROUNDING = 1e-9;

const N = 1000;
const CENTERS = [
  [0, 0],
  [8, 1],
  [2, 9],
];

/** Three clusters, and a row in ten anywhere from −20 to 30. */
function drawNoisy(seed: number) {
  const random = createRandom(seed);
  const rows: number[] = [];
  const clean: number[] = [];
  let nNoise = 0;
  for (let i = 0; i < N; i++) {
    if (random.uniform() < 0.1) {
      nNoise++;
      rows.push(-20 + 50 * random.uniform(), -20 + 50 * random.uniform());
      continue;
    }
    const row = CENTERS[random.below(3)].map((center) => center + random.normal());
    rows.push(...row);
    clean.push(...row);
  }
  return { rows, clean, nNoise };
}

const DATA = drawNoisy(3);

describe('noise', () => {
  it('finds its weight within three standard errors, and moves means by less than one', async () => {
    for (const seed of [3, 4, 5]) {
      const { rows, clean } = drawNoisy(seed);
      const options = { nFeatures: 2, nComponents: 3 };
      const { model } = await fit(rows, { ...options, noise: true });
      const without = (await fit(clean, options)).model;
      const weight = model.noise?.weight ?? 0;
      expect(Math.abs(weight - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / N));
      expectClose([model.weights.reduce((sum, one) => sum + one, weight)], [1], ROUNDING);
      for (let j = 0; j < 3; j++) {
        const { mean } = without.component(j);
        const distances = [0, 1, 2].map((i) => Math.hypot(...mean.map((x, a) => x - model.means[2 * i + a])));
        // Of one column: unit variance, and a third of the rows.
        expect(Math.min(...distances)).toBeLessThan(Math.sqrt(1 / (clean.length / 2 / 3)));
      }
    }
  });

  it.each(CHEVRON.fits)(
    'is at least as likely as mclust on chevron, $covarianceType, k = $nComponents',
    async (reference) => {
      const { covarianceType, nComponents, logLikelihood } = reference;
      const noise = { volume: CHEVRON.volume };
      const result = await fit(CHEVRON.rows, { nFeatures: 2, nComponents, covarianceType, noise });
      expect(result.status).toBe('converged');
      expect(result.logLikelihood).toBeGreaterThan(logLikelihood - 1e-3);
      for (let i = 1; i < result.logLikelihoods.length; i++) {
        expect(result.logLikelihoods[i] - result.logLikelihoods[i - 1]).toBeGreaterThan(-1e-7);
      }
    },
  );

  it('has the volume and the log-likelihood of mclust at its parameters', async () => {
    const { weights, means, covariances, noiseWeight, logLikelihood } = CHEVRON.parameters;
    const noise = { weight: noiseWeight, volume: CHEVRON.volume };
    const model = GaussianMixture.fromParameters({
      weights,
      means: [means.slice(0, 2), means.slice(2)],
      covariances,
      noise,
    });
    const n = CHEVRON.rows.length / 2;
    expectClose([n * (await model.score(CHEVRON.rows))], [logLikelihood], ROUNDING);
    const fitted = (await fit(CHEVRON.rows, { nFeatures: 2, nComponents: 1, noise: true })).model;
    expectClose([Math.exp(-(fitted.noise?.logDensity ?? 0))], [CHEVRON.volume], ROUNDING);
  });

  it('gives rows the label −1 where it is likeliest, and its probability beside the others', async () => {
    const { model, labels, bic, icl, logLikelihood, nParameters } = await fitPredict(DATA.rows, {
      nFeatures: 2,
      nComponents: 3,
      noise: true,
    });
    expect(nParameters).toBe(3 * 5 + 2 + 1);
    expectClose([bic], [-2 * logLikelihood + nParameters * Math.log(N)], ROUNDING);
    const scores = await model.scores(DATA.rows);
    expect(scores.labels).toEqual(labels);
    const { noise = new Float64Array(0), proba } = scores;
    let logMax = 0;
    for (let i = 0; i < N; i++) {
      const row = [...proba.subarray(3 * i, 3 * i + 3)];
      expectClose([row.reduce((sum, p) => sum + p, noise[i])], [1], ROUNDING);
      const largest = Math.max(...row, noise[i]);
      expect(labels[i]).toBe(noise[i] > Math.max(...row) ? -1 : row.indexOf(largest));
      expectClose([scores.uncertainty[i] + 1], [2 - largest], ROUNDING);
      logMax += Math.log(largest);
      expectClose(
        model.posterior(DATA.rows.slice(2 * i, 2 * i + 2)).map((p) => p + 1),
        row.map((p) => p + 1),
        ROUNDING,
      );
    }
    expectClose([icl], [bic - 2 * logMax], ROUNDING);
    expectClose([await model.icl(DATA.rows)], [icl], ROUNDING);
    const nLabelled = labels.reduce((sum, label) => sum + (label === -1 ? 1 : 0), 0);
    expect(Math.abs(nLabelled - DATA.nNoise)).toBeLessThan(20);
    // A tie between noise and a component is on the fringe.
    const fringe = await model.fringe(DATA.rows, { margin: 0.9 });
    expect(fringe.some((i) => noise[i] > 0.05 && noise[i] < 0.95)).toBe(true);
  });

  it('is the same for any number of threads, and survives a model file', async () => {
    const options = { nFeatures: 2, nComponents: 3, covarianceType: 'tied', noise: true } as const;
    const [one, two] = await Promise.all([1, 2].map((threads) => fit(DATA.rows, { ...options, threads })));
    expect(two.model.toJSON()).toEqual(one.model.toJSON());
    const file = JSON.parse(JSON.stringify(one.model));
    const again = GaussianMixture.fromJSON(file);
    expect(again.toJSON()).toEqual(one.model.toJSON());
    expect(again.sample(5, { seed: 2 })).toEqual(one.model.sample(5, { seed: 2 }));
    const refitted = await fit(DATA.rows, { ...options, init: again, maxIter: 0 });
    expectClose([refitted.logLikelihood], [one.logLikelihood], ROUNDING);
  });

  it('draws its rows from the box of the data, or from one of the volume given', async () => {
    const n = 20_000;
    for (const noise of [true, { volume: 10_000 }]) {
      const { model } = await fit(DATA.rows, { nFeatures: 2, nComponents: 3, noise });
      const { samples, labels } = model.sample(n, { seed: 1 });
      const drawn = Array.from(labels.keys()).filter((i) => labels[i] === -1);
      const weight = model.noise?.weight ?? 0;
      expect(Math.abs(drawn.length / n - weight)).toBeLessThan(4 * Math.sqrt((weight * (1 - weight)) / n));
      const again = await fit(samples, { nFeatures: 2, nComponents: 3, noise, search: 'none' });
      expect(Math.abs((again.model.noise?.weight ?? 0) - weight)).toBeLessThan(
        6 * Math.sqrt((weight * (1 - weight)) / n),
      );
      const place = (a: number) => drawn.map((i) => samples[2 * i + a]);
      const extents = [0, 1].map((a) => Math.max(...place(a)) - Math.min(...place(a)));
      if (noise !== true) expect(Math.abs(extents[0] * extents[1] - 10_000)).toBeLessThan(200);
    }
    const bare = GaussianMixture.fromParameters({
      weights: [0.9],
      means: [[0]],
      covariances: [1],
      noise: { weight: 0.1, volume: 5 },
    });
    expect(() => bare.sample(1)).toThrow(/only its volume is known/);
  });

  it('counts a row of weight 2 twice, and holds equal weights', async () => {
    const half = DATA.rows.slice(0, 200);
    const weighted = await Dataset.from(half, { nFeatures: 2, sampleWeight: new Float64Array(100).fill(2) });
    const init = { means: CENTERS };
    const options = {
      nFeatures: 2,
      nComponents: 3,
      noise: true,
      init,
      equalWeights: true,
      covarianceType: 'spherical',
    } as const;
    const [one, two] = [await fit(weighted, options), await fit([...half, ...half], options)];
    expectClose([two.logLikelihood], [one.logLikelihood], 1e-6);
    const rest = 1 - (one.model.noise?.weight ?? 0);
    expectClose(one.model.weights, [rest / 3, rest / 3, rest / 3], ROUNDING);
    expect(one.nParameters).toBe(3 + 6 + 1);
    expect(GaussianMixture.fromJSON(one.model.toJSON()).equalWeights).toBe(true);
  });

  it('takes labels of −1, and rows that are float32', async () => {
    const first = await fitPredict(DATA.rows, { nFeatures: 2, nComponents: 3, noise: true });
    const options = { nFeatures: 2, nComponents: 3, noise: true, init: { labels: first.labels } };
    const again = await fit(Float32Array.from(DATA.rows), options);
    expect(Math.abs(again.logLikelihood - first.logLikelihood)).toBeLessThan(0.01);
    await expect(fit(DATA.rows, { ...options, noise: false })).rejects.toThrow(/from 0 to 2/);
    await expect(fit(DATA.rows, { nFeatures: 2, nComponents: 3, init: first.model })).rejects.toThrow(
      /model with noise/,
    );
  });

  it('is tried in every cell of a sweep with "both", and events tell the cells apart', async () => {
    const events: FitEvent[] = [];
    const { best, fits } = await selectModel(DATA.rows, {
      nFeatures: 2,
      nComponents: [1, 2, 3],
      covarianceTypes: ['spherical', 'tied'],
      noise: 'both',
      onProgress: (event) => {
        if (event.type !== 'sweep') events.push(event);
      },
    });
    const labelOf = ({ covarianceType, nComponents, hasNoise }: FitEvent) =>
      `${covarianceType} ${nComponents} ${hasNoise}`;
    expect(new Set(events.map(labelOf))).toEqual(new Set(fits.map(labelOf)));
    expect(fits.map(({ hasNoise }) => hasNoise)).toEqual(
      [0, 1].flatMap(() => [false, false, false, true, true, true]),
    );
    expect(best.model.noise?.weight).toBeGreaterThan(0.05);
    expect([best.model.covarianceType, best.model.nComponents]).toEqual(['spherical', 3]);
    for (const [i, cell] of fits.entries()) {
      if (cell.hasNoise) expect(cell.logLikelihood).toBeGreaterThan((fits[i - 3].logLikelihood ?? 0) - 1e-2);
    }
  });

  it.each([
    ['yes', /"noise" must be true, false or \{ volume \}, got "yes"/],
    ['both', /"noise" must be/],
    [{ volume: 0 }, /finite number > 0, got 0/],
    [{ size: 1 }, /without other fields, got "size"/],
  ])('refuses %j', async (noise, message) => {
    await expect(fit(DATA.rows, { nFeatures: 2, nComponents: 2, noise: noise as never })).rejects.toThrow(
      message,
    );
  });

  it('refuses a constant column without a volume', async () => {
    const rows = DATA.rows.map((value, i) => (i % 2 === 0 ? 1 : value));
    const options = { nFeatures: 2, nComponents: 2, covarianceType: 'spherical' } as const;
    await expect(fit(rows, { ...options, noise: true })).rejects.toThrow(/column "x0" is constant/);
    expect((await fit(rows, { ...options, noise: { volume: 50 } })).model.noise?.box).toBeUndefined();
  });
});
