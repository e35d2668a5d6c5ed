/** Paths and options of `Dataset.read`; its formats are tested in test/io. */

import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';

const FAITHFUL = fileURLToPath(new URL('../../data/faithful.csv', import.meta.url));

describe('Dataset.read', () => {
  const name = '"path" must be the name of a file or a file: URL, got ';
  const remote = '"path" must be a file of this machine, got ';
  it.each([
    [5, `${name}5`],
    [undefined, `${name}undefined`],
    ['', `${name}""`],
    ['a\0.csv', `${name}${JSON.stringify('a\0.csv')}`],
    [new URL('https://example.org/a.csv'), `${remote}"https://example.org/a.csv"; download it first`],
    ['https://example.org/a.csv', `${remote}"https://example.org/a.csv"; download it first`],
    ['s3://bucket/a.parquet', `${remote}"s3://bucket/a.parquet"; download it first`],
    [new URL('file:///a%00.csv'), expect.stringContaining('"path" must be')],
  ])('rejects the path %s', async (path, message) => {
    await expect(Dataset.read(path as string)).rejects.toMatchObject({ code: 'INVALID_OPTION', message });
  });

  it.each([
    [{ columns: 'waiting' }, '"columns" must be an array of strings, got "waiting"'],
    [{ sampleWeight: 3 }, '"sampleWeight" must be the name of a column, got 3'],
    [{ sql: {} }, '"sql" must be a SELECT statement, got an object'],
  ])('rejects options %j', async (options, message) => {
    await expect(Dataset.read(FAITHFUL, options as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message,
    });
  });

  it('takes a file: URL', async () => {
    const data = await Dataset.read(pathToFileURL(FAITHFUL));
    expect([data.nSamples, data.columns]).toEqual([272, ['eruptions', 'waiting']]);
  });
});
