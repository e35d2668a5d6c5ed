/** Streams are copied to a temporary file, which outlives nothing and fills no disk. */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Dataset } from '../../../src/data/dataset.js';
import { spoolStream } from '../../../src/io/files/spool.js';
import { readTable } from '../../../src/io/read/read-table.js';
import { readAll, useFolder } from '../files.js';

const { path, write } = useFolder();

vi.mock('node:fs/promises', async (original) => ({ ...(await original<typeof promises>()) }));

const SOON_MS = 1000;

/** A folder of its own as the temporary one: what is left behind is what it holds. */
async function useTemporary(name: string): Promise<() => string[]> {
  const folder = path(name);
  await promises.mkdir(folder);
  vi.stubEnv('TMPDIR', folder);
  return () => readdirSync(folder);
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the copy of a stream', () => {
  test.runIf(process.platform === 'linux')('has no name while it is used', async () => {
    const left = await useTemporary('unnamed');
    const spool = await spoolStream(Readable.from([Buffer.from('a\n1\n')]), 'x.csv', 'x');
    expect(readlinkSync(spool.path)).toMatch(/^\/proc\/self\/fd\/\d+$/);
    // Not even one elsewhere: the only way is the open file.
    expect(statSync(spool.path).nlink).toBe(0);
    // It can be opened again and again, each time from the beginning.
    expect((await readAll(spool.path)).rows).toEqual([1]);
    expect((await readAll(spool.path)).rows).toEqual([1]);
    await spool.remove();
    expect(left()).toEqual([]);
  });

  test('is not made of binary zeros', async () => {
    const left = await useTemporary('zeros');
    for (const device of ['/dev/zero', '/dev/full']) {
      if (!existsSync(device)) continue;
      await expect(readTable(device)).rejects.toMatchObject({
        code: 'INVALID_DATA',
        message: `cannot read "${device}": it holds binary zeros but is not a .npy, Parquet or gzip file`,
      });
    }
    expect(left()).toEqual([]);
  });

  test('leaves space to others', async () => {
    const left = await useTemporary('space');
    const statfs = vi.spyOn(await import('node:fs/promises'), 'statfs');
    const free = (blocks: number) => ({ bavail: blocks, blocks: 1e6, bsize: 4096 }) as never;
    // 5 % of 4 GB; the second look, 16 MiB later, finds less.
    statfs.mockResolvedValueOnce(free(50_000)).mockResolvedValue(free(49_999));
    async function* endless() {
      for (;;) yield Buffer.from('1,2,3\n'.repeat(100_000));
    }
    await expect(spoolStream(Readable.from(endless()), 'x.csv', 'x')).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringMatching(
        /^cannot read "x": its copy in ".*space" has 17 MB, and that disk is almost full; free some space, or set TMPDIR/,
      ),
    });
    expect(left()).toEqual([]);
  });
});

describe('a named pipe', () => {
  const makePipe = (name: string) => {
    execFileSync('mkfifo', [path(name)]);
    return path(name);
  };

  test('that nobody writes to is given up when the signal aborts', async () => {
    const pipe = makePipe('silent.csv');
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = Dataset.read(pipe, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    const begin = performance.now();
    await expect(reading).rejects.toBe(reason);
    expect(performance.now() - begin).toBeLessThan(SOON_MS);
  });

  test('that is given up does not keep the process', async () => {
    const pipe = makePipe('kept.csv');
    const program = `
      import { Dataset } from ${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)};
      await Dataset.read(process.argv[1], { signal: AbortSignal.timeout(200) }).catch(({ name }) => console.log(name));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, pipe], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    const [code] = await new Promise<unknown[]>((resolve) => child.on('close', (...ended) => resolve(ended)));
    clearTimeout(timer);
    expect([code, output]).toEqual([0, 'TimeoutError\n']);
  });

  test('that gets its writer late is read', async () => {
    const pipe = makePipe('late.csv');
    const reading = readAll(pipe);
    setTimeout(() => spawn('sh', ['-c', 'printf "a\\n1\\n" > "$0"; sleep 0.1; printf "" ', pipe]), 200);
    expect((await reading).rows).toEqual([1]);
  });

  test('that brings much is read whole', async () => {
    const pipe = makePipe('much.csv');
    const file = await write('much-before.csv', `a\n${'1\n'.repeat(500_000)}`);
    spawn('sh', ['-c', 'cat "$0" > "$1"', file, pipe]);
    expect((await readAll(pipe)).rows).toHaveLength(500_000);
  });
});
