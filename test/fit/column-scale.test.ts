/** Columns of all scales: each gives the model of ordinary data in other units, or an error whose remedy does. */

import { afterAll, describe, expect, it } from 'vitest';
import type { GmmError } from '../../src/index.js';
import { expectClose } from '../close.js';
import { DATA } from '../golden/data.js';
import { createEngine, Dataset } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const { nSamples } = DATA.faithful;
const faithful = Array.from({ length: nSamples }, (_, i) => [...DATA.faithful.row(i)]);
const options = { nComponents: 2, covarianceType: 'full', columns: ['eruptions', 'waiting'] } as const;
const { weights } = (await engine.fit(faithful, options)).model;

/** Runs end where less than 1e-6 is to be gained, on another path for each rounding. */
const SAME_OPTIMUM = 1e-4;

/** @param scales - of the two columns */
function scaled([first, second]: readonly [number, number]) {
  return Dataset.from(
    faithful.map(([a, b]) => [a * first, b * second]),
    { columns: options.columns },
  );
}

describe('columns in units', () => {
  it.each([1e-145, 1e-100, 1e100, 1e150])('of %s are fitted as they are', async (unit) => {
    for (const other of [1, unit]) {
      const { model } = await engine.fit(await scaled([unit, other]), options);
      expectClose(model.weights, weights, SAME_OPTIMUM);
    }
  });

  it.each([
    [1e-320, 'differ by about 1e-319, whose square underflows; multiply it by 1e300', 1e300],
    [1e-200, 'differ by about 1e-199, whose square underflows; multiply it by 1e199', 1e199],
    [1e-160, 'differ by about 1e-159, whose square underflows; multiply it by 1e159', 1e159],
    [1e-150, 'differ by about 1e-149, whose square underflows; multiply it by 1e149', 1e149],
    [1e160, 'has values of about 1e161, whose squares overflow; divide it by 1e161', 1e-161],
    [1e200, 'has values of about 1e201, whose squares overflow; divide it by 1e201', 1e-201],
    [1e306, 'has values of about 1e307, whose squares overflow; divide it by 1e307', 1e-307],
  ])('of %s are refused, and what the error says to do works', async (unit, message, factor) => {
    for (const nComponents of [1, 2]) {
      const failure = engine.fit(await scaled([unit, 1]), { ...options, nComponents });
      await expect(failure).rejects.toMatchObject({ code: 'INVALID_DATA', column: 'eruptions' });
      const error: GmmError = await failure.catch((thrown) => thrown);
      expect(error.message).toContain('column "eruptions"');
      expect(error.message).toContain(message);
    }
    const mended = (await scaled([unit, 1])).sharedRows.chunks[0].map((value, i) =>
      i % 2 === 0 ? value * factor : value,
    );
    const { model } = await engine.fit(mended, { ...options, nFeatures: 2 });
    // The numbers next to 0 have few digits left.
    expectClose(model.weights, weights, unit < 1e-310 ? 1e-2 : SAME_OPTIMUM);
  });

  it('are those of the rows that count', async () => {
    const rows = faithful.map(([, b], i) => [i === 0 ? 1e-200 : 0, b]);
    const data = await Dataset.from(rows, { sampleWeight: rows.map((_, i) => (i === 0 ? 0 : 1)) });
    await expect(engine.fit(data, { nComponents: 2 })).rejects.toMatchObject({ code: 'DEGENERATE' });
  });
});
