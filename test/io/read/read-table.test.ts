import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readTable } from '../../../src/io/read/read-table.js';
import { writePredictions } from '../../../src/io/write/write-table.js';
import { HARD_NUMBERS, readAll, runSql, useFolder } from '../files.js';

const { path, write } = useFolder();

/** More rows than DuckDB's sniffer looks at (20480), in several chunks of 2048. */
const LONG = 30000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A CSV of `LONG` rows of a,b, but for one line. */
function longCsv(row: number, line: string): string {
  const lines = Array.from({ length: LONG }, (_, i) => `${i},${i + 1}`);
  lines[row] = line;
  return `a,b\n${lines.join('\n')}\n`;
}

async function* oneRow() {
  yield { nRows: 1, values: [Float64Array.of(8)] };
}

function useStandardInput(...parts: string[]) {
  const stream = Readable.from(parts.map((part) => Buffer.from(part)));
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
}

describe('formats', () => {
  const [a, b, c, d, e, f] = HARD_NUMBERS;
  const csv = `p,q\n${a},${b}\n${c},${d}\n${e},${f}\n`;
  const expected = { columns: ['p', 'q'], skipped: [], rows: HARD_NUMBERS, weights: [] };

  test('a CSV gives back the same bits', async () => {
    expect(await readAll(await write('hard.csv', csv))).toEqual(expected);
  });

  test('a CSV packed by gzip gives back the same bits', async () => {
    expect(await readAll(await write('hard.csv.gz', gzipSync(csv)))).toEqual(expected);
  });

  test('a TSV gives back the same bits', async () => {
    expect(await readAll(await write('hard.tsv', csv.replaceAll(',', '\t')))).toEqual(expected);
  });

  test('a file of unknown extension is taken for CSV', async () => {
    expect(await readAll(await write('hard.data', csv))).toEqual(expected);
  });

  test('numbers with spaces between, as numpy.savetxt writes them, are columns', async () => {
    const file = await write('space.txt', '1.5e+00 2.5e+00\n3.5e+00 4.5e+00\n');
    expect((await readAll(file)).rows).toEqual([1.5, 2.5, 3.5, 4.5]);
  });

  test('JSON lines, plain and packed, and a JSON array give back the same bits', async () => {
    const records = [
      { p: a, q: b },
      { p: c, q: d },
      { p: e, q: f },
    ];
    const lines = records.map((record) => JSON.stringify(record)).join('\n');
    for (const [name, content] of [
      ['hard.jsonl', lines],
      ['hard.ndjson.gz', gzipSync(lines)],
      ['hard.json', JSON.stringify(records)],
    ] as const) {
      expect(await readAll(await write(name, content)), name).toEqual(expected);
    }
  });

  test('a Parquet file gives back the same bits', async () => {
    const file = path('hard.parquet');
    const rows = [
      [a, b],
      [c, d],
      [e, f],
    ]
      .map((row) => `(${row.map((x) => `'${x}'::double`).join(', ')})`)
      .join(', ');
    await runSql(`copy (select * from (values ${rows}) as t(p, q)) to '${file}'`);
    expect(await readAll(file)).toEqual(expected);
  });

  test('every numeric type of a Parquet file is a feature, no other is', async () => {
    const file = path('types.parquet');
    await runSql(`copy (select 1::tinyint as a, 2::bigint as b, 3::hugeint as c, 4.25::decimal(9, 2) as d, 0.5::float as e,
      6::uinteger as f, true as g, 'x' as h, date '2020-01-01' as i, [1] as j) to '${file}'`);
    const table = await readAll(file);
    expect(table.columns).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(table.rows).toEqual([1, 2, 3, 4.25, 0.5, 6]);
    expect(table.skipped).toEqual([
      { name: 'g', type: 'BOOLEAN', example: 'true' },
      { name: 'h', type: 'VARCHAR', example: 'x' },
      { name: 'i', type: 'DATE', example: '2020-01-01' },
      { name: 'j', type: 'INTEGER[]', example: '[1]' },
    ]);
  });

  test('long files keep their order', async () => {
    const rows = Array.from({ length: 2 * LONG }, (_, i) => i / 7);
    const csvFile = await write('long.csv', `x\n${rows.join('\n')}\n`);
    const parquetFile = path('long.parquet');
    await runSql(
      `copy (select x::double as x from read_csv('${csvFile}')) to '${parquetFile}' (row_group_size 4096)`,
    );
    for (const file of [csvFile, parquetFile]) expect((await readAll(file)).rows, file).toEqual(rows);
  });

  test.each([0, 1, 2047, 2048, 2049, 4096])('a Parquet file of %i rows has as many', async (n) => {
    const file = path(`n${n}.parquet`);
    await runSql(`copy (select i::double as i from range(${n}) t(i)) to '${file}'`);
    expect((await readAll(file)).rows).toEqual(Array.from({ length: n }, (_, i) => i));
  });
});

