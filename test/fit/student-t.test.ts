/** `components: 't'` from the options to the result. */

import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import { type FitOptions, GaussianMixture } from '../../src/index.js';
import { bitsOf, expectClose } from '../close.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
const one = createEngine({ threads: 1 });
afterAll(() => Promise.all([engine.close(), one.close()]));

const random = createRandom(18);
const CENTERS = [
  [0, 0],
  [8, 3],
];

/** Two clusters of unit variance, with 2 % of the rows thrown out to a far place. */
function createOutliers(n: number): number[][] {
  return Array.from({ length: n }, (_, i) =>
    i % 50 === 7
      ? [400 + 100 * random.normal(), 900 + 100 * random.normal()]
      : CENTERS[i % 2].map((mean) => mean + random.normal()),
  );
}

/** The farthest that a center is from the nearest mean. */
function errorOf({ means }: GaussianMixture): number {
  const distances = CENTERS.map((center) =>
    Math.min(
      ...Array.from({ length: means.length / 2 }, (_, j) =>
        Math.hypot(means[2 * j] - center[0], means[2 * j + 1] - center[1]),
      ),
    ),
  );
  return Math.max(...distances);
}

const truth = GaussianMixture.fromParameters({
  weights: [0.6, 0.4],
  means: [
    [0, 0],
    [12, 5],
  ],
  covariances: [
    [
      [1, 0.5],
      [0.5, 2],
    ],
    [
      [1.5, -0.3],
      [-0.3, 0.7],
    ],
  ],
  degreesOfFreedom: [3, 8],
});
const drawn = await Dataset.from(truth.sample(20_000, { seed: 4 }).samples, { nFeatures: 2 });

describe.each(COVARIANCE_TYPES)('t components, %s', (covarianceType) => {
  const options = { nComponents: 2, covarianceType, seed: 2 };

  it('find the means in rows with 2 % outliers, with at most a tenth of the error of Gaussian ones', async () => {
    const rows = createOutliers(2000);
    const [t, gaussian] = await Promise.all([
      engine.fit(rows, { ...options, components: 't' }),
      engine.fit(rows, options),
    ]);
    expect(errorOf(t.model)).toBeLessThan(errorOf(gaussian.model) / 10);
    // Three standard errors of the mean of 1,000 rows.
    expect(errorOf(t.model)).toBeLessThan(3 * Math.sqrt(2 / 1000));
    expect(t.converged).toBe(true);
  });

  it('tend to the Gaussian fit for many degrees of freedom', async () => {
    const [t, gaussian] = await Promise.all([
      engine.fit(drawn, { ...options, components: 't', degreesOfFreedom: 1e9, tol: 1e-9 }),
      engine.fit(drawn, { ...options, tol: 1e-9 }),
    ]);
    // Densities differ by q² / 4ν; far rows have a q of some thousands.
    expectClose([t.logLikelihood], [gaussian.logLikelihood], 1e-6);
    expectClose(t.model.means, gaussian.model.means, 1e-2, 1);
    expect(t.nParameters).toBe(gaussian.nParameters);
  });

  it('have the same bits on any number of threads, and a trace that never falls', async () => {
    const all = { ...options, components: 't', tol: 1e-8 } as const;
    const [two, alone] = await Promise.all([engine.fit(drawn, all), one.fit(drawn, all)]);
    expect(bitsOf({ ...two, model: two.model.toJSON() })).toBe(
      bitsOf({ ...alone, model: alone.model.toJSON() }),
    );
    const trace = [...two.logLikelihoods, two.logLikelihood];
    trace.slice(1).forEach((value, i) => {
      expect(value - trace[i]).toBeGreaterThan(-1e-12 * Math.abs(value));
    });
  });

  it('are no worse with accelerated steps than without, and take fewer passes', async () => {
    const all = { ...options, components: 't', tol: 1e-9, maxIter: 5000 } as const;
    const [fast, plain] = await Promise.all([
      engine.fit(drawn, all),
      engine.fit(drawn, { ...all, acceleration: 'none' }),
    ]);
    expect(fast.logLikelihood).toBeGreaterThan(plain.logLikelihood - 1e-9 * 20_000);
    expect(fast.nIterations).toBeLessThan(plain.nIterations);
  });

  it('take weights: weight 2 equals the row twice', async () => {
    const rows = createOutliers(300);
    const sampleWeight = rows.map((_, i) => (i % 3 === 0 ? 2 : 1));
    const twice = rows.flatMap((row, i) => (i % 3 === 0 ? [row, row] : [row]));
    const init = { means: CENTERS };
    const all = { ...options, init, components: 't', tol: 1e-10, maxIter: 5000 } as const;
    const [weighted, repeated] = await Promise.all([
      engine.fit(await Dataset.from(rows, { sampleWeight }), all),
      engine.fit(twice, all),
    ]);
    expectClose([weighted.logLikelihood], [repeated.logLikelihood], 1e-9);
    expectClose(weighted.model.means, repeated.model.means, 1e-4, 1);
  });
});

