import { describe, expect, test } from 'vitest';
import { decideDialect } from '../../../../src/io/read/csv/dialect.js';
import { readTable } from '../../../../src/io/read/read-table.js';
import { readAll, useFolder } from '../../files.js';

const { path, write } = useFolder();

async function notesOf(file: string, options = {}) {
  const table = await readTable(file, options);
  for await (const _ of table.batches);
  return table.notes.map(({ level, message }) => `${level}: ${message.replaceAll(file, 'FILE')}`);
}

describe('delimiters', () => {
  test.each([
    [',', 'a,b\n1,2\n3,4\n'],
    [';', 'a;b\n1,5;2,5\n3,5;4,5\n'],
    [';', '1,5;2,5\n3,5;4,5\n'],
    [';', 'x, y;z\n1;2\n3;4\n'],
    ['\t', 'a\tb\n1,5\t2\n2,5\t3\n'],
    ['|', 'a|b|c\n1|x y|2\n3|z, w|4\n'],
    [' ', '1.5e+00 2.5e+00\n3.5e+00 4.5e+00\n'],
    [' ', '  x     y\n  1.0  10.0\n 22.0   3.0\n'],
    [' ', '1,25 3,5\n2,5 4,75\n'],
    [',', 'id,name,height\n1,John Smith,1.8\n2,Ann Lee,1.7\n'],
    [',', 'when,x\n2020-01-01 10:00,5\n2020-01-02 11:30,6\n'],
    [',', 'i,price\n1,1 200\n2,2 300\n3,3 400\n'],
    [',', 'a, b\n1, 2\n3, 4\n'],
    [',', 'a\n1\n2\n'],
    [',', 'name,note\nann,"x; y; z"\nbob,"u; v; w"\n'],
  ])('%j is found in %j', (delimiter, text) => {
    expect(decideDialect(text, true).delimiter).toBe(delimiter);
  });

  test.each([
    ['a;b\n1,5;2\n', true],
    ['a;b\n1;0,25\n', true],
    ['a;b\n1.5;2\n', false],
    // 1,234 may be 1.234 or 1234: nobody can tell.
    ['a;b\n1,234;2\n3,456;5\n', false],
    ['x\n1,5\n2\n3,25\n', true],
    ['1,5\n2,5\n', false],
  ])('whether commas are decimal in %j: %s', (text, decimalComma) => {
    expect(decideDialect(text, true).decimalComma).toBe(decimalComma);
  });

  test('decimal commas are read, and said', async () => {
    const file = await write('europe.csv', 'höhe;breite\n1,5;2\n-0,25;1e3\n');
    expect(await readAll(file)).toMatchObject({ columns: ['höhe', 'breite'], rows: [1.5, 2, -0.25, 1000] });
    expect(await notesOf(file)).toEqual([
      'note: "FILE" is read with semicolons between values, decimal commas',
    ]);
  });

  test('what the caller says comes before what is seen', async () => {
    const file = await write('given.csv', '2019;2020\n1,234;2\n3,456;5\n');
    const read = async (options: object) => (await readAll(file, options)).rows;
    expect(await read({ decimalComma: true })).toEqual([1.234, 2, 3.456, 5]);
    expect(await read({ decimalComma: true, header: false })).toEqual([2019, 2020, 1.234, 2, 3.456, 5]);
    expect(
      await read({ delimiter: ',', header: false, columns: ['column0'] }).catch((e) => e.message),
    ).toMatch(/line 2 has 2 values where 1 is expected/);
    await expect(readTable(file, { delimiter: ';;' })).rejects.toThrow('"delimiter" must be one character');
    await expect(readTable(file, { header: 'no' as never })).rejects.toThrow(
      '"header" must be true or false',
    );
    const json = await write('given.json', '[{"a":1}]');
    await expect(readTable(json, { decimalComma: true })).rejects.toThrow('"decimalComma" is for CSV');
  });
});

