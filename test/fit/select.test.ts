import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES, containsType } from '../../src/core/covariance/families.js';
import { createRandom } from '../../src/core/random.js';
import type { CovarianceType, ProgressEvent } from '../../src/index.js';
import { bitsOf } from '../close.js';
import { createMixture, drawRows } from '../mixtures.js';
import { createEngine, Dataset } from '../package.js';

/** Log-likelihoods of some thousands, summed by different kernels. */
const ROUNDING = 1e-5;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());
const faithful = await Dataset.read(fileURLToPath(new URL('../../data/faithful.csv', import.meta.url)));

describe('selectModel', () => {
  it('chooses two full components for faithful by bic, and keeps every cell', async () => {
    const options = { nComponents: [1, 2, 3, 4, 5, 6], covarianceTypes: ['full'] as const };
    const { best, criterion, fits } = await engine.selectModel(faithful, options);
    expect([best.model.nComponents, criterion]).toEqual([2, 'bic']);
    expect(fits.map(({ nComponents }) => nComponents)).toEqual(options.nComponents);
    for (const cell of fits) {
      expect(cell).toMatchObject({ covarianceType: 'full', status: 'converged' });
      expect(cell.bic).toBeGreaterThanOrEqual(best.bic);
      expect(cell.error).toBeUndefined();
    }
    expect(fits[1].model).toBe(best.model);
    expect(fits[1]).toMatchObject({ bic: best.bic, aic: best.aic, icl: best.icl, nParameters: 11 });
  });

  it('chooses by the criterion asked for', async () => {
    for (const criterion of ['bic', 'aic', 'icl'] as const) {
      const { best, fits } = await engine.selectModel(faithful, {
        nComponents: [1, 2, 3],
        nInit: 3,
        criterion,
      });
      expect(best[criterion]).toBe(Math.min(...fits.map((cell) => cell[criterion] as number)));
    }
  });

  it('chooses no model with a component on a handful of rows while there is another', async () => {
    const random = createRandom(3);
    const rows = Float64Array.from({ length: 200 }, () => random.normal());
    // Three rows in a corner of their own: a component on them raises the likelihood by far more than its parameters cost.
    rows.set([8, 8, 8.01, 8.02, 8.02, 7.99]);
    const options = { nFeatures: 2, nComponents: [1, 2], seed: 1 };
    const { best, fits } = await engine.selectModel(rows, { ...options, covarianceTypes: ['full'] });
    expect(fits[1].bic).toBeLessThan(fits[0].bic as number);
    expect(best.model.nComponents).toBe(1);
    // Alone it is the answer.
    const alone = await engine.selectModel(rows, {
      ...options,
      nComponents: [2],
      covarianceTypes: ['full'],
    });
    expect(alone.best.model.nComponents).toBe(2);
  });

  it('tries 1 to 9 components unless it is told otherwise, and no more than there are rows', async () => {
    const options = { covarianceTypes: ['spherical'] as const, nInit: 1 };
    const { fits } = await engine.selectModel(faithful, options);
    expect(fits.map(({ nComponents }) => nComponents)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const few = await engine.selectModel(
      [
        [0, 1],
        [0.1, 3],
        [5, 2],
      ],
      options,
    );
    expect(few.fits.map(({ nComponents }) => nComponents)).toEqual([1, 2, 3]);
    const sampleWeight = [1, 0, 1, 1, 0];
    const weighted = await Dataset.from([[0], [7], [0.3], [5], [9]], { sampleWeight });
    expect((await engine.selectModel(weighted)).fits.map(({ nComponents }) => nComponents)).toEqual([
      1, 2, 3, 1, 2, 3,
    ]);
  });

  it('fits the types that are one model of one column once, as full', async () => {
    const column = await Dataset.from(Array.from({ length: 272 }, (_, i) => [faithful.row(i)[1]]));
    const typesOf = async (covarianceTypes?: CovarianceType[]) => {
      const { fits } = await engine.selectModel(column, { nComponents: [2], covarianceTypes, nInit: 2 });
      return fits.map(({ covarianceType }) => covarianceType);
    };
    expect(await typesOf()).toEqual(['full', 'tied']);
    expect(await typesOf(['diag', 'full'])).toEqual(['full']);
    expect(await typesOf(['tied', 'spherical'])).toEqual(['tied', 'full']);
    const { best } = await engine.selectModel(column, { nComponents: [2], covarianceTypes: ['diag'] });
    const full = await engine.fit(column, { nComponents: 2 });
    expect(bitsOf(best.model.toJSON())).toBe(bitsOf(full.model.toJSON()));
  });

  it('has cells that are the fits on their own', async () => {
    const { fits } = await engine.selectModel(faithful, { nComponents: [2, 3], nInit: 2, seed: 5 });
    for (const { nComponents, covarianceType, model } of fits) {
      const alone = await engine.fit(faithful, { nComponents, covarianceType, nInit: 2, seed: 5 });
      expect(bitsOf(model?.toJSON())).toBe(bitsOf(alone.model.toJSON()));
    }
  });

  it('goes on past a cell that fails, and one that collapses', async () => {
    const rows = [[0], [0.1], [0.3], [5], [5.2], [5.3]];
    const { best, fits } = await engine.selectModel(rows, {
      nComponents: [1, 2, 6, 7],
      covarianceTypes: ['full'],
      prior: 'none',
    });
    expect(best.model.nComponents).toBeLessThan(3);
    expect(fits.map(({ status }) => status)).toEqual(['converged', 'converged', 'degenerate', 'failed']);
    const [, , collapsed, failed] = fits;
    expect(collapsed.error).toMatchObject({ code: 'DEGENERATE' });
    expect(failed.error).toMatchObject({
      code: 'INVALID_DATA',
      message: '6 rows are too few for 7 components; lower nComponents or give more rows',
    });
    expect('model' in failed || 'bic' in failed).toBe(false);
  });

  it('rejects where nothing could be fitted', async () => {
    const constant = new Array(10).fill([1, 1]);
    await expect(engine.selectModel(constant, { nComponents: [1, 2] })).rejects.toMatchObject({
      code: 'DEGENERATE',
      message: expect.stringMatching(/^none of the \d models could be fitted; the first says: /),
    });
    await expect(
      engine.selectModel([[1]], { nComponents: [2], covarianceTypes: ['full'] }),
    ).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: '1 row is too few for 2 components; lower nComponents or give more rows',
    });
  });

  it('tells how far it is', async () => {
    const events: ProgressEvent[] = [];
    const options = { nComponents: [1, 300], covarianceTypes: ['full', 'diag'] as const, nInit: 2 };
    await engine.selectModel(faithful, { ...options, onProgress: (event) => events.push(event) });
    const sweep = events.filter((event) => event.type === 'sweep');
    expect(sweep.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3, 4].map((done) => [done, 4]));
    const shares = sweep.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect([shares[0], shares[4]]).toEqual([0, 1]);
    const ends = events.filter(({ type }) => type === 'fit-end') as { status: string }[];
    expect(ends.map(({ status }) => status).sort()).toEqual(['converged', 'converged', 'failed', 'failed']);
  });
});