describe('dialects of CSV', () => {
  test('without a header, columns are numbered', async () => {
    const table = await readAll(await write('bare.csv', '1,2\n3,4\n'));
    expect(table.columns).toEqual(['column0', 'column1']);
    expect(table.rows).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['CRLF and a byte order mark', '\ufeffa,b\r\n1,2\r\n3,4\r\n'],
    ['quoted numbers', 'a,b\n"1","2"\n"3","4"\n'],
    ['spaces after commas', 'a, b\n1, 2\n3, 4\n'],
    ['no newline at the end', 'a,b\n1,2\n3,4'],
    ['a comment above', '# made by hand\na,b\n1,2\n3,4\n'],
    ['whole numbers first', 'a,b\n1,2\n3,4.0\n'],
  ])('%s are understood', async (_, text) => {
    const table = await readAll(await write('dialect.csv', text));
    expect(table.columns).toEqual(['a', 'b']);
    expect(table.rows).toEqual([1, 2, 3, 4]);
  });

  test('a name of two lines in a file with CRLF is understood', async () => {
    const table = await readAll(await write('lines.csv', '"a\nb",c\r\n1,2\r\n3,4\r\n'));
    expect(table).toMatchObject({ columns: ['a\nb', 'c'], rows: [1, 2, 3, 4] });
  });

  test('a fraction far below whole numbers keeps its fraction', async () => {
    const { rows } = await readAll(await write('late.csv', longCsv(LONG - 1, '1.5,2.5')));
    expect(rows.slice(-2)).toEqual([1.5, 2.5]);
    expect(rows).toHaveLength(2 * LONG);
  });

  test('the first quote far down is a quote', async () => {
    const lines = Array.from({ length: LONG }, (_, i) => `${i},z`);
    const file = await write('late-quote.csv', `a,s\n${lines.join('\n')}\n7,"x,y"\n`);
    const table = await readAll(file);
    expect(table.rows).toHaveLength(LONG + 1);
    expect(table.skipped).toEqual([{ name: 's', type: 'VARCHAR', example: 'z' }]);
  });

  test('a fraction far below whole numbers in JSON keeps its fraction', async () => {
    const lines = Array.from({ length: LONG }, (_, i) => `{"a":${i === LONG - 1 ? 1.5 : i}}`);
    expect((await readAll(await write('late.jsonl', lines.join('\n')))).rows.at(-1)).toBe(1.5);
  });
});

