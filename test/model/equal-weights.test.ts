/** Equal weights belong to the model: its number of parameters, its criteria and its file know them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import type { FitResult, GaussianMixture as Model } from '../../src/index.js';
import { createFolder, FAITHFUL, run } from '../cli/command.js';
import { expectClose } from '../close.js';
import { createEngine, Dataset, GaussianMixture } from '../package.js';

/** One pass over the same rows with the same parameters, in another order of the components. */
const SAME_PASS = 1e-9;

const K = 3;
const folder = createFolder();
const CRITERIA = ['bic', 'aic', 'icl'] as const;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());
const data = await Dataset.read(FAITHFUL);

async function expectSameCriteria(model: Model, result: Pick<FitResult, (typeof CRITERIA)[number]>) {
  for (const name of CRITERIA) {
    expectClose([await model[name](data, { engine })], [result[name]], SAME_PASS);
  }
}

describe.each(COVARIANCE_TYPES)('a model fitted with equal weights, %s', async (covarianceType) => {
  const options = { nComponents: K, covarianceType, nInit: 2 };
  const result = await engine.fit(data, { ...options, equalWeights: true });
  const { model } = result;

  it('has no free weights, and the criteria of its fit', async () => {
    const free = await engine.fit(data, options);
    expect(model.equalWeights).toBe(true);
    expect(model.nParameters).toBe(result.nParameters);
    expect(model.nParameters).toBe(free.model.nParameters - (K - 1));
    expect(free.model.equalWeights).toBe(false);
    await expectSameCriteria(model, result);
    await expectSameCriteria(free.model, free);
  });

  it('is the same model after a round trip through its file', async () => {
    const read = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(read.equalWeights).toBe(true);
    expect(read.toJSON()).toEqual(model.toJSON());
    await expectSameCriteria(read, result);
  });

  it('is a start for a fit with free weights, which is at least as likely', async () => {
    for (const init of [model, model.toJSON()]) {
      const free = await engine.fit(data, { ...options, init });
      expect(free.model.equalWeights).toBe(false);
      expect(free.logLikelihood).toBeGreaterThanOrEqual(result.logLikelihood);
    }
  });

  it('is the same model when made from its own parameters', async () => {
    await expectSameCriteria(GaussianMixture.fromParameters(model), result);
  });
});

it('every model of a sweep with equal weights has the criteria of its cell', async () => {
  const options = { nComponents: [1, 2], equalWeights: true, nInit: 2 };
  const { best, fits } = await engine.selectModel(data, options);
  await expectSameCriteria(best.model, best);
  for (const { model, ...cell } of fits) {
    expect(model?.nParameters).toBe(cell.nParameters);
    await expectSameCriteria(model as Model, cell as Required<typeof cell>);
  }
});

describe('the file', () => {
  const file = GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [[0], [4]],
    covariances: [1, 1],
    covarianceType: 'spherical',
  }).toJSON();

  it('names equal weights only if they are held equal', () => {
    expect(file).not.toHaveProperty('equalWeights');
    expect(GaussianMixture.fromJSON({ ...file, equalWeights: true }).toJSON().equalWeights).toBe(true);
  });

  it('without the field, as older versions wrote it, has free weights', () => {
    expect(GaussianMixture.fromJSON(file).equalWeights).toBe(false);
    expect(GaussianMixture.fromJSON({ ...file, equalWeights: false }).toJSON()).toEqual(file);
  });

  it('is INVALID_MODEL with weights that differ', () => {
    const unequal = { ...file, weights: [0.6, 0.4], equalWeights: true };
    expect(() => GaussianMixture.fromJSON(unequal)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MODEL',
        message: '"weights[0]" must be 1/2 with "equalWeights", got 0.6',
      }),
    );
  });
});

describe('fromParameters', () => {
  const input = { means: [[0], [4], [8]], covariances: [1, 1, 1], covarianceType: 'spherical' } as const;
  const third = 0.333_333_3;

  it('holds weights equal that were written with seven digits', () => {
    const model = GaussianMixture.fromParameters({
      ...input,
      weights: [third, third, third],
      equalWeights: true,
    });
    expect([...model.weights]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(model.nParameters).toBe(6);
  });

  it('refuses weights that differ, and a value that is neither true nor false', () => {
    const unequal = { ...input, weights: [0.5, 0.25, 0.25], equalWeights: true };
    expect(() => GaussianMixture.fromParameters(unequal)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MODEL',
        message: '"weights[0]" must be 1/3 with "equalWeights", got 0.5',
      }),
    );
    const wrong = { ...unequal, equalWeights: 'yes' as never };
    expect(() => GaussianMixture.fromParameters(wrong)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MODEL',
        message: '"equalWeights" must be true or false, got "yes"',
      }),
    );
  });
});

it('the command keeps equal weights in the model file, and its report counts parameters accordingly', async () => {
  const path = join(folder, 'model.json');
  const flags = ['-k', '3', '--equal-weights', '--model', path, '--json'];
  const { stdout } = await run(['fit', FAITHFUL, ...flags], { cwd: folder });
  const printed = JSON.parse(stdout);
  expect(printed).toMatchObject({ equalWeights: true, nParameters: 15 });
  const file = JSON.parse(readFileSync(path, 'utf8'));
  expect(file.equalWeights).toBe(true);
  await expectSameCriteria(GaussianMixture.fromJSON(file), printed);

  const rowsOf = async (model: string) => {
    const page = join(folder, 'report.html');
    const { code } = await run(['report', model, FAITHFUL, '-o', page], { cwd: folder });
    expect(code).toBe(0);
    return readFileSync(page, 'utf8').replaceAll(/<[^>]*>/g, ' ');
  };
  expect(await rowsOf(path)).toMatch(/free parameters\s+15\b/);
  const { equalWeights: _, ...old } = file;
  writeFileSync(join(folder, 'old.json'), JSON.stringify(old));
  expect(await rowsOf(join(folder, 'old.json'))).toMatch(/free parameters\s+17\b/);
});
