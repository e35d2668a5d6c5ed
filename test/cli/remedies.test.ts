/** What an error or a note says to do, done: the lines are run as they are printed, by a shell. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CLI, createFolder, run } from './command.js';

const folder = createFolder();

/** Runs `fit FILE -k 1` with a flag as a person pastes it. */
async function paste(file: string, flag: string, ...more: string[]) {
  const command = `"${process.execPath}" "${CLI}" fit ${file} -k 1 --covariance diag --json ${flag} ${more.join(' ')}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd: folder });
  return JSON.parse(stdout) as { columns: string[]; means: number[][]; fit: { nSamples: number } };
}

async function fails(file: string, text: string | Uint8Array, ...flags: string[]) {
  writeFileSync(join(folder, file), text);
  const { code, stderr } = await run(['fit', file, '-k', '1', ...flags], { cwd: folder });
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: .*\n(?: {2}.*\n)*$/),
  });
  return stderr;
}

/** The flags that a message says to use. */
function flagsIn(message: string): string[] {
  return message.split('\n').flatMap((line) => /^ {4}(--.*)$/.exec(line)?.[1] ?? []);
}

/** Rows of three columns that do not depend on each other, but for the cells given. */
function table(header: string, cells: Record<string, string>, delimiter = ',', nRows = 10): string {
  const rows = Array.from({ length: nRows }, (_, i) =>
    [`${i}`, `${(i * 7) % 10}.5`, `${(i * i) % 7}`]
      .map((value, j) => cells[`${i}/${j}`] ?? value)
      .join(delimiter),
  );
  return `${header}\n${rows.join('\n')}\n`;
}

describe('cells without a number', () => {
  it.each([
    ['words for missing values', ['', 'NA', 'n/a', '?', '-', 'null', '.', 'NaN', 'None', '" "', '#N/A']],
    ['text', ['oops', "o'clock", 'NA', '3 kg', '"a ""b"""']],
    ['infinities', ['inf', '-inf', '1e999', '']],
  ])('that are %s are counted, and both lines printed read the rest', async (name, holes) => {
    const file = `${name.replaceAll(' ', '-')}.csv`;
    const cells = Object.fromEntries(holes.map((hole, i) => [`${3 + i}/1`, hole]));
    const message = await fails(file, table('a,b,c', { ...cells, '3/2': '' }, ',', 30));
    expect(message).toMatch(
      /^error: row 3 \(line 5\), column "b" is .*; every value must be a finite number\n/,
    );
    expect(message).toContain(`  Cells without a number, of 30 rows: "b" ${holes.length}, "c" 1\n`);
    const [columns, sql, ...rest] = flagsIn(message);
    expect(rest).toEqual([]);
    expect(columns).toBe('--columns a');
    expect(await paste(file, columns)).toMatchObject({ columns: ['a'], fit: { nSamples: 30 } });
    const left = await paste(file, sql);
    expect(left).toMatchObject({ columns: ['a', 'b', 'c'], fit: { nSamples: 30 - holes.length } });
    const lost = holes.reduce((sum, _, i) => sum + 3 + i, 0);
    expect(left.means[0][0]).toBeCloseTo((435 - lost) / (30 - holes.length), 12);
  });

  it('in columns with hostile names are left out by the lines printed', async () => {
    const names = ['it\'s "a"', 'b, c', 'a\tb'];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const message = await fails('names.csv', table(header, { '3/1': 'NA' }));
    const [columns, sql] = flagsIn(message);
    expect((await paste('names.csv', columns)).columns).toEqual([names[0], names[2]]);
    expect((await paste('names.csv', sql)).columns).toEqual(names);
  });

  it('far below the beginning of a large file are left out', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${i === 50_000 ? 'oops' : i / 7}`);
    const message = await fails('large.csv', `a,b\n${lines.join('\n')}\n`);
    expect(message).toContain('row 50000 (line 50002), column "b" is "oops"');
    expect((await paste('large.csv', flagsIn(message)[1])).fit.nSamples).toBe(59_999);
  });

  it('in a file with decimal commas are left out', async () => {
    const text = table('a;b;c', { '3/1': 'k. A.' }, ';').replaceAll('.5', ',5');
    const [columns, sql] = flagsIn(await fails('comma.csv', text));
    expect((await paste('comma.csv', columns)).columns).toEqual(['a', 'c']);
    expect((await paste('comma.csv', sql)).fit.nSamples).toBe(9);
  });

  it('in JSON lines are left out', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ a: i, b: i === 2 ? null : i === 3 ? 'x' : i * i }));
    const message = await fails('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(message).toContain('Cells without a number, of 10 rows: "b" 2\n');
    expect((await paste('rows.jsonl', flagsIn(message)[1])).fit.nSamples).toBe(8);
  });

  it('in the result of a query are left out of it', async () => {
    writeFileSync(join(folder, 'query.csv'), table('a,b,c', {}));
    const sql = "select a, case when a > 7 then null else b end as b -- it's\nfrom input";
    const { stderr } = await run(['fit', 'query.csv', '-k', '1', '--sql', sql], { cwd: folder });
    expect(stderr).toContain('"b" 2\n');
    expect((await paste('query.csv', flagsIn(stderr)[1])).fit.nSamples).toBe(8);
  });

  it('of the weights leave no choice of columns', async () => {
    const message = await fails('weights.csv', table('a,b,w', { '3/2': '' }), '--weights', 'w');
    const flags = flagsIn(message);
    expect(flags).toHaveLength(1);
    expect((await paste('weights.csv', flags[0], '--weights w')).fit.nSamples).toBe(9);
  });

  it('that are a line of units are called so', async () => {
    const message = await fails('units.csv', table('a,b,c', { '0/0': 'cm', '0/1': 'kg', '0/2': 's' }));
    expect(message).toContain('Line 2 has no number at all; does it hold units?\n');
    expect((await paste('units.csv', flagsIn(message)[0])).fit.nSamples).toBe(9);
  });
});

