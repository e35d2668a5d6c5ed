/** A glob means what it means in a shell, and finds no file twice. */

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { matchFiles, toPattern } from '../../../src/io/files/glob.js';
import { useFolder } from '../files.js';

const { path } = useFolder();

const FILES = [
  ...['b.csv', 'a b.csv', 'é1.csv', '.hidden.csv', '{x}b.csv', '@(a).csv', '!n.csv', 'x+y.csv', 'q$.csv'],
  ...['a[1].csv', 'a[1]/x/1.csv', 'a1/1.csv', 'sub/deep/c.csv', 'sub/.h.csv', '.hid/h.csv', 'par(en)/p.csv'],
];

beforeAll(async () => {
  for (const file of FILES) {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), '');
  }
  await mkdir(path('folder.csv'));
  await symlink('b.csv', path('link.csv'));
  await symlink('sub', path('linked'));
  await symlink(path('sub'), path('sub/loop'));
});

/** In the order of their bytes, `/` between folders. */
const TOP = [
  ...['!n.csv', '@(a).csv', 'a b.csv', 'a[1].csv', 'b.csv'],
  ...['link.csv', 'q$.csv', 'x+y.csv', '{x}b.csv', 'é1.csv'],
];

test.each<[string, string[]]>([
  ['*.csv', TOP],
  ['?.csv', ['b.csv']],
  ['a[1].csv', ['a[1].csv']],
  ['a[1]/x/*.csv', ['a[1]/x/1.csv']],
  ['a[0-9]/*.csv', ['a1/1.csv']],
  ['*[é]1.csv', ['é1.csv']],
  ['[!aq]*.csv', TOP.filter((name) => !/^[aq]/.test(name))],
  ['.h*', ['.hidden.csv']],
  ['.*/*', ['.hid/h.csv']],
  ['!*.csv', ['!n.csv']],
  ['{x}*.csv', ['{x}b.csv']],
  ['{a,b}*.csv', []],
  ['@(*', ['@(a).csv']],
  ['x+*', ['x+y.csv']],
  ['par(en)/*.csv', ['par(en)/p.csv']],
  ['par(*)/*', ['par(en)/p.csv']],
  ['sub/../b*.csv', ['b.csv']],
  ['linked/*/c.csv', ['linked/deep/c.csv']],
  ['linked/**/*.csv', ['linked/deep/c.csv']],
  ['sub/**/*.csv', ['sub/deep/c.csv']],
  ['**/1.csv', ['a1/1.csv', 'a[1]/x/1.csv']],
  ['**/*.csv', [...TOP, 'a1/1.csv', 'a[1]/x/1.csv', 'par(en)/p.csv', 'sub/deep/c.csv']],
  ['nothing*.csv', []],
])('%s', async (glob, expected) => {
  const found = await matchFiles(path(glob));
  const names = found.map((file) => relative(path('.'), file).replaceAll(sep, '/'));
  expect(names).toEqual([...expected].sort(byBytes));
});

function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1;
}

test('a path without wildcards is itself, whether it exists or not', async () => {
  expect(await matchFiles(path('none.csv'))).toEqual([path('none.csv')]);
});

test('a pattern has slashes on every system, and wildcards only where the glob has them', () => {
  expect(toPattern(['a*', '**', 'c?.csv'])).toBe('a*/**/c?.csv');
  expect(toPattern(['{a}(b)\\c', '[!x^]*[z'])).toBe('\\{a\\}\\(b\\)\\\\c/[^.x\\^]*\\[z');
});
