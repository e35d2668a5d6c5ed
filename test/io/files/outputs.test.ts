/** Outputs are told apart from inputs by the files they are, not by the paths that lead there. */

import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkOutputs } from '../../../src/io/files/outputs.js';
import { useFolder } from '../files.js';

const { path, write } = useFolder();

const check = (input: string, output: string) =>
  checkOutputs({ inputs: { 'the input': input }, outputs: { '-o': output } });

async function expectRefused(input: string, output: string): Promise<void> {
  await expect(check(input, output)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: `-o ${JSON.stringify(output)} is the same file as the input ${JSON.stringify(input)}, which would be lost; choose another name`,
  });
}

describe('an output that is an input is refused', () => {
  test('by its own path, written in any way', async () => {
    const file = await write('a.csv', 'x\n1\n');
    await expectRefused(file, file);
    await expectRefused(relative('.', file), file);
    await expectRefused(file, path(`../${basename(path('.'))}/./a.csv`));
  });

  test('through a symbolic link, to the file or to its folder, on either side', async () => {
    const file = await write('b.csv', 'x\n1\n');
    await symlink('b.csv', path('b-link.csv'));
    await symlink('.', path('b-folder'));
    await expectRefused(file, path('b-link.csv'));
    await expectRefused(path('b-link.csv'), file);
    await expectRefused(file, path('b-folder/b.csv'));
  });

  test('through a hard link', async () => {
    const file = await write('c.csv', 'x\n1\n');
    await link(file, path('c-link.csv'));
    await expectRefused(file, path('c-link.csv'));
  });

  test('inside a glob', async () => {
    await mkdir(path('parts'));
    await write('parts/1.csv', 'x\n1\n');
    const second = await write('parts/2.csv', 'x\n2\n');
    await expectRefused(path('parts/*.csv'), second);
    await expectRefused(path('**/*.csv'), second);
    await check(path('parts/*.csv'), path('parts/3.csv'));
  });
});

describe('two outputs', () => {
  const both = (model: string, report: string) =>
    checkOutputs({ inputs: {}, outputs: { '--model': model, '--report': report } });

  test('that are one file are refused, whether it is there or not', async () => {
    const file = await write('d.json', '{}');
    await symlink('e.json', path('e-link.json'));
    for (const [one, other] of [
      [file, file],
      [path('new.json'), path('./new.json')],
      [path('e.json'), path('e-link.json')],
    ]) {
      await expect(both(one, other)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: `--report ${JSON.stringify(other)} is the same file as --model ${JSON.stringify(one)}, give each a name of its own`,
      });
    }
  });

  test('that are two files, or none, are not', async () => {
    await both(path('f.json'), path('g.json'));
    await both('/dev/null', '/dev/null');
  });
});

test('an existing file that is no input, a missing input and undefined are left to others', async () => {
  const file = await write('h.csv', 'x\n1\n');
  await check(path('missing.csv'), file);
  await check(path('missing-*.csv'), file);
  await checkOutputs({ inputs: { '--init': undefined }, outputs: { '--model': undefined } });
});

test('standard input and output are the files that the shell made of them', async () => {
  await write('i.csv', 'x\n1\n');
  const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
  const run = (command: string) => {
    const script = `cd "$1" && ${command}; echo "exit $?" >&2`;
    return execFileSync('sh', ['-c', `(${script}) 2>&1 >/dev/null`, 'sh', path('.'), process.execPath, cli], {
      encoding: 'utf8',
    });
  };
  await write('model.json', MODEL);
  expect(run('"$2" "$3" predict model.json - -o i.csv --quiet < i.csv')).toBe(
    'error: -o "i.csv" is the same file as standard input, which would be lost; choose another name\nexit 2\n',
  );
  expect(run('"$2" "$3" predict model.json i.csv -o - --quiet >> i.csv')).toBe(
    'error: standard output is the same file as the input "i.csv", which would be lost; choose another name\nexit 2\n',
  );
  expect(run('"$2" "$3" fit i.csv -k 1 --model out.txt >> out.txt')).toBe(
    'error: standard output is the same file as --model "out.txt", give each a name of its own\nexit 2\n',
  );
  expect(run('"$2" "$3" predict model.json - -o out.csv --quiet < i.csv')).toBe('exit 0\n');
  expect(await readFile(path('i.csv'), 'utf8')).toBe('x\n1\n');
});

const MODEL = JSON.stringify({
  format: 'parallel-gmm',
  version: 1,
  covarianceType: 'full',
  nComponents: 1,
  nFeatures: 1,
  columns: ['x'],
  weights: [1],
  means: [[1]],
  covariances: [[[1]]],
});