describe('degrees of freedom', () => {
  it('are recovered within their standard errors', async () => {
    const { model, nParameters } = await engine.fit(drawn, { nComponents: 2, components: 't', tol: 1e-9 });
    expect(nParameters).toBe(1 + 4 + 6 + 2);
    const degrees = model.degreesOfFreedom ?? [];
    // Three standard errors of ln ν, taken as 2 % for ν = 3 and 12,000 rows, 5 % for ν = 8 and 8,000 rows: estimates, not derived.
    expect(Math.abs(Math.log(degrees[0] / 3))).toBeLessThan(0.06);
    expect(Math.abs(Math.log(degrees[1] / 8))).toBeLessThan(0.15);
    expectClose(model.weights, truth.weights, 0.02);
    expectClose(model.covariances, truth.covariances, 0.1, 1);
    expect(model.components).toBe('t');
    expect(model.estimatedDegrees).toBe('each');
  });

  it('are one number if they are shared, and count as one parameter', async () => {
    const { model, nParameters } = await engine.fit(drawn, {
      ...{ nComponents: 2, components: 't', degreesOfFreedom: 'shared' },
    });
    const [first, second] = model.degreesOfFreedom ?? [];
    expect(first).toBe(second);
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(8);
    expect(nParameters).toBe(1 + 4 + 6 + 1);
    expect(model.nParameters).toBe(nParameters);
  });

  it('are held at a number, and count as none', async () => {
    const { model, nParameters } = await engine.fit(drawn, {
      ...{ nComponents: 2, components: 't', degreesOfFreedom: 5 },
    });
    expect([...(model.degreesOfFreedom ?? [])]).toEqual([5, 5]);
    expect(nParameters).toBe(1 + 4 + 6);
    expect(model.nParameters).toBe(nParameters);
  });

  it.each<[Partial<FitOptions>, RegExp]>([
    [{ degreesOfFreedom: 'each' }, /"degreesOfFreedom" are those of t components; set components 't'/],
    [{ components: 't', degreesOfFreedom: 0 }, /'each', 'shared' or a number from 0.1 to 1e9|1000000000/],
    [{ components: 't', degreesOfFreedom: Number.NaN }, /got NaN/],
    [{ components: 'cauchy' as 't' }, /"components" must be 'gaussian' or 't', got "cauchy"/],
    [{ components: 't', prior: {} }, /"prior" is one of Gaussian components/],
    [{ init: truth }, /"init" has t components, the fit Gaussian ones; set components 't'/],
    [{ components: 't', init: { means: CENTERS, degreesOfFreedom: [1, -1] } }, /"degreesOfFreedom\[1\]"/],
  ])('of %o are refused', async (wrong, message) => {
    await expect(engine.fit(drawn, { nComponents: 2, ...wrong })).rejects.toThrow(message);
  });
});

