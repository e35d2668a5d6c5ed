/** JSON that is nested too deeply is refused before DuckDB sees it: a stack that overflows would end this process. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createDepthScanner } from '../../../../src/io/read/relation/json-depth.js';
import { readAll, runSql, useFolder } from '../../files.js';

const { path, write } = useFolder();

const DEEP = 50_000;
const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const CLI = fileURLToPath(new URL('../../../../dist/cli.js', import.meta.url));

/** In a process of its own: where the bound is missing, that process dies of SIGSEGV. */
function fit(...args: string[]) {
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    [CLI, 'fit', ...args, '-k', '1', '--quiet'],
    {
      encoding: 'utf8',
    },
  );
  return { status, signal, stderr };
}

describe('a JSON file', () => {
  test.each([
    ['arrays', arrays(DEEP)],
    ['objects', objects(DEEP)],
    ['arrays within a row', `{"x":1,"y":${arrays(DEEP)}}\n{"x":2,"y":3}\n`],
    ['arrays after a line that is broken', `{"x":1,"y":"\n{"x":2,"y":${arrays(DEEP)}}\n`],
    ['arrays that never end', '['.repeat(DEEP)],
  ])('of deep %s is refused', async (name, text) => {
    const file = await write(`${name}.json`, text);
    expect(fit(file)).toEqual({
      status: 1,
      signal: null,
      stderr: `error: cannot read ${JSON.stringify(file)}: its arrays and objects are nested more than 256 levels deep\n`,
    });
  });

  test('that is packed is refused', async () => {
    const file = await write('deep.json.gz', gzipSync(objects(DEEP)));
    expect(fit(file)).toMatchObject({ status: 1, stderr: expect.stringContaining('256 levels deep') });
  });

  test('may be as deep as the bound, and hold any number of brackets in strings', async () => {
    const rows = [1, 2].map((x) => `{"x":${x},"s":"${'[{'.repeat(1000)}\\"[","y":${arrays(255)}}`);
    const file = await write('bound.jsonl', `${rows.join('\n')}\n`);
    expect((await readAll(file)).rows).toEqual([1, 2]);
  });
});

describe('text that a query treats as JSON', () => {
  const query = (column: string) =>
    `select a, length(json_structure(${column})::varchar) + length((${column}::json)::variant::varchar) as n from input`;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test.each([
    ['arrays', arrays(DEEP)],
    ['objects', objects(DEEP)],
  ])('is refused in a CSV file with deep %s', async (name, text) => {
    const file = await write(`${name}.csv`, `a,t\n1,${quoted('[1]')}\n2,${quoted(text)}\n`);
    const { status, stderr } = fit(file, '--sql', query('t'));
    expect([status, stderr]).toEqual([
      1,
      `error: cannot read ${JSON.stringify(file)}: JSON in column "t" is nested more than 256 levels deep\n`,
    ]);
    // A query that does not look into it reads the rest.
    expect((await readAll(file, { sql: 'select a from input' })).rows).toEqual([1, 2]);
  });

  test('is refused in a Parquet file', async () => {
    const file = path('deep.parquet');
    await runSql(
      `copy (select 1 as a, repeat('{"a":', ${DEEP}) || '1' || repeat('}', ${DEEP}) as t) to '${file}'`,
    );
    expect(fit(file, '--sql', query('t'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('256 levels'),
    });
  });

  test('is refused where the query reads the file by itself', async () => {
    const file = await write('deep.txt', objects(DEEP));
    const sql = `select count(*) as n from read_json('${file}')`;
    expect(fit(file, '--sql', sql)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('256 levels'),
    });
  });

  test('is read up to the bound', async () => {
    const wide = `[${'{"a":[1]},'.repeat(1000)}0]`;
    const texts = [arrays(256), objects(256), wide, `["${'['.repeat(1000)}"]`];
    const file = await write('fine.csv', `a,t\n${texts.map((text) => `1,${quoted(text)}\n`).join('')}`);
    const { rows } = await readAll(file, { sql: query('t') });
    expect(rows).toHaveLength(8);
  });
});

test('the depth of a text does not depend on how it is cut', () => {
  const text = Buffer.from('[{"a":"]]\\"[[[","b":[1,[2]]}]\n]]]{"c":"[\n{}}');
  const whole = createDepthScanner().deepest(text);
  expect(whole).toBe(4);
  for (let cut = 0; cut <= text.length; cut++) {
    const scanner = createDepthScanner();
    scanner.deepest(text.subarray(0, cut));
    expect(scanner.deepest(text.subarray(cut))).toBe(whole);
  }
});
