/** What a file that is replaced leaves to the new one, and what is never written over. */

import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  checkWritable,
  removeLeftBeside,
  writeContent,
  writeWhole,
} from '../../../src/io/files/whole-file.js';
import { writePredictions } from '../../../src/io/write/write-table.js';
import { useFolder } from '../files.js';

const { path, write } = useFolder();

const modeOf = (file: string) => (statSync(file).mode & 0o7777).toString(8);
const isRoot = process.getuid?.() === 0;

describe('a file that is replaced', () => {
  test.each(['600', '640', '755', '666'])('keeps its permissions %s', async (mode) => {
    const file = await write(`mode-${mode}`, 'before');
    chmodSync(file, Number.parseInt(mode, 8));
    await writeContent(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(modeOf(file)).toBe(mode);
  });

  test('is never readable by more than before, not even while it is written', async () => {
    const file = await write('secret', 'before');
    chmodSync(file, 0o600);
    await writeWhole(file, async (temporary) => {
      expect(modeOf(temporary)).toBe('600');
      await writeFile(temporary, 'after');
    });
  });

  test.runIf(isRoot)('keeps its owner', async () => {
    const file = await write('owned', 'before');
    await chown(file, 1234, 5678);
    await writeContent(file, 'after');
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 5678 });
  });

  test('is found through symbolic links, which stay, also where the file is missing', async () => {
    await mkdir(path('elsewhere'));
    const file = await write('elsewhere/target', 'before');
    symlinkSync('elsewhere/target', path('one'));
    symlinkSync('one', path('two'));
    symlinkSync('elsewhere/new', path('dangling'));
    await writeContent(path('two'), 'after');
    await writeContent(path('dangling'), 'new');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(readFileSync(path('elsewhere/new'), 'utf8')).toBe('new');
    for (const name of ['one', 'two', 'dangling']) expect(lstatSync(path(name)).isSymbolicLink()).toBe(true);
  });

  test('keeps its other names', async () => {
    const file = await write('named', 'before');
    linkSync(file, path('other-name'));
    await writeContent(file, 'after');
    expect(readFileSync(path('other-name'), 'utf8')).toBe('after');
    expect(statSync(path('other-name')).ino).toBe(statSync(file).ino);
  });

  test.skipIf(isRoot)('is not replaced where it may not be written', async () => {
    const file = await write('read-only', 'before');
    chmodSync(file, 0o444);
    for (const writing of [writeContent(file, 'after'), checkWritable(file)]) {
      await expect(writing).rejects.toMatchObject({
        code: 'IO',
        message: expect.stringContaining('permission denied'),
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('before');
  });
});

test('the temporary file has a name that cannot be foreseen, and follows no link', async () => {
  const names = new Set<string>();
  for (let i = 0; i < 3; i++) {
    await writeWhole(path('same'), async (temporary) => {
      names.add(temporary);
      expect(lstatSync(temporary).isFile()).toBe(true);
    });
  }
  expect(names.size).toBe(3);
});

test('what a killed process has left beside a file is removed, and nothing else', async () => {
  await mkdir(path('beside'));
  let left = '';
  await writeWhole(path('beside/a'), async (temporary) => {
    left = temporary;
  });
  await writeFile(left, 'left');
  await writeWhole(path('beside/b'), async (temporary) => {
    await removeLeftBeside(path('beside/a'));
    expect(statSync(temporary).isFile()).toBe(true);
  });
  expect(readdirSync(path('beside')).sort()).toEqual(['a', 'b']);
});

describe('a named pipe', () => {
  const makePipe = (name: string) => {
    execFileSync('mkfifo', [path(name)]);
    return path(name);
  };

  test('is written once it has a reader', async () => {
    const pipe = makePipe('pipe');
    const writing = writeContent(pipe, 'through');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    reader.stdout.on('data', (text) => {
      output += text;
    });
    await new Promise((resolve) => reader.on('close', resolve));
    await writing;
    expect(output).toBe('through');
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  const columns = [{ name: 'x', type: 'DOUBLE' }];
  async function* batches(count: number) {
    for (let i = 0; i < count; i++) yield { nRows: 10_000, values: [new Float64Array(10_000)] };
  }

  test.each(['csv', 'npy', 'parquet'])('gets .%s as a file would', async (end) => {
    const pipe = makePipe(`pipe.${end}`);
    await writePredictions(path(`file.${end}`), columns, batches(3));
    const writing = writePredictions(pipe, columns, batches(3));
    const reader = spawn('sh', ['-c', 'cat "$0" > "$1"', pipe, path(`copy.${end}`)]);
    await Promise.all([writing, new Promise((resolve) => reader.on('close', resolve))]);
    expect(readFileSync(path(`copy.${end}`)).equals(readFileSync(path(`file.${end}`)))).toBe(true);
  });

  test.each(['csv', 'parquet'])(
    'whose reader is stuck, or not there, is given up when the signal aborts: .%s',
    async (end) => {
      for (const reader of ['none', 'stuck']) {
        const pipe = makePipe(`${reader}.${end}`);
        const held =
          reader === 'stuck' ? openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK) : undefined;
        const controller = new AbortController();
        const reason = new Error('enough');
        setTimeout(() => controller.abort(reason), 300);
        const { signal } = controller;
        // Far more than a pipe holds.
        await expect(writePredictions(pipe, columns, batches(100), { signal })).rejects.toBe(reason);
        if (held !== undefined) closeSync(held);
      }
    },
  );
});
