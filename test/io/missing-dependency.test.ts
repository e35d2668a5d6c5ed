import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { readTable } from '../../src/io/read/read-table.js';
import { writePredictions } from '../../src/io/write/write-table.js';
import { readAll, useFolder } from './files.js';

vi.mock('@duckdb/node-api', () => {
  throw new Error('Cannot find package');
});

const { path, write } = useFolder();

const X = [{ name: 'x', type: 'DOUBLE' }];

async function* oneRow() {
  yield { nRows: 1, values: [Float64Array.of(1)] };
}

test('without DuckDB, CSV is read: a large file, a packed one and standard input', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${i / 7}`);
  const text = `a,b\n${lines.join('\n')}\n`;
  const expected = lines.flatMap((line) => line.split(',').map(Number));
  expect((await readAll(await write('a.csv', text))).rows).toEqual(expected);
  expect((await readAll(await write('a.csv.gz', gzipSync(text)))).rows).toEqual(expected);
  const stream = Readable.from([Buffer.from(text)]);
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
  expect((await readAll('-')).rows).toEqual(expected);
});

test.each([
  ['sql', 'a.csv', 'a\n1\n', { sql: 'select a from input' }],
  ['JSON', 'a.json', '[{"a":1}]', {}],
  ['Parquet', 'a.parquet', 'PAR1', {}],
])('without DuckDB, %s is an error that names it', async (_, name, content, options) => {
  await expect(readTable(await write(name, content), options)).rejects.toMatchObject({
    code: 'MISSING_DEPENDENCY',
    message: expect.stringContaining('needs @duckdb/node-api'),
  });
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