describe('no line is lost', () => {
  const two = (n: number) => Array.from({ length: n }, (_, i) => `${i},${i + 1}`);
  const three = (n: number) => Array.from({ length: n }, (_, i) => `${i},${i + 1},${i + 2}`);

  test.each([
    [60, 20],
    [20, 60],
    [3, 1917],
    [1900, 20],
  ])('of %i lines with two values, then %i with three', async (n, m) => {
    for (const header of ['a,b', undefined]) {
      const lines = [...(header ? [header] : []), ...two(n), ...three(m)];
      const line = lines.findIndex((each) => each.split(',').length === 3) + 1;
      const file = await write('uneven.csv', `${lines.join('\n')}\n`);
      await expect(readAll(file)).rejects.toThrow(`line ${line} has 3 values where 2 are expected`);
    }
  });

  test('a line with a value too many does not turn one column into decimal commas', async () => {
    const file = await write('stray.csv', 'x\n1\n2\n3,4\n5\n');
    await expect(readAll(file)).rejects.toThrow('line 4 has 2 values where 1 is expected');
  });

  test('a blank line at the end of a single column, which may be a value that is missing, is told even with --quiet', async () => {
    const file = await write('blank.csv', 'x\n1\n2\n\n');
    expect(await notesOf(file)).toEqual(['loss: "FILE": line 4 is a blank line, which holds no row']);
  });

  test('lines that begin with # are rows, errors or named', async () => {
    const among = await write('among.csv', 'a,b\n1,2\n#3,4\n5,6\n');
    await expect(readAll(among)).rejects.toThrow('row 1 (line 3), column "a" is "#3"');
    const above = await write('above.csv', '# by hand, 2020\n# again\na,b\n1,2\n');
    expect(await notesOf(above)).toEqual([
      'loss: "FILE": not read as rows, since they are above the table: line 1 ("# by hand", " 2020"), line 2 ("# again")',
    ]);
    const names = await write('names.txt', '# x y\n1 2\n3 4\n');
    expect((await readAll(names)).columns).toEqual(['x', 'y']);
    const named = await write('named.csv', '#id,x\n1,2\n3,4\n');
    expect(await readAll(named)).toMatchObject({ columns: ['#id', 'x'], rows: [1, 2, 3, 4] });
  });

  test('in each of several files, whatever is above the rows of one', async () => {
    await write('above-1.csv', 'Title\n\na,b\n1,2\n');
    await write('above-2.csv', 'a,b\n3,4\n5,6\n');
    await write('above-3.csv', 'b;a\n7,5;8\n');
    expect((await readAll(path('above-?.csv'))).rows).toEqual([1, 2, 3, 4, 5, 6, 8, 7.5]);
  });

  test("a spreadsheet's line for another is above the rows", async () => {
    const file = await write('sep.csv', 'sep=;\na;b\n1;2,5\n3;4\n');
    expect(await readAll(file)).toMatchObject({ columns: ['a', 'b'], rows: [1, 2.5, 3, 4] });
  });

  test('blank lines are counted', async () => {
    const file = await write('blank.csv', 'a,b\n1,2\n\n3,4\n   \n\n');
    expect(await notesOf(file)).toEqual([
      'note: "FILE": line 3 is the first blank line of 3, which hold no row',
    ]);
  });

  test('years are names of columns, and it is said even if quiet', async () => {
    const file = await write('years.csv', 'name,2019,2020\nann,1.5,2\nbob,3,4\n');
    expect((await readAll(file)).columns).toEqual(['2019', '2020']);
    expect((await notesOf(file))[0]).toBe(
      'loss: "FILE": line 1 ("name", "2019", "2020") is taken for the names of the columns',
    );
    const rows = await write('rows.csv', '2019,2020\n2018,2021\n');
    expect((await readAll(rows)).rows).toEqual([2019, 2020, 2018, 2021]);
  });
});

describe('columns', () => {
  test.each(['1 ', '+1', '1_000', '00012', ' 1', '1.', '.5', '1e2'])(
    'are not dropped for one early cell of %j',
    async (cell) => {
      const file = await write('cell.csv', `a,b\n1,${cell}\n2,3\n`);
      const value = Number(cell.replace('_', ''));
      expect(await readAll(file)).toMatchObject({ columns: ['a', 'b'], rows: [1, value, 2, 3], skipped: [] });
    },
  );

  test('with the same name or none get names of their own', async () => {
    const file = await write('twice.csv', 'a,,a\n1,2,3\n');
    expect((await readAll(file)).columns).toEqual(['a', 'column1', 'a_1']);
    expect(await notesOf(file)).toEqual([
      'note: "FILE" has two columns named "a"; the second is called "a_1"',
    ]);
  });

  test('left out are named with a value and a reason', async () => {
    const file = await write('left.csv', 'x,name,price,nothing\n1,ann,$3.50,\n2,bob,$4,\n');
    const { skipped } = await readAll(file);
    expect(skipped).toEqual([
      { name: 'name', type: 'VARCHAR', example: 'ann' },
      expect.objectContaining({ name: 'price', example: '$3.50', reason: 'numbers with a currency sign' }),
      { name: 'nothing', type: 'VARCHAR', reason: 'empty' },
    ]);
    expect((await notesOf(file))[0]).toMatch(
      /^note: only numeric columns are used; left out: "name" \(text, like "ann"\), "price" \(text, like "\$3.50": numbers with a currency sign\), "nothing" \(empty\)\n/,
    );
  });

  test('that only a later file has are named', async () => {
    const first = await write('more-1.csv', 'a\n1\n');
    const second = await write('more-2.csv', 'a,b\n2,3\n');
    const table = await readTable([first, second]);
    expect(table.notes).toEqual([
      { level: 'loss', message: `"${second}" has columns that "${first}" lacks, which are left out: "b"` },
    ]);
    await table.close();
  });
});

describe('several inputs', () => {
  test('are one table, in their order', async () => {
    const files = [await write('s2.csv', 'x\n1\n'), await write('s1.csv', 'x\n2\n'), path('s3-*.csv')];
    await write('s3-a.csv', 'x\n3\n');
    await write('s3-b.csv', 'x\n4\n');
    expect((await readAll(files)).rows).toEqual([1, 2, 3, 4]);
    await expect(readAll([files[0], '-'])).rejects.toThrow(
      "standard input (-) can't be one of several inputs",
    );
    await expect(readAll([files[0], await write('s.json', '[]')])).rejects.toThrow(
      'of several formats (csv, json)',
    );
  });
});

test('spreadsheets and other files that hold no text are refused', async () => {
  const file = await write('sheet.csv', Buffer.from('PK\x03\x04\0\0\0\0'));
  await expect(readAll(file)).rejects.toThrow('it is a ZIP archive, maybe a spreadsheet; save it as CSV');
});
