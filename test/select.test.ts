import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../src/index.js';
import { bitsOf } from './close.js';
import { createEngine, Dataset } from './package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());
const faithful = await Dataset.read(fileURLToPath(new URL('../data/faithful.csv', import.meta.url)));

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
