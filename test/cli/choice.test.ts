/** What `select` tries, and what it says of the choice. One after the other: each runs one command. */

import { expect, it } from 'vitest';
import { FAITHFUL, remarksOf, run } from './command.js';

const select = (...args: string[]) => run(['select', FAITHFUL, '--n-init', '2', ...args]);

it('select tries 1 to 9 components unless it is told otherwise', async () => {
  const { stdout } = await select('--covariance', 'spherical', '--n-init', '1', '--json');
  const counts = JSON.parse(stdout).fits.map(({ nComponents }: { nComponents: number }) => nComponents);
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it.each([
  ['1-2', 'largest', '1..4'],
  ['2..4', 'smallest', '1..2'],
])('select -k %s says that the best k is the %s tried, and to try %s', async (k, side, next) => {
  const ended = await select('--covariance', 'full', '-k', k);
  expect(remarksOf(ended)).toEqual([
    'note: columns used: eruptions, waiting',
    `warning: the best k, 2, is the ${side} tried; try -k ${next}`,
  ]);
  expect(ended.stdout).toContain(`\n* lowest BIC, at the ${side} k tried\n`);
  const { stdout } = await select('--covariance', 'full', '-k', k, '--json');
  const [from, to] = next.split('..').map(Number);
  expect(JSON.parse(stdout).edge).toEqual({ side, from, to });
});

it('select fits the types that are one model of one column once, as full', async () => {
  const { stdout, stderr } = await select('--columns', 'waiting', '-k', '1..3');
  const types = [...stdout.matchAll(/^[* ] +\d {2}(\w+)/gm)].map(([, type]) => type);
  expect(types).toEqual(['full', 'full', 'full', 'tied', 'tied', 'tied']);
  expect(remarksOf({ stderr })).toEqual([
    'note: columns used: waiting',
    'note: with one column, full, diag and spherical are the same model, which is fitted once, as full',
  ]);
});

it('select takes one line for models that collapsed, in the table too', async () => {
  const sql = 'select waiting, eruptions from input limit 12';
  const { stdout, stderr } = await select(
    '-k',
    '1,8..14',
    '--covariance',
    'full,diag',
    '--prior',
    'none',
    '--sql',
    sql,
  );
  expect(remarksOf({ stderr }).slice(1)).toEqual([
    expect.stringMatching(
      /^warning: no model with k = 8\.\.12, full, diag: all 2 starts collapsed: a component shrank onto .* rows? .* of 12; leave --prior at 'auto'/,
    ),
    'warning: no model with k = 13..14, full, diag: 12 rows are too few for 13 components; lower -k or give more rows',
  ]);
  expect(stdout).toMatch(/^ +13-14 {2}full .* failed$/m);
  expect(stdout.match(/(failed|degenerate)$/gm)).toHaveLength(4);
});

it('select tells how many models have a prior, as every start collapsed', async () => {
  const sql = 'select waiting, eruptions from input limit 12';
  const { stdout, stderr } = await select('-k', '1,8', '--covariance', 'full', '--sql', sql);
  expect(remarksOf({ stderr })).toContain(
    'note: 1 of 2 models is a fit with a prior, as every start collapsed onto too few rows without',
  );
  expect(stdout).toMatch(/^ +8 {2}full .* regularized$/m);
});

it('select warns of weights that sum to 1, and the flag it names helps', async () => {
  const sql = 'select *, 1.0 / 272 as w from input';
  const args = ['--sql', sql, '--weights', 'w', '-k', '1..4', '--covariance', 'full', '--json'];
  const { stdout, stderr } = await select(...args);
  expect(stderr).toMatch(
    /warning: the weights sum to 1, so that BIC, .*, 272:\n {2,}--effective-sample-size kish\n/,
  );
  const { nComponents, notes } = JSON.parse(stdout).best;
  expect(nComponents).toBe(4);
  expect(notes).toEqual([{ level: 'warning', message: expect.stringContaining('effectiveSampleSize') }]);
  const mended = await select(...args, '--effective-sample-size', 'kish');
  expect(mended.stderr).not.toContain('the weights sum');
  expect(JSON.parse(mended.stdout).best).toMatchObject({ nComponents: 2, notes: [] });
});
