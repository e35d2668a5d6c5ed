/** Models of t components: densities, drawn rows, files. */

import { readFile } from 'node:fs/promises';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createRandom, drawGamma } from '../../src/core/random.js';
import { createCurves, densityAt } from '../../src/report/chart/curve.js';
import { toDrawn } from '../../src/report/chart/drawn-mixture.js';
import { expectClose } from '../close.js';
import { createTwin } from '../kernel/scalar-twin.js';
import { createMixture, drawRows } from '../mixtures.js';
import { GaussianMixture } from '../package.js';

const random = createRandom(5);
const [D, K] = [3, 3];
const DEGREES = [1.5, 6, 80];

describe.each(COVARIANCE_TYPES)('a model of t components, %s', (covarianceType) => {
  const { weights, means, covariances } = createMixture(covarianceType, K, D, random, 3);
  const model = GaussianMixture.fromParameters({
    ...{ weights, covariances, covarianceType, degreesOfFreedom: DEGREES },
    means: Array.from({ length: K }, (_, j) => [...means.subarray(j * D, (j + 1) * D)]),
  });

  it('has the density of the second implementation, for single rows and in passes', async () => {
    const rows = drawRows(model, 50, random).map((value, i) => (i % 7 === 0 ? 20 * value : value));
    const twin = createTwin(model);
    const expected = Array.from({ length: 50 }, (_, i) => twin.add(rows, i * D, 1));
    const densities = expected.map(({ logDensity }) => logDensity);
    const { proba, logDensity } = await model.scores(rows);
    expectClose(logDensity, densities, 1e-12, 1);
    for (let i = 0; i < 50; i++) {
      const row = rows.subarray(i * D, (i + 1) * D);
      expectClose([model.logDensity(row)], [densities[i]], 1e-12, 1);
      expectClose(model.posterior(row), expected[i].responsibilities, 1e-11, 1);
      expectClose(proba.subarray(i * K, (i + 1) * K), expected[i].responsibilities, 1e-11, 1);
    }
  });

  it('comes back from its file, which is valid by the schema', async () => {
    const schema = JSON.parse(
      await readFile(new URL('../../docs/model.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv.default({ allErrors: true, strict: true }).compile(schema);
    const file = JSON.parse(JSON.stringify(model));
    expect(validate(file)).toBe(true);
    expect(GaussianMixture.fromJSON(file).toJSON()).toEqual(model.toJSON());
    expect(file.components).toBe('t');
    expect(file.estimatedDegrees).toBe('each');
    expect(model.component(1).degreesOfFreedom).toBe(model.degreesOfFreedom?.[1]);
    expect(
      model.nParameters - GaussianMixture.fromJSON({ ...file, estimatedDegrees: 'none' }).nParameters,
    ).toBe(K);
  });

  it('draws rows with the scale matrix times ν / (ν − 2) for covariance', () => {
    const n = 40_000;
    const degreesOfFreedom = 12;
    const single = GaussianMixture.fromParameters({
      ...{ weights: [1], means: [[1, -2]], covarianceType, degreesOfFreedom },
      covariances: {
        full: [
          [
            [2, 0.7],
            [0.7, 1],
          ],
        ],
        tied: [
          [2, 0.7],
          [0.7, 1],
        ],
        diag: [[2, 1]],
        spherical: [2],
      }[covarianceType] as number[],
    });
    const { samples } = single.sample(n, { seed: 8 });
    const { covariance } = single.component(0);
    for (let a = 0; a < 2; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < n; i++)
          sum += (samples[2 * i + a] - single.means[a]) * (samples[2 * i + b] - single.means[b]);
        // The kurtosis is 3 + 6 / (ν − 4), so the standard error of a variance is √(2.75 / n) of it: four of these.
        const expected = (covariance[2 * a + b] * 12) / 10;
        expect(Math.abs(sum / n - expected)).toBeLessThan(4 * Math.sqrt(2.75 / n) * 2.4);
      }
    }
  });
});

it('gamma variables have the mean and variance of their shape', () => {
  for (const shape of [0.25, 0.9, 1, 3.7, 100]) {
    const n = 40_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = drawGamma(random, shape);
      sum += value;
      squares += (value - shape) ** 2;
    }
    // The variance is the shape, the fourth central moment 3 shape² + 6 shape.
    expect(Math.abs(sum / n - shape)).toBeLessThan(4 * Math.sqrt(shape / n));
    expect(Math.abs(squares / n - shape)).toBeLessThan(4 * Math.sqrt((2 * shape ** 2 + 6 * shape) / n));
  }
});

it('a chart draws the density over a column', () => {
  const cauchy = GaussianMixture.fromParameters({
    ...{ weights: [1], means: [[3]], covariances: [4], covarianceType: 'spherical', degreesOfFreedom: 1 },
  });
  const [curve] = createCurves(toDrawn(cauchy), 0);
  for (const x of [3, 4, -20, 1000]) {
    expectClose([densityAt(curve, x)], [1 / (2 * Math.PI * (1 + ((x - 3) / 2) ** 2))], 1e-13);
  }
});

it.each<[object, RegExp]>([
  [{ degreesOfFreedom: [1, 0] }, /"degreesOfFreedom\[1\]" must be a finite number > 0, got 0/],
  [{ degreesOfFreedom: [1] }, /"degreesOfFreedom"/],
  [{ degreesOfFreedom: 4, components: 'gaussian' }, /"components" must be 't' with "degreesOfFreedom"/],
  [{ components: 't' }, /"components" must be 'gaussian' without "degreesOfFreedom"/],
  [{ degreesOfFreedom: 4, estimatedDegrees: 'all' }, /"estimatedDegrees" must be each, shared, none/],
  [{ estimatedDegrees: 'each' }, /"estimatedDegrees" must be none of gaussian components/],
])('parameters with %o are refused', (wrong, message) => {
  const parameters = {
    weights: [0.5, 0.5],
    means: [[0], [4]],
    covariances: [1, 1],
    covarianceType: 'spherical',
  };
  expect(() => GaussianMixture.fromParameters({ ...parameters, ...wrong } as never)).toThrow(message);
});
