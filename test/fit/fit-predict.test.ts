import { afterAll, describe, expect, it } from 'vitest';
import { bitsOf } from '../close.js';
import { createEngine, Dataset, fit, fitPredict } from '../package.js';

const engine = createEngine({ threads: 1 });
afterAll(() => engine.close());

const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i) + 9 * (i % 2), Math.cos(i)]);
const options = { nComponents: 2, seed: 1 };

describe('fitPredict', () => {
  it('is what fit gives, and what the model predicts', async () => {
    const result = await fitPredict(rows, options);
    const { labels, ...rest } = result;
    const expected = await fit(rows, options);
    expect(bitsOf({ ...rest, model: rest.model.toJSON() })).toBe(
      bitsOf({ ...expected, model: expected.model.toJSON() }),
    );
    expect([...labels]).toEqual([...(await expected.model.predict(rows))]);
    expect(new Set(labels).size).toBe(2);
    expect([...(await engine.fitPredict(rows, options)).labels]).toEqual([...labels]);
  });

  it('takes rows that come but once, and rows of weight 0', async () => {
    async function* once() {
      yield rows.slice(0, 10);
      yield rows.slice(10);
    }
    expect((await fitPredict(once(), options)).labels.length).toBe(60);
    const sampleWeight = rows.map((_, i) => (i < 3 ? 0 : 1));
    const data = await Dataset.from(rows, { sampleWeight });
    expect((await fitPredict(data, options)).labels.length).toBe(60);
  });

  it('takes flat rows with their number of columns, and gives the model their names', async () => {
    const flat = Float64Array.from(rows.flat());
    const { model, labels } = await engine.fitPredict(flat, {
      ...options,
      nFeatures: 2,
      columns: ['a', 'b'],
    });
    expect([labels.length, model.columns]).toEqual([60, ['a', 'b']]);
    await expect(engine.fitPredict(flat, options)).rejects.toMatchObject({ code: 'INVALID_DATA' });
    await expect(engine.selectModel(flat, { nComponents: [1] })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
  });

  it('rejects as fit does', async () => {
    await expect(fitPredict(rows, { nComponents: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const reason = new Error('enough');
    await expect(fitPredict(rows, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