describe('columns', () => {
  const text = 'id,name,height,weight\n1,ann,2.5,0.5\n2,bob,3.5,0.25\n';

  test('only numeric columns are used and the others named', async () => {
    const table = await readAll(await write('people.csv', text));
    expect(table.columns).toEqual(['id', 'height', 'weight']);
    expect(table.skipped).toEqual([{ name: 'name', type: 'VARCHAR', example: 'ann' }]);
    expect(table.rows).toEqual([1, 2.5, 0.5, 2, 3.5, 0.25]);
  });

  test('named columns come in the order named, and none is skipped', async () => {
    const table = await readAll(await write('people.csv', text), { columns: ['weight', 'id'] });
    expect(table).toEqual({ columns: ['weight', 'id'], skipped: [], rows: [0.5, 1, 0.25, 2], weights: [] });
  });

  test('the column of weights is no feature', async () => {
    const table = await readAll(await write('people.csv', text), { sampleWeight: 'weight' });
    expect(table.columns).toEqual(['id', 'height']);
    expect(table.weights).toEqual([0.5, 0.25]);
  });

  test('hostile names go through unchanged', async () => {
    const names = ['a"b', "o'clock", 'two\nlines', '<b>x</b>', '__proto__', 'constructor', 'c0', 'select'];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const file = await write('hostile.csv', `${header}\n1,2,3,4,5,6,7,8\n`);
    const everything = await readAll(file);
    expect(everything.columns).toEqual(names);
    expect(everything.rows).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const some = await readAll(file, { columns: ['__proto__', 'a"b'], sampleWeight: 'two\nlines' });
    expect(some.rows).toEqual([5, 1]);
    expect(some.weights).toEqual([3]);
    const bad = await write('hostile-bad.csv', `${header}\n1,2,3,4,5,6,7,8\n1,2,3,4,,6,7,8\n`);
    await expect(readAll(bad)).rejects.toThrow(
      'row 1 (line 4), column "__proto__" is empty; every value must be a finite number',
    );
  });

  test('text that is all numbers is read when its column is named', async () => {
    const file = path('text.parquet');
    await runSql(`copy (select '1.5' as a, 'x' as b) to '${file}'`);
    expect((await readAll(file, { columns: ['a'] })).rows).toEqual([1.5]);
  });

  test.each([
    [
      { columns: ['id', 'age'] },
      '"columns" names "age", which is not in "FILE"; its columns are "id", "name", "height", "weight"',
    ],
    [{ columns: [] }, '"columns" must name at least one column, got []'],
    [{ columns: ['id', 'id'] }, '"columns" names "id" twice'],
    [
      { sampleWeight: 'mass' },
      '"sampleWeight" names "mass", which is not in "FILE"; its columns are "id", "name", "height", "weight"',
    ],
    [
      { columns: ['id', 'weight'], sampleWeight: 'weight' },
      '"columns" and "sampleWeight" both name "weight"; weights can\'t be a feature too',
    ],
  ])('%j is refused', async (options, message) => {
    const file = await write('people.csv', text);
    await expect(readTable(file, options)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: message.replace('FILE', file),
    });
  });
});

