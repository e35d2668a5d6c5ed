/** No command line destroys what it reads. */

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../io/files.js';
import { createFolder, FAITHFUL, run } from './command.js';

const folder = createFolder();

beforeAll(async () => {
  copyFileSync(FAITHFUL, join(folder, 'rows.csv'));
  // Names tell the format of outputs; anything may be read as CSV.
  copyFileSync(FAITHFUL, join(folder, 'rows.html'));
  mkdirSync(join(folder, 'parts'));
  copyFileSync(FAITHFUL, join(folder, 'parts/a.csv'));
  copyFileSync(FAITHFUL, join(folder, 'parts/b.csv'));
  symlinkSync('rows.csv', join(folder, 'symbolic.csv'));
  linkSync(join(folder, 'rows.csv'), join(folder, 'hard.csv'));
  await runSql(`copy (from '${FAITHFUL}') to '${join(folder, 'rows.parquet')}'`);
  const rows = [...Array(20)].map((_, i) => ({ eruptions: i % 7, waiting: (i * i) % 11 }));
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
  const { code } = await run(['fit', 'rows.csv', '-k', '2', '--model', 'model.json', '--quiet'], {
    cwd: folder,
  });
  expect(code).toBe(0);
  copyFileSync(join(folder, 'model.json'), join(folder, 'model.html'));
});

const contents = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const bytes = readFileSync(join(parentPath, name));
      return `${name} ${createHash('sha256').update(bytes).digest('hex')}`;
    })
    .sort();

const predict = (input: string, output: string) => ['predict', 'model.json', input, '-o', output];
const fit = (...args: string[]) => ['fit', args[0], '-k', '2', ...args.slice(1)];

describe('an output that is an input is refused, and every byte kept:', () => {
  it.each([
    ['-o', 'rows.csv', 'the input', 'rows.csv', predict('rows.csv', 'rows.csv')],
    ['-o', './parts/../rows.csv', 'the input', 'rows.csv', predict('rows.csv', './parts/../rows.csv')],
    ['-o', 'symbolic.csv', 'the input', 'rows.csv', predict('rows.csv', 'symbolic.csv')],
    ['-o', 'rows.csv', 'the input', 'symbolic.csv', predict('symbolic.csv', 'rows.csv')],
    ['-o', 'hard.csv', 'the input', 'rows.csv', predict('rows.csv', 'hard.csv')],
    ['-o', 'parts/b.csv', 'the input', 'parts/*.csv', predict('parts/*.csv', 'parts/b.csv')],
    ['-o', 'rows.parquet', 'the input', 'rows.parquet', predict('rows.parquet', 'rows.parquet')],
    ['-o', 'model.html', 'the model', 'model.html', ['report', 'model.html', 'rows.csv', '-o', 'model.html']],
    ['-o', 'rows.html', 'the input', 'rows.html', ['report', 'model.json', 'rows.html', '-o', 'rows.html']],
    ['--model', 'rows.json', 'the input', 'rows.json', fit('rows.json', '--model', 'rows.json')],
    ['--report', 'rows.html', 'the input', 'rows.html', fit('rows.html', '--report', 'rows.html')],
    ['--checkpoint', 'rows.csv', 'the input', 'rows.csv', fit('rows.csv', '--checkpoint', 'rows.csv')],
    [
      '--model',
      'model.json',
      '--init',
      'model.json',
      fit('rows.csv', '--init', 'model.json', '--model', 'model.json'),
    ],
    [
      '--model',
      'rows.csv',
      'the input',
      'hard.csv',
      ['select', 'hard.csv', '-k', '1,2', '--model', 'rows.csv'],
    ],
  ])('%s %s and %s %s', async (flag, output, role, input, args) => {
    const before = contents();
    const { code, stdout, stderr } = await run(args, { cwd: folder });
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${flag} ${JSON.stringify(output)} is the same file as ${role} ${JSON.stringify(input)}, which would be lost; choose another name\n`,
    });
    expect(contents()).toEqual(before);
  });

  it.each([
    ['--checkpoint', '--model', fit('rows.csv', '--model', 'new.json', '--checkpoint', 'new.json')],
    ['--report', '--model', fit('rows.csv', '--model', 'new.html', '--report', './new.html')],
    [
      '--checkpoint',
      '--report',
      fit('rows.csv', '--report', 'new.html', '--checkpoint', 'parts/../new.html'),
    ],
  ])('%s and %s that are one file', async (one, other, args) => {
    const before = contents();
    const { code, stderr } = await run(args, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`^error: ${one} ".*" is the same file as ${other} ".*", give each a name of its own\\n$`),
    );
    expect(contents()).toEqual(before);
  });
});

it('a file that is no input is replaced, a folder is not', async () => {
  writeFileSync(join(folder, 'old.csv'), 'old');
  mkdirSync(join(folder, 'folder.csv'));
  expect((await run([...predict('rows.csv', 'old.csv'), '--quiet'], { cwd: folder })).code).toBe(0);
  expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toMatch(/^label,p0,p1/);
  const { code, stderr } = await run(predict('rows.csv', 'folder.csv'), { cwd: folder });
  expect([code, stderr]).toEqual([1, 'error: cannot write "folder.csv": it is a directory\n']);
});