describe('a line of totals', () => {
  it('is an error, and both lines printed work', async () => {
    const text = 'name,x\nann,1\nbob,2\ncid,4\nTotal,7\n';
    const message = await fails('totals.csv', text);
    expect(message).toContain('row 3 (line 5) looks like the totals of the rows above: "Total", "7"');
    const [without, as] = flagsIn(message);
    expect((await paste('totals.csv', without)).fit.nSamples).toBe(3);
    expect((await paste('totals.csv', as)).fit.nSamples).toBe(4);
  });
});

describe('numbers in a dress', () => {
  /** Three values of a column, why it is left out, and the mean that SQL reads. */
  const DRESSES: readonly [string, string, string, string, number][] = [
    ['$1.50', '$2.50', '€4', 'numbers with a currency sign', (1.5 + 2.5 + 4) / 3],
    ['"$1,200.50"', '$3', '$4', 'numbers with a currency sign', (1200.5 + 3 + 4) / 3],
    ['12%', '13 %', '14.5%', 'percentages', (12 + 13 + 14.5) / 3],
    [
      '"1,200"',
      '"2,200"',
      '"1,234,567.5"',
      'numbers with commas between thousands',
      (1200 + 2200 + 1234567.5) / 3,
    ],
    ['"1,5"', '"2,25"', '"3,5"', 'numbers with decimal commas', (1.5 + 2.25 + 3.5) / 3],
    ['1 200', '2 200', '3 300', 'numbers with blanks between thousands', (1200 + 2200 + 3300) / 3],
    ['5 kg', '6 kg', '7.5 kg', 'numbers with a unit', (5 + 6 + 7.5) / 3],
  ];

  it('are named in the note, with SQL that reads them', async () => {
    const rows = [0, 1, 2].map((i) => [String(i * i), ...DRESSES.map((column) => column[i])].join(','));
    const header = DRESSES.map((_, j) => `p${j}`).join(',');
    writeFileSync(join(folder, 'dressed.csv'), `i,${header}\n${rows.join('\n')}\n`);
    const { code, stderr } = await run(['fit', 'dressed.csv', '-k', '1'], { cwd: folder });
    expect(code).toBe(0);
    for (const [j, column] of DRESSES.entries()) {
      const example = JSON.stringify(column[0].replaceAll('"', ''));
      expect(stderr).toContain(`"p${j}" (text, like ${example}: ${column[3]})`);
    }
    const model = await paste('dressed.csv', flagsIn(stderr)[0]);
    expect(model.columns).toEqual(['i', ...DRESSES.map((_, j) => `p${j}`)]);
    for (const [j, column] of DRESSES.entries()) expect(model.means[0][j + 1]).toBeCloseTo(column[4], 8);
  });

  it('are read with --decimal-comma', async () => {
    writeFileSync(join(folder, 'quoted.csv'), 'a,b\n"1,5","2,25"\n"2,5","7,5"\n"3,5","1,25"\n');
    const model = await paste('quoted.csv', '--decimal-comma');
    expect(model.columns).toEqual(['a', 'b']);
    expect(model.means[0][0]).toBeCloseTo(2.5, 12);
  });

  it('among plain ones are errors with SQL that reads all', async () => {
    const message = await fails('mixed.csv', 'i,x\n1,900\n2,950\n3,"1,200"\n');
    expect((await paste('mixed.csv', flagsIn(message)[0])).means[0][1]).toBeCloseTo(
      (900 + 950 + 1200) / 3,
      9,
    );
  });
});

it('losses are told even with --quiet', async () => {
  writeFileSync(join(folder, 'above.csv'), '# by hand\na,b\n1,2\n3,5\n5,4\n');
  const { stderr } = await run(['fit', 'above.csv', '-k', '1', '--quiet'], { cwd: folder });
  expect(stderr).toMatch(/^warning: .*line 1 \("# by hand"\)\n$/);
});