describe('a fit of t components', () => {
  it('goes on from a model, and from the parameters of a Gaussian one', async () => {
    const first = await engine.fit(drawn, { nComponents: 2, components: 't', tol: 1e-9 });
    const again = await engine.fit(drawn, { nComponents: 2, components: 't', init: first, maxIter: 0 });
    expectClose([again.logLikelihood], [first.logLikelihood], 1e-12);
    const gaussian = await engine.fit(drawn, { nComponents: 2 });
    const from = await engine.fit(drawn, { nComponents: 2, components: 't', init: gaussian, tol: 1e-9 });
    expectClose([from.logLikelihood], [first.logLikelihood], 1e-9);
  });

  it('gives the same for float32 rows that are float32 numbers', async () => {
    const rounded = Float64Array.from(truth.sample(20_000, { seed: 4 }).samples, Math.fround);
    const [single, double] = await Promise.all(
      (['float32', 'float64'] as const).map(async (storage) =>
        engine.fit(await Dataset.from(rounded, { nFeatures: 2, storage }), {
          nComponents: 2,
          components: 't',
        }),
      ),
    );
    expect(bitsOf(single.model.toJSON())).toBe(bitsOf(double.model.toJSON()));
  });

  it('of one component finds the location of a sample with heavy tails', async () => {
    const cauchy = GaussianMixture.fromParameters({
      ...{ weights: [1], means: [[3]], covariances: [4], degreesOfFreedom: 1, covarianceType: 'spherical' },
    });
    const { samples } = cauchy.sample(4000, { seed: 3 });
    const { model, converged } = await engine.fit(samples, { nFeatures: 1, nComponents: 1, components: 't' });
    expect(converged).toBe(true);
    // The standard error of a Cauchy location is the scale times √(2 / n), here 0.045; of ln ν about 0.03.
    expect(Math.abs(model.means[0] - 3)).toBeLessThan(0.135);
    expect(Math.abs(Math.log(model.degreesOfFreedom?.[0] ?? 0))).toBeLessThan(0.1);
  });

  it('has noise beside it, which its model file, criteria, labels and samples know', async () => {
    const rows = createOutliers(1000);
    const options = { nComponents: 2, components: 't', noise: true, degreesOfFreedom: 'shared' } as const;
    const { model, bic, logLikelihood, converged } = await engine.fit(rows, options);
    expect(converged).toBe(true);
    const { weight = 0 } = model.noise ?? {};
    // The far rows are 2 %.
    expect(Math.abs(weight - 0.02)).toBeLessThan(3 * Math.sqrt((0.02 * 0.98) / 1000));
    expectClose([weight + model.weights[0] + model.weights[1]], [1], 1e-12);
    // Two means, two covariances, one weight, that of the noise, and one ν.
    expect(model.nParameters).toBe(4 + 6 + 1 + 1 + 1);
    expectClose([bic], [-2 * logLikelihood + model.nParameters * Math.log(1000)], 1e-12);
    expect(errorOf(model)).toBeLessThan(3 * Math.sqrt(2 / 1000));
    const read = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(bitsOf(read.toJSON())).toBe(bitsOf(model.toJSON()));
    const labels = await model.predict(rows);
    expect(rows.every((_, i) => i % 50 !== 7 || labels[i] === -1)).toBe(true);
    const nNoise = model.sample(5000, { seed: 1 }).labels.filter((label) => label === -1).length;
    expect(Math.abs(nNoise / 5000 - weight)).toBeLessThan(3 * Math.sqrt(weight / 5000));
    const again = await engine.fit(rows, { ...options, init: { model } });
    expect(again.logLikelihood).toBeGreaterThan(logLikelihood - 1e-6);
    const equal = await engine.fit(rows, { ...options, equalWeights: true });
    expect(equal.model.weights[0]).toBe(equal.model.weights[1]);
  });

  it.each(COVARIANCE_TYPES)('has no lower likelihood with noise than without, %s', async (covarianceType) => {
    const { fits } = await engine.selectModel(createOutliers(500), {
      ...{ nComponents: [1, 2, 3], covarianceTypes: [covarianceType], components: 't', noise: 'both' },
    });
    expect(fits).toHaveLength(6);
    for (let i = 0; i < 3; i++) {
      // Where no noise is best its weight falls to 0, and the run stops by the tolerance, 1e-6 for each row.
      expect(fits[i + 3].logLikelihood).toBeGreaterThan((fits[i].logLikelihood ?? 0) - 1e-6 * 500);
    }
  });

  it('holds equal weights', async () => {
    const { model } = await engine.fit(drawn, { nComponents: 2, components: 't', equalWeights: true });
    expect([...model.weights]).toEqual([0.5, 0.5]);
  });

  it('is chosen among in a sweep, where no model is less likely than one that it contains', async () => {
    const { best, fits } = await engine.selectModel(drawn, { nComponents: [1, 2, 3], components: 't' });
    expect(best.model.nComponents).toBe(2);
    expect(best.model.covarianceType).toBe('full');
    for (const { covarianceType, nComponents, logLikelihood } of fits) {
      const larger = fits.find(
        (fit) => fit.covarianceType === covarianceType && fit.nComponents === nComponents + 1,
      );
      if (larger) expect(larger.logLikelihood).toBeGreaterThan((logLikelihood ?? 0) - 1e-6);
    }
  });
});