describe('values that are no finite number', () => {
  const finite = 'every value must be a finite number';

  test.each([
    ['an empty cell', 'a,b\n1,2\n3,\n', 'row 1 (line 3), column "b" is empty'],
    ['an empty line in a single column', 'a\n1\n\n3\n', 'row 1 (line 3), column "a" is empty'],
    ['nan', 'a,b\n1,2\nnan,4\n', 'row 1 (line 3), column "a" is NaN'],
    ['inf', 'a,b\n1,2\n3,-inf\n', 'row 1 (line 3), column "b" is -Infinity'],
    ['a number beyond the doubles', 'a,b\n1,2\n3,1e400\n', 'row 1 (line 3), column "b" is Infinity'],
    ['a stray word that made the column text', 'a,b\n1,2\n3,x\n5,6\n', 'row 1 (line 3), column "b" is "x"'],
    ["R's NA", 'a,b\n1,NA\n3,4\n', 'row 0 (line 2), column "b" is "NA"'],
    ['the first of several', 'a,b\n1,2\n,x\n5,6\n', 'row 1 (line 3), column "a" is empty'],
    ['a stray word far down', longCsv(25000, '1,oops'), 'row 25000 (line 25002), column "b" is "oops"'],
    ['an empty cell far down', longCsv(25000, ',2'), 'row 25000 (line 25002), column "a" is empty'],
  ])('%s is named by row and column', async (_, text, message) => {
    const file = await write('bad.csv', text);
    await expect(readAll(file)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(`${message}; ${finite}\n`),
    });
  });

  test('text in a named column is named by row and column', async () => {
    const file = await write('named.csv', 'age,sex\n1,f\n2,m\n');
    await expect(readAll(file, { columns: ['sex'] })).rejects.toThrow(
      `row 0 (line 2), column "sex" is "f"; ${finite}`,
    );
  });

  test('a bad weight is named too, and the earlier row first', async () => {
    const file = await write('weights.csv', 'a,w\n1,2\n1,\n,3\n');
    await expect(readAll(file, { sampleWeight: 'w' })).rejects.toThrow(
      `row 1 (line 3), column "w" is empty; ${finite}`,
    );
  });

  test('NULL, NaN and infinity in Parquet are told apart', async () => {
    for (const [value, word] of [
      ['null', 'empty'],
      ["'nan'", 'NaN'],
      ["'-inf'", '-Infinity'],
    ]) {
      const file = path('special.parquet');
      await runSql(
        `copy (select case when i = 3000 then ${value}::double else i end as x from range(5000) t(i)) to '${file}'`,
      );
      await expect(readAll(file)).rejects.toThrow(`row 3000, column "x" is ${word}; ${finite}`);
    }
  });

  test('text among numbers in JSON is named by row and column', async () => {
    const file = await write('mixed.jsonl', '{"a":1}\n{"a":2}\n{"a":"x"}\n{}\n');
    await expect(readAll(file)).rejects.toThrow(`row 2, column "a" is "x"; ${finite}`);
  });

  test('a row of several files is named by its file', async () => {
    await write('part-1.csv', 'a\n1\n2\n');
    await write('part-2.csv', 'a\n3\nx\n');
    const message = `row 1 (line 3) of "${path('part-2.csv')}", column "a" is "x"; ${finite}`;
    await expect(readAll(path('part-*.csv'))).rejects.toThrow(message);
  });
});

describe('files that can not be understood', () => {
  test.each([
    ['nofile.csv', null, 'IO', 'cannot read "FILE": no such file'],
    ['no*.csv', null, 'IO', 'cannot read "FILE": no file matches'],
    ['https://example.com/x.csv', null, 'IO', 'cannot read "FILE": no such file'],
    ['empty.csv', '', 'INVALID_DATA', '"FILE" has no rows'],
    ['header.csv', 'a,b\n', 'INVALID_DATA', '"FILE" has no rows'],
    [
      'words.csv',
      'a,b\nx,y\nz,w\n',
      'INVALID_DATA',
      '"FILE" has no numeric column; it has "a" (text, like "x"), "b" (text, like "y")',
    ],
    [
      'ragged.csv',
      'a,b\n1,2\n3\n5,6\n',
      'INVALID_DATA',
      'cannot read "FILE": line 3 has 1 value where 2 are expected',
    ],
    [
      'ragged-late.csv',
      longCsv(25000, '1'),
      'INVALID_DATA',
      'cannot read "FILE": line 25002 has 1 value where 2 are expected',
    ],
    [
      'text.parquet',
      'no Parquet at all',
      'INVALID_DATA',
      /^cannot read "FILE": No magic bytes found at end of file/,
    ],
    ['cut.json', '{"a":1}\n{"a":\n', 'INVALID_DATA', /^cannot read "FILE": Malformed JSON [^\n]*$/],
    [
      'cut.csv.gz',
      gzipSync(longCsv(0, '1,2')).subarray(0, 20000),
      'INVALID_DATA',
      'cannot read "FILE": its end is missing',
    ],
    ['plain.csv.gz', 'a,b\n1,2\n', 'INVALID_DATA', 'cannot read "FILE": it is not a valid gzip file'],
  ])('%s is refused', async (name, content, code, message) => {
    const file = content === null ? (name.includes(':') ? name : path(name)) : await write(name, content);
    const error = await readAll(file).catch((thrown) => thrown);
    expect(error.code).toBe(code);
    const shown = error.message.replace(JSON.stringify(file).slice(1, -1), 'FILE');
    if (typeof message === 'string') expect(shown).toBe(message);
    else expect(shown).toMatch(message);
  });

  test('a directory is refused', async () => {
    await expect(readTable(tmpdir())).rejects.toMatchObject({
      code: 'IO',
      message: `cannot read ${JSON.stringify(tmpdir())}: it is a directory`,
    });
  });

  test('columns named in a file without rows are found missing only when iterated', async () => {
    const table = await readTable(await write('header.csv', 'a,b\n'), { columns: ['a'] });
    await expect(table.batches[Symbol.asyncIterator]().next()).rejects.toThrow('has no rows');
  });
});

