/** What sample weights count as: rows, or their effective sample size. */

import { afterAll, describe, expect, it } from 'vitest';
import type { FitOptions } from '../../src/index.js';
import { bitsOf, expectClose } from '../close.js';
import { DATA } from '../golden/data.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const { nSamples: N } = DATA.faithful;
const rows = Array.from({ length: N }, (_, i) => [...DATA.faithful.row(i)]);
const weighted = (weightOf: (i: number) => number) =>
  Dataset.from(rows, { sampleWeight: rows.map((_, i) => weightOf(i)) });
const KISH = { effectiveSampleSize: 'kish' } as const;

describe('weights that sum to 1', () => {
  const sweep = { nComponents: [1, 2, 3, 4], covarianceTypes: ['full', 'tied'], nInit: 3 } as const;

  it('get a warning, since BIC takes the largest model', async () => {
    const { best } = await engine.selectModel(await weighted(() => 1 / N), sweep);
    expect(best.model).toMatchObject({ nComponents: 4, covarianceType: 'full' });
    expect(best.notes).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: expect.stringMatching(/^the weights sum to 1, .* 272:\n {2}effectiveSampleSize: "kish"$/),
      }),
    ]);
  });

  it("choose the same model as no weights, with 'kish', and need no warning", async () => {
    const plain = await engine.selectModel(rows, sweep);
    const { best } = await engine.selectModel(await weighted(() => 1 / N), { ...sweep, ...KISH });
    expect(best.model).toMatchObject({ nComponents: 3, covarianceType: 'tied' });
    expect(best.notes).toEqual([]);
    expect(bitsOf(best.model.toJSON())).toBe(bitsOf(plain.best.model.toJSON()));
  });
});

it.each([
  ['of one row', 1, () => 1, []],
  ['that are counts', N, () => 3, []],
  ['of as many rows as weights', 2, () => 0.9, []],
  ['that sum to 2', N, () => 2 / N, ['warning']],
  ['that sum to the number of columns and one', N, () => 3 / N, ['warning']],
  ['that sum to more', N, () => 3.1 / N, []],
])('weights %s are noted only if they look normalised', async (_, count, weightOf, levels) => {
  const data = await Dataset.from(rows.slice(0, count), { sampleWeight: rows.slice(0, count).map(weightOf) });
  const { notes } = await engine.fit(data, { nComponents: 1, covarianceType: 'spherical', regCovar: 1 });
  expect(notes.map(({ level }) => level)).toEqual(levels);
});

describe("with effectiveSampleSize 'kish'", () => {
  const weightOf = (i: number) => 1 + (i % 3);
  const [sum, squares] = rows.reduce(
    ([one, two], _, i) => [one + weightOf(i), two + weightOf(i) ** 2],
    [0, 0],
  );
  const size = sum ** 2 / squares;

  it.each(['none', 'prior', 't', 'noise', 'variational'] as const)(
    'the unit of the weights does not matter: %s',
    async (kind) => {
      const kinds: Record<typeof kind, Partial<FitOptions>> = {
        none: {},
        prior: { prior: {} },
        t: { components: 't' },
        noise: { noise: true },
        variational: { method: 'variational' },
      };
      const options = { nComponents: 2, ...kinds[kind], nInit: 2, seed: 1, ...KISH };
      // Powers of 2 change no digit.
      const [first, ...others] = await Promise.all(
        [1, 2 ** -10, 2 ** 300, 2 ** -300].map(async (unit) =>
          engine.fit(await weighted((i) => unit * weightOf(i)), options),
        ),
      );
      for (const other of others) {
        expect(bitsOf(other.model.toJSON())).toBe(bitsOf(first.model.toJSON()));
        expect([other.bic, other.logLikelihood]).toEqual([first.bic, first.logLikelihood]);
      }
    },
  );

  it('the n of BIC is (Σw)² / Σw², and the log-likelihood that of so many rows', async () => {
    const options = { nComponents: 2, seed: 1 };
    const data = await weighted(weightOf);
    const { model, bic, logLikelihood, meanLogLikelihood, nParameters } = await engine.fit(data, {
      ...options,
      ...KISH,
    });
    expect(bic).toBeCloseTo(-2 * logLikelihood + nParameters * Math.log(size), 8);
    expect(logLikelihood).toBeCloseTo(size * meanLogLikelihood, 8);
    // The likelihood without a prior has its maximum in the same place.
    const bySum = await engine.fit(data, options);
    expectClose(model.means, bySum.model.means, 1e-4);
    expect(meanLogLikelihood).toBeCloseTo(bySum.meanLogLikelihood, 6);
    expect(bySum.bic).toBeCloseTo(-2 * bySum.logLikelihood + nParameters * Math.log(sum), 8);
  });

  it('data without weights are fitted as ever', async () => {
    const options = { nComponents: 2, nInit: 2 };
    const [plain, kish] = await Promise.all([
      engine.fit(rows, options),
      engine.fit(rows, { ...options, ...KISH }),
    ]);
    expect(bitsOf(kish.model.toJSON())).toBe(bitsOf(plain.model.toJSON()));
  });
});

it('is one of two words', async () => {
  await expect(engine.fit(rows, { nComponents: 1, effectiveSampleSize: 'n' as 'sum' })).rejects.toMatchObject(
    { code: 'INVALID_OPTION', option: 'effectiveSampleSize' },
  );
});
