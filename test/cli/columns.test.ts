/** Which columns the commands use, and what they say of them. One after the other: each runs few commands. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreColumns } from '../../src/cli/output/scored-rows.js';
import type { GaussianMixture } from '../../src/index.js';
import { findScores } from '../../src/io/table/score-columns.js';
import { createFolder, FAITHFUL, remarksOf, run } from './command.js';

const folder = createFolder();

/** A file of rows that fit one Gaussian. */
function write(name: string, columns: string[], cell: (row: number, column: string) => string | number) {
  const path = join(folder, name);
  const lines = Array.from({ length: 20 }, (_, i) => columns.map((column) => cell(i, column)).join(','));
  writeFileSync(path, `${columns.join(',')}\n${lines.join('\n')}\n`);
  return path;
}

const anything = (row: number, column: string) => Math.sin(row * column.charCodeAt(0) + column.length);

describe('columns of a fit', () => {
  it('are named, with --json too; spaces after commas are not of the names', async () => {
    const json = await run(['fit', FAITHFUL, '-k', '1', '--json', '--columns', 'waiting, eruptions']);
    expect(remarksOf(json)).toEqual(['note: columns used: waiting, eruptions']);
    expect(JSON.parse(json.stdout).columns).toEqual(['waiting', 'eruptions']);
  });

  it('that are no measurements are doubted before the fit, with the others ready to be pasted', async () => {
    const path = write('doubtful.csv', ['id', 'a', 'zero', 'is long', 'b b'], (row, column) => {
      const doubtful: Record<string, number> = { id: row + 1, zero: 0, 'is long': row % 2 };
      return doubtful[column] ?? anything(row, column);
    });
    const { code, stderr } = await run(['fit', path, '-k', '1']);
    expect(stderr).toMatch(
      new RegExp(
        '^note: columns used: id, a, zero, is long, b b\n' +
          'warning: column "id" counts the rows \\(1, 2, 3, …\\); column "zero" is 0 in every row; ' +
          'column "is long" has only the values 0 and 1; leave them out\n' +
          ' +--columns \'a,"b b"\'\n' +
          'error: .*"zero" is constant',
      ),
    );
    expect(code).toBe(1);
  });

  it('are not the label that sample wrote, which is said even with --quiet', async () => {
    const path = write('drawn.csv', ['a', 'b', 'label'], (row, column) =>
      column === 'label' ? row % 3 : anything(row, column),
    );
    const { stdout, stderr } = await run(['fit', path, '-k', '1', '--json', '--quiet']);
    expect(JSON.parse(stdout).columns).toEqual(['a', 'b']);
    expect(stderr).toBe(
      'warning: column "label" is left out, since sample writes such labels; set --columns to use it\n',
    );
  });

  it('are not the scores that predict wrote', async () => {
    const scores = scoreColumns({ nComponents: 3 } as GaussianMixture).map(({ name }) => name);
    expect(findScores(['a', ...scores])).toEqual(scores.map((_, i) => i + 1));
    const path = write('scored.csv', ['a', ...scores], anything);
    const kept = await run(['select', path, '-k', '1', '--json']);
    expect(JSON.parse(kept.stdout).best.columns).toEqual(['a']);
    expect(remarksOf(kept).slice(0, 2)).toEqual([
      'note: columns used: a',
      'note: the scores that predict wrote are left out: "label", "p0", "p1", "p2", "uncertainty", "log_density"; set --columns to use them',
    ]);
    const bare = await run(['fit', write('bare.csv', scores, anything), '-k', '1']);
    expect(remarksOf(bare)).toEqual([
      expect.stringMatching(
        /^error: ".*bare\.csv" has no numeric columns except those that predict or sample wrote/,
      ),
    ]);
  });

  it('may be one, of which diag and spherical are full', async () => {
    const args = ['fit', FAITHFUL, '-k', '1', '--columns', 'waiting', '--covariance', 'diag'];
    const { stdout, stderr } = await run(args);
    expect(remarksOf({ stderr })).toEqual([
      'note: columns used: waiting',
      'note: with one column, diag covariance is the same model as full',
    ]);
    expect(stdout).toContain('1 component, diag covariance');
  });
});

it('several inputs are read as one, a long path is cut in front', async () => {
  const deep = join(folder, 'very-long-name-of-a-folder/'.repeat(3));
  mkdirSync(deep, { recursive: true });
  const other = join(deep, 'half.csv');
  writeFileSync(other, 'eruptions,waiting\n3,60\n4,70\n');
  const { stdout } = await run(['fit', FAITHFUL, other, '-k', '1']);
  expect(stdout.split('\n')[0]).toMatch(
    /^.*faithful\.csv, …\/very-long-name-of-a-folder\/half\.csv: 274 rows, 2 columns$/,
  );
});
