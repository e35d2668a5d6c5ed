import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Dataset, selectModel } from '../../package.js';
import { createFolder, FAITHFUL, remarksOf, run } from '../command.js';

const folder = createFolder();

describe.concurrent('parallel-gmm select', () => {
  it('prints what selectModel gives with --json', async () => {
    const path = join(folder, 'best.json');
    const args = [
      'select',
      FAITHFUL,
      '-k',
      '1..2,4',
      '--covariance',
      'full',
      '--json',
      '--quiet',
      '--model',
      path,
    ];
    const { code, stdout, stderr } = await run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const json = JSON.parse(stdout);
    const { best, fits } = await selectModel(await Dataset.read(FAITHFUL), {
      nComponents: [1, 2, 4],
      covarianceTypes: ['full'],
    });
    expect(json.criterion).toBe('bic');
    expect(json.best).toMatchObject({
      bic: best.bic,
      nComponents: 2,
      weights: Array.from(best.model.weights),
    });
    const withoutSeconds = (cells: readonly { seconds: number }[]) =>
      cells.map(({ seconds: _, ...cell }) => cell);
    expect(withoutSeconds(json.fits)).toEqual(withoutSeconds(fits.map(({ model: _, ...cell }) => cell)));
    for (const { seconds } of json.fits) expect(seconds).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(path, 'utf8')).weights).toEqual(json.best.weights);
  });

  it('prints a table with a mark at the best, then the best', async () => {
    const { code, stdout } = await run(['select', FAITHFUL, '-k', '1..3', '--covariance', 'full']);
    expect(code).toBe(0);
    const rows = stdout.split('\n').filter((line) => /^[* ] +\d+ {2}full /.test(line));
    expect(rows.map((line) => line.slice(0, 4))).toEqual(['   1', '*  2', '   3']);
    expect(stdout).toContain('* lowest BIC\n');
    expect(stdout).toContain('2 components, full covariance: converged');
  });

  it('chooses three tied components for faithful among 1 to 9 of all types', async () => {
    const { best, fits } = JSON.parse((await run(['select', FAITHFUL, '-k', '1..9', '--json'])).stdout);
    expect(best).toMatchObject({ covarianceType: 'tied', nComponents: 3 });
    // mclust's EEE model, k = 3.
    expect(Math.abs(best.bic - 2314.296)).toBeLessThan(0.02);
    expect(fits.length).toBe(36);
  });

  it('goes on from a checkpoint, and refuses that of other options', async () => {
    const checkpoint = join(folder, 'checkpoint');
    const args = ['select', FAITHFUL, '-k', '1..3', '--checkpoint', checkpoint, '--quiet'];
    const first = await run(args);
    expect(first.code).toBe(0);
    expect(await run(args)).toEqual(first);
    const other = await run([...args, '--seed', '5']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^error: --checkpoint ".*" is another call's: seed is 0 there, 5 here\. Delete it/,
    );
  });

  it('chooses by the criterion it is given', async () => {
    const args = ['select', FAITHFUL, '-k', '2,3', '--covariance', 'full', '--criterion', 'aic', '--json'];
    const json = JSON.parse((await run(args)).stdout);
    expect(json).toMatchObject({ criterion: 'aic', best: { nComponents: 3 } });
  });

  it('keeps models that could not be fitted, with a warning each', async () => {
    const sql = 'select waiting from input limit 3';
    const args = ['select', FAITHFUL, '-k', '1,9', '--covariance', 'full', '--sql', sql, '--json'];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    expect(remarksOf({ stderr })).toEqual([
      'note: columns used: waiting',
      'warning: no model with k = 9, full: 3 rows are too few for 9 components; lower -k or give more rows',
    ]);
    expect(JSON.parse(stdout).fits[1]).toEqual({
      nComponents: 9,
      covarianceType: 'full',
      hasNoise: false,
      seconds: 0,
      status: 'failed',
      error: {
        code: 'INVALID_DATA',
        message: '3 rows are too few for 9 components; lower nComponents or give more rows',
      },
    });
  });
});
