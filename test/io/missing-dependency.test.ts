import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { readTable } from '../../src/io/read.js';
import { writePredictions } from '../../src/io/write.js';
import { useFolder } from './files.js';

vi.mock('@duckdb/node-api', () => {
  throw new Error('Cannot find package');
});

const { path, write } = useFolder();

const X = [{ name: 'x', type: 'DOUBLE' }];

async function* oneRow() {
  yield { nRows: 1, values: [Float64Array.of(1)] };
}

test('without DuckDB, the error names it', async () => {
  const missing = {
    code: 'MISSING_DEPENDENCY',
    message: expect.stringContaining('needs @duckdb/node-api'),
  };
  await expect(readTable(await write('a.csv', 'a\n1\n'))).rejects.toMatchObject(missing);
});

test('without hyparquet-writer, Parquet is not written, and nothing is left', async () => {
  vi.doMock('hyparquet-writer', () => {
    throw new Error('Cannot find package');
  });
  await expect(writePredictions(path('b.parquet'), X, oneRow())).rejects.toMatchObject({
    code: 'MISSING_DEPENDENCY',
    message: expect.stringContaining('needs hyparquet-writer'),
  });
  vi.doUnmock('hyparquet-writer');
  expect(await readdir(path('.'))).not.toContain('b.parquet');
});

test('without DuckDB, .npy is read and written, and CSV and Parquet written', async () => {
  await writePredictions(path('c.csv'), X, oneRow());
  await writePredictions(path('c.parquet'), X, oneRow());
  await writePredictions(path('c.npy'), X, oneRow());
  expect((await readTable(path('c.npy'))).columns).toEqual(['x0']);
});