describe('globs', () => {
  test('files come by name, columns by their names', async () => {
    await write('glob-b.csv', 'y,x\n3,4\n');
    await write('glob-a.csv', 'x,y\n1,2\n');
    expect((await readAll(path('glob-[ab].csv'))).rows).toEqual([1, 2, 4, 3]);
  });

  test('a file with other columns is refused', async () => {
    await write('odd-1.csv', 'x,y\n1,2\n');
    await write('odd-2.csv', 'x,z\n1,2\n');
    await expect(readAll(path('odd-?.csv'))).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: `cannot read "${path('odd-?.csv')}": column "y" is not in every file; "${path('odd-2.csv')}" lacks it`,
    });
  });

  test('files of several formats are refused', async () => {
    await write('several.csv', 'x\n1\n');
    await write('several.json', '{"x":1}');
    await expect(readTable(path('several.*'))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  test('a file whose name looks like a glob, a string or SQL is itself', async () => {
    for (const name of [
      'a[1].csv',
      'st*r?.csv',
      "o'clock.csv",
      'a b.csv',
      '{x}.csv',
      '-.csv',
      'b\\x.csv',
      '[.csv',
    ]) {
      const file = await write(name, 'x\n7\n');
      expect((await readAll(file)).rows, name).toEqual([7]);
    }
  });

  test('** goes through folders', async () => {
    await mkdir(path('deep/er'), { recursive: true });
    await write('deep/1.csv', 'x\n1\n');
    await write('deep/er/2.csv', 'x\n2\n');
    expect((await readAll(path('deep/**/*.csv'))).rows).toEqual([1, 2]);
  });

  test('a folder named like year=2020 gives no column', async () => {
    await mkdir(path('year=2020'));
    expect((await readAll(await write('year=2020/x.csv', 'x\n1\n'))).columns).toEqual(['x']);
  });
});

describe('SQL', () => {
  test('a SELECT over the view named input chooses columns and rows', async () => {
    const file = await write('sql.csv', 'a,b,s\n1,2,x\n3,4,y\n5,6,x\n');
    const table = await readAll(file, {
      sql: "select b / 4 as q, a from input where s = 'x' order by a desc -- all",
    });
    expect(table).toEqual({ columns: ['q', 'a'], skipped: [], rows: [1.5, 5, 0.5, 1], weights: [] });
  });

  test('works with columns and weights', async () => {
    const file = await write('sql.jsonl', '{"a":1,"b":2}\n{"a":3,"b":4}\n');
    const table = await readAll(file, {
      sql: 'select a, b, a + b as c from input;\n',
      columns: ['c'],
      sampleWeight: 'b',
    });
    expect(table.rows).toEqual([3, 7]);
    expect(table.weights).toEqual([2, 4]);
  });

  test('a query without rows gives no batches', async () => {
    const file = await write('sql.csv', 'a,b\n1,2\n');
    expect((await readAll(file, { sql: 'select a from input where a > 5' })).rows).toEqual([]);
  });

  test.each(['select nothing from input', 'select', "select * from 'https://example.com/x.csv'"])(
    '%s is refused in one line',
    async (sql) => {
      const file = await write('sql.csv', 'a,b\n1,2\n');
      await expect(readTable(file, { sql })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringMatching(/^"sql" failed: .+$/),
      });
    },
  );

  test('a stray word far down is named by line and column', async () => {
    const file = await write('sql-late.csv', longCsv(25000, '1,oops'));
    await expect(readAll(file, { sql: 'select a, b from input' })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringMatching(
        /^row 25000 \(line 25002\), column "b" is "oops"; every value must be a finite number\n/,
      ),
    });
  });
});