describe('a model that contains another', () => {
  const random = createRandom(3);
  const rows = drawRows(createMixture('full', 5, 2, random, 2.5), 600, random);
  const nComponents = [1, 2, 3, 4, 5, 6];

  it('is at least as likely, from a single bad start too, and where it was already nothing is changed', async () => {
    const data = await Dataset.from(rows, { nFeatures: 2 });
    const options = { init: 'random-rows', nInit: 1, maxIter: 60, covarianceFloor: 1e-4 } as const;
    let refitted = 0;
    for (const seed of [1, 2, 3]) {
      const { best, fits } = await engine.selectModel(data, { ...options, nComponents, seed });
      const logLikelihoodOf = (k: number, type: CovarianceType): number =>
        fits.find((cell) => cell.nComponents === k && cell.covarianceType === type)?.logLikelihood ??
        Number.NEGATIVE_INFINITY;
      for (const { nComponents: k, covarianceType, status, logLikelihood, model, bic } of fits) {
        // With a prior the likelihood is no maximum.
        if (logLikelihood === undefined || status === 'regularized') continue;
        const contained = [
          logLikelihoodOf(k - 1, covarianceType),
          ...COVARIANCE_TYPES.filter((type) => containsType(covarianceType, type)).map((type) =>
            logLikelihoodOf(k, type),
          ),
        ];
        for (const bound of contained) expect(logLikelihood).toBeGreaterThan(bound - ROUNDING);
        expect(bic).toBeGreaterThanOrEqual(best.bic);

        const alone = await engine.fit(data, { ...options, nComponents: k, covarianceType, seed });
        expect(logLikelihood).toBeGreaterThanOrEqual(alone.logLikelihood);
        if (alone.logLikelihood > Math.max(...contained)) expect(model).toEqual(alone.model);
        else refitted++;
      }
    }
    expect(refitted).toBeGreaterThan(3);
  });

  it('is fitted again on all rows where starts are tried on a sample', async () => {
    const many = drawRows(createMixture('full', 4, 2, createRandom(4), 2), 25_000, createRandom(5));
    const data = await Dataset.from(many, { nFeatures: 2 });
    const { fits } = await engine.selectModel(data, {
      nComponents: [2, 4, 5],
      covarianceTypes: ['full', 'diag'],
      init: 'random-rows',
      nInit: 1,
      maxIter: 25,
    });
    const [full2, full4, full5, diag2, diag4, diag5] = fits.map((cell) => cell.logLikelihood as number);
    for (const [larger, smaller] of [
      [full4, full2],
      [full5, full4],
      [diag4, diag2],
      [diag5, diag4],
      [full2, diag2],
      [full4, diag4],
      [full5, diag5],
    ])
      expect(larger).toBeGreaterThan(smaller - ROUNDING);
  });
});
