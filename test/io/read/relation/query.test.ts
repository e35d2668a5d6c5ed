/** `sql` is one SELECT that sees the input and nothing else. */

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../../../src/io/read/read-table.js';
import { readAll, runSql, useFolder } from '../../files.js';

const { path, write } = useFolder();
const input = () => write('input.csv', 'a,b\n1,2\n3,4\n');

describe('one SELECT', () => {
  test.each([
    ['from input', [1, 2, 3, 4]],
    ['with t as (select a from input) select * from t', [1, 3]],
    ['values (1), (3)', [1, 3]],
    ['table input;', [1, 2, 3, 4]],
    ['(select b from input)', [2, 4]],
    ["select a from input where ';' = ';' -- ; drop", [1, 3]],
    ['select a from input;\n;', [1, 3]],
    ['select a from input union all select b from input', [1, 3, 2, 4]],
  ])('%s is read', async (sql, rows) => {
    expect((await readAll(await input(), { sql })).rows).toEqual(rows);
  });

  test.each([
    ['select 1; select 2', '2 statements'],
    ['drop view input', 'another statement: DROP'],
    ["attach 'a.db'", 'another statement: ATTACH'],
    ['create table t as select 1', 'another statement: CREATE'],
    ['set threads = 1', 'another statement: SET'],
    ['load httpfs', 'another statement: LOAD'],
    ['explain select 1', 'another statement: EXPLAIN'],
    ['-- nothing', 'no statement'],
    ['', 'no statement'],
  ])('%s is refused', async (sql, got) => {
    await expect(readTable(await input(), { sql })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: `"sql" must be one select over the view input, got ${got}`,
    });
  });

  test.each([
    "pragma table_info('input')",
    'select 1) as t; drop view input; select * from (select 1',
    'select 1 /*',
    "import database 'x'",
    "copy input to 'out.csv'",
  ])('%s is refused', async (sql) => {
    await expect(readTable(await input(), { sql })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('other files', () => {
  test.each([
    "select * from read_csv('SECRET')",
    "select * from 'SECRET'",
    "select content from read_text('SECRET')",
    "select size from read_blob('SECRET')",
    "select * from glob('FOLDER/*')",
    "select a from input where (select count(*) from read_text('SECRET')) > 0",
    "select * from query('from read_text(''SECRET'')')",
    "select * from parquet_metadata('SECRET')",
    "select * from sniff_csv('SECRET')",
    "select * from read_csv('https://example.com/x.csv')",
    "select * from 'FOLDER/*.csv'",
  ])('%s is refused', async (sql) => {
    const file = await input();
    const secret = await write('secret.csv', 'word\nhush\n');
    const query = sql.replaceAll('SECRET', secret).replaceAll('FOLDER', path('.'));
    await expect(readAll(file, { sql: query })).rejects.toMatchObject({
      code: expect.stringMatching(/^INVALID_(OPTION|DATA)$/),
      message: expect.stringMatching(/: the query uses ".*"; it can use the view input and no other file$/),
    });
  });

  test('the input itself can be read by any reader, whatever its name', async () => {
    const file = await write("o'clock [1]*.csv", 'a,b\n1,2\n');
    const sql = `select i.a, length(t.content) as n from input i, read_text('${file.replaceAll("'", "''").replace(/[*[]/g, '[$&]')}') t`;
    expect((await readAll(file, { sql })).rows).toEqual([1, 8]);
  });

  test('all files of a glob are the input', async () => {
    await write('part-1.csv', 'a\n1\n');
    await write('part-2.csv', 'a\n2\n');
    expect((await readAll(path('part-*.csv'), { sql: 'select a + 1 as a from input' })).rows).toEqual([2, 3]);
  });

  test('Parquet and JSON are read under the same lock', async () => {
    await runSql(`copy (select 7 as a) to '${path('seven.parquet')}'`);
    const sql = 'select a from input';
    expect((await readAll(path('seven.parquet'), { sql })).rows).toEqual([7]);
    expect((await readAll(await write('eight.json', '[{"a":8}]'), { sql })).rows).toEqual([8]);
    const other = `select a from read_parquet('${path('seven.parquet')}')`;
    await expect(readAll(path('eight.json'), { sql: other })).rejects.toThrow('no other file');
  });
});

test('a query that needs more than the memory limit spills under the lock, and leaves nothing behind', async () => {
  const spilled = () =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith(`parallel-gmm-spill-${process.pid}-`))
      .flatMap((name) => readdirSync(join(tmpdir(), name)));
  // 1.5 GB of strings to sort, where 1 GB may be held. It is given up as soon as it has spilled.
  const sql =
    "select length(s) as n from (select repeat('a', 5000) || i as s from range(300000) t(i)) order by s limit 5 offset 200000";
  const controller = new AbortController();
  const reason = new Error('enough');
  let files: string[] = [];
  const watching = setInterval(() => {
    const found = spilled();
    if (found.length === 0) return;
    files = found;
    controller.abort(reason);
  }, 20);
  try {
    await expect(readAll(await input(), { sql, signal: controller.signal })).rejects.toBe(reason);
  } finally {
    clearInterval(watching);
  }
  expect(files).not.toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.includes(`spill-${process.pid}-`))).toEqual([]);
});