describe('standard input', () => {
  const spools = async () => (await readdir(tmpdir())).filter((name) => /^parallel-gmm-\w{6}$/.test(name));
  // Other tests have their own temporary files.
  beforeAll(async () => {
    await mkdir(path('temporary'));
    vi.stubEnv('TMPDIR', path('temporary'));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test('is read as CSV and leaves nothing behind', async () => {
    const before = await spools();
    useStandardInput('a,b\n1,', '2\n3,4\n');
    expect((await readAll('-')).rows).toEqual([1, 2, 3, 4]);
    expect(await spools()).toEqual(before);
  });

  test.each([
    ['CSV', 'a\n1\n'],
    ['packed CSV', gzipSync('a\n1\n')],
    ['JSON lines', ' {"a": 1}\n'],
    ['a packed JSON array', gzipSync('[{"a":1}]')],
  ])('is recognised by its first bytes: %s', async (_, bytes) => {
    const stream = Readable.from([Buffer.from(bytes)]);
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stream as unknown as typeof process.stdin);
    expect(await readAll('-')).toMatchObject({ columns: ['a'], rows: [1] });
  });

  test('leaves nothing behind after an error, a break or a close', async () => {
    const before = await spools();
    useStandardInput('a,b\n1,2\n3,\n');
    await expect(readAll('-')).rejects.toThrow(
      'row 1 (line 3), column "b" is empty; every value must be a finite number',
    );
    useStandardInput('');
    await expect(readAll('-')).rejects.toThrow('standard input has no rows');
    useStandardInput('a\n1\n');
    for await (const _ of (await readTable('-')).batches) break;
    useStandardInput('a\n1\n');
    await (await readTable('-')).close();
    expect(await spools()).toEqual(before);
  });
});

describe('a pipe', () => {
  test.skipIf(process.platform === 'win32')('with a name is read as a file of that name', async () => {
    const csv = path('pipe.csv');
    const parquet = path('pipe.parquet');
    const source = path('piped.parquet');
    await runSql(`copy (select 0.1::double as x) to '${source}'`);
    execFileSync('mkfifo', [csv, parquet]);
    const [fromCsv] = await Promise.all([readAll(csv), writeFile(csv, 'a,b\n1,2\n3,4\n')]);
    expect(fromCsv).toMatchObject({ columns: ['a', 'b'], rows: [1, 2, 3, 4] });
    const [fromParquet] = await Promise.all([readAll(parquet), writeFile(parquet, await readFile(source))]);
    expect(fromParquet).toMatchObject({ columns: ['x'], rows: [0.1] });
    // Of any name, it is what its first bytes say: Parquet, .npy, JSON.
    const nameless = path('pipe');
    execFileSync('mkfifo', [nameless]);
    await runSql(`copy (select 7 as x) to '${path('piped.json')}'`);
    await writePredictions(path('piped.npy'), [{ name: 'x', type: 'DOUBLE' }], oneRow());
    for (const [name, rows] of [
      ['piped.parquet', [0.1]],
      ['piped.json', [7]],
      ['piped.npy', [8]],
    ] as const) {
      const [read] = await Promise.all([readAll(nameless), writeFile(nameless, await readFile(path(name)))]);
      expect(read.rows, name).toEqual(rows);
    }
  });
});

describe('ending early', () => {
  test.skipIf(process.platform !== 'linux')('a break and an error close the file', async () => {
    const file = await write('open.csv', longCsv(0, '1,2'));
    const { readlink } = await import('node:fs/promises');
    const isOpen = async () => {
      const links = (await readdir('/proc/self/fd')).map((fd) =>
        readlink(`/proc/self/fd/${fd}`).catch(() => ''),
      );
      return (await Promise.all(links)).includes(file);
    };
    for await (const _ of (await readTable(file)).batches) break;
    expect(await isOpen()).toBe(false);
    await expect(async () => {
      for await (const _ of (await readTable(file)).batches) throw new Error('enough');
    }).rejects.toThrow('enough');
    expect(await isOpen()).toBe(false);
  });
});
