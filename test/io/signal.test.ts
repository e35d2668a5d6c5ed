import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { readTable } from '../../src/io/read/read-table.js';
import { writePredictions } from '../../src/io/write/write-table.js';
import { processorMs } from '../processor-time.js';
import { readAll, useFolder } from './files.js';

/** The promise is 100 ms, in which several threads may be at work; of processor time, to which a busy machine adds nothing. */
const SOON_MS = 1000;

const { path, write } = useFolder();

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Aborts a while after `work` began, and sees it end for that reason, soon. */
async function expectAborted(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const reason = new Error('enough');
  const working = work(controller.signal).then(
    () => 'done',
    (error) => error,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begin = processorMs();
  controller.abort(reason);
  expect(await working).toBe(reason);
  expect(processorMs() - begin).toBeLessThan(SOON_MS);
}

/** A query that would go on for hours before its first row. */
const ENDLESS =
  'select count(*) as n from input a, range(1000000000) b, range(1000000000) c where b.range % 7 = c.range % 11';

describe('a signal', () => {
  test('ends a query that runs', async () => {
    const file = await write('a.csv', 'a\n1\n2\n');
    await expectAborted((signal) => readAll(file, { sql: ENDLESS, signal }));
  });

  test('ends Dataset.read', async () => {
    const file = await write('d.csv', 'a\n1\n2\n');
    await expectAborted((signal) => Dataset.read(file, { sql: ENDLESS, signal }));
    await expect(Dataset.read(file, { signal: 'soon' as never })).rejects.toThrow(
      '"signal" must be an AbortSignal',
    );
  });

  test('ends a stream of rows', async () => {
    const file = await write('b.csv', 'a\n1\n2\n');
    const sql = 'select b.range as a from input, range(1000000000) b';
    await expectAborted(async (signal) => {
      for await (const _ of (await readTable(file, { sql, signal })).batches);
    });
  });

  test('ends the wait for standard input, and its copy is removed', async () => {
    // Other programs leave theirs in the usual folder.
    vi.stubEnv('TMPDIR', path('.'));
    const spools = async () => (await readdir(tmpdir())).filter((name) => /^parallel-gmm-\w{6}$/.test(name));
    const before = await spools();
    const stream = new PassThrough();
    stream.write('a\n1\n');
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
    await expectAborted((signal) => readTable('-', { signal }));
    expect(await spools()).toEqual(before);
  });

  test.each(['csv', 'npy', 'parquet'])(
    'ends the writing of .%s, and leaves the file as it was',
    async (end) => {
      const folder = path(end);
      await mkdir(folder);
      await writeFile(`${folder}/out.${end}`, 'before');
      const columns = [{ name: 'x', type: 'DOUBLE' }];
      await expectAborted((signal) =>
        writePredictions(`${folder}/out.${end}`, columns, endless(), { signal }),
      );
      expect(await readdir(folder)).toEqual([`out.${end}`]);
    },
  );

  test('that is aborted already ends everything before it begins', async () => {
    const file = await write('c.csv', 'a\n1\n');
    const reason = new Error('never');
    await expect(readTable(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

async function* endless() {
  for (;;) yield { nRows: 1000, values: [new Float64Array(1000)] };
}
