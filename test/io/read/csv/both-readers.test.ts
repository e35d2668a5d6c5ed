/** The law of the two readers of CSV: the same bits, the same notes, the same errors for the same file. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../../src/io/read/read-table.js';
import { readTable } from '../../../../src/io/read/read-table.js';
import { useFolder } from '../../files.js';

const { write } = useFolder();

/** Everything that a reader says of a file, errors included. */
async function report(file: string, reader: 'plain' | 'duckdb', options: ReadOptions = {}) {
  try {
    const table = await readTable(file, { ...options, reader });
    const rows: number[] = [];
    const weights: number[] = [];
    const kept: unknown[][] = table.kept.map(() => []);
    for await (const batch of table.batches) {
      rows.push(...batch.rows);
      weights.push(...(batch.sampleWeight ?? []));
      for (const [j, values] of batch.kept.entries()) kept[j].push(...values);
    }
    const { columns, skipped, notes } = table;
    return { columns, skipped, notes, rows, weights, kept, types: table.kept.map(({ type }) => type) };
  } catch (error) {
    return { code: (error as { code?: string }).code, message: (error as Error).message };
  }
}

async function expectSame(text: string | Uint8Array, options: ReadOptions = {}) {
  const file = await write('same.csv', text);
  const plain = await report(file, 'plain', options);
  expect(await report(file, 'duckdb', options)).toEqual(plain);
  return plain;
}

const long = (line: (i: number) => string, n = 5000) =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** A table of files: what they are, their text, and what both readers make of them. */
const FILES: readonly [string, string | Buffer, ReadOptions, object | RegExp][] = [
  ['plain', 'a,b\n1,2\n3,4\n', {}, { rows: [1, 2, 3, 4] }],
  ['no newline at the end', 'a,b\n1,2\n3,4', {}, { rows: [1, 2, 3, 4] }],
  ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', {}, { rows: [1, 2, 3, 4] }],
  ['CR alone', 'a,b\r1,2\r3,4\r', {}, { rows: [1, 2, 3, 4] }],
  ['both kinds of line breaks', 'a,b\r\n1,2\n3,4\r\n', {}, { rows: [1, 2, 3, 4] }],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n', {}, { columns: ['a', 'b'], rows: [1, 2, 3, 4] }],
  ['quoted numbers', '"a","b"\n"1","2"\n"3","4"\n', {}, { rows: [1, 2, 3, 4] }],
  ['a blank before a quote', 'a,b,s\n1, "2", "x,y"\n3, "4","z"\n', {}, { rows: [1, 2, 3, 4] }],
  ['blanks around numbers', 'a,b\n 1,2 \n3\t, 4\n', {}, { rows: [1, 2, 3, 4] }],
  ['line breaks in quotes', 'a,s\n1,"x\ny"\n2,"z\n\nw"\n', {}, { rows: [1, 2] }],
  ['a name of two lines', '"a\nb",c\n1,2\n3,4\n', {}, { columns: ['a\nb', 'c'], rows: [1, 2, 3, 4] }],
  [
    'quotes within text',
    'a,s\n1,5" pipe\n2,"say ""x"""\n',
    { keep: { columns: ['s'], as: 'text' } },
    { kept: [['5" pipe', 'say "x"']] },
  ],
  [
    'a delimiter at the end of every line',
    'a,b,\n1,2,\n3,4,\n',
    {},
    { columns: ['a', 'b'], rows: [1, 2, 3, 4] },
  ],
  [
    'a delimiter at the end of every row',
    'a,b\n1,2,\n3,4,\n',
    {},
    { columns: ['a', 'b'], rows: [1, 2, 3, 4] },
  ],
  [
    'numbers of all shapes',
    'a,b\n1e5,.5\n5.,+1\n1_000,00012\n-0,1E-3\n',
    {},
    { rows: [1e5, 0.5, 5, 1, 1000, 12, -0, 1e-3] },
  ],
  [
    'the largest and smallest',
    'a\n1.7976931348623157e308\n5e-324\n0.30000000000000004\n',
    {},
    { rows: [1.7976931348623157e308, 5e-324, 0.30000000000000004] },
  ],
  ['a fraction far below whole numbers', `a\n${long(String)}\n1.5\n`, {}, {}],
  ['semicolons and decimal commas', 'a;b\n1,5;2,25\n-3;1e2\n', {}, { rows: [1.5, 2.25, -3, 100] }],
  ['tabs', 'a\tb\n1\t2\n3\t4\n', {}, { rows: [1, 2, 3, 4] }],
  ['bars', 'a|b\n1|2\n3|4\n', {}, { rows: [1, 2, 3, 4] }],
  ['single blanks', 'a b\n1 2\n3 4\n', {}, { rows: [1, 2, 3, 4] }],
  ['runs of blanks', ' a    b\n 1    2\n33   44\n', {}, { rows: [1, 2, 33, 44] }],
  ['single blanks, and later a run of them', `a b\n${long((i) => `${i} ${i + 1}`, 60_000)}\n7   8\n`, {}, {}],
  [
    'UTF-16',
    Buffer.from('\ufeffa,b\n1,2\n3,4\n', 'utf16le'),
    {},
    { columns: ['a', 'b'], rows: [1, 2, 3, 4] },
  ],
  [
    'Latin-1',
    Buffer.from('größe,b\n1,2\n3,4\n', 'latin1'),
    {},
    { columns: ['größe', 'b'], rows: [1, 2, 3, 4] },
  ],
  ['blank lines', 'a,b\n1,2\n\n3,4\n\n\n', {}, { rows: [1, 2, 3, 4] }],
  ['a blank line in a single column', 'a\n1\n\n3\n', {}, /row 1 \(line 3\), column "a" is empty/],
  ['blank lines at the end of a single column', 'a\n1\n3\n\n\n', {}, { rows: [1, 3] }],
  ['a preamble', '# by hand\n\nMeasured in 2020\na,b,c\n1,2,3\n4,5,6\n', {}, { rows: [1, 2, 3, 4, 5, 6] }],
  ['names of rows', 'a b\n"r1" 1 2\n"r2" 3 4\n', {}, { columns: ['a', 'b'], rows: [1, 2, 3, 4] }],
  ['no header', '1,2\n3,4\n', {}, { columns: ['column0', 'column1'], rows: [1, 2, 3, 4] }],
  ['a line too short', 'a,b\n1,2\n3\n5,6\n', {}, /line 3 has 1 value where 2 are expected/],
  ['a line too long', 'a,b\n1,2\n3,4,5\n5,6\n', {}, /line 3 has 3 values where 2 are expected/],
  ['a comment among rows', 'a,b\n1,2\n# c\n5,6\n', {}, /line 3 has 1 value where 2 are expected/],
  ['a comment as long as a row', 'a,b\n1,2\n#c,d\n5,6\n', {}, /row 1 \(line 3\), column "a" is "#c"/],
  ['a quote that is never closed', 'a,b\n1,"2\n3,4\n', {}, /line 2 has a quote that is never closed/],
  [
    'text after a quote',
    'a,b\n1,2\n3,"4"x\n',
    {},
    /line 3 has a quote that is never closed, or text after a closing quote/,
  ],
  ['holes', 'a,b,c\n1,2,\n3,NA,x\n5,6,7\n8,9,1\n', {}, /"b" 1, "c" 2/],
  ['inf', 'a,b\n1,2\n3,-inf\n', {}, /column "b" is -Infinity/],
  [
    'weights and kept columns',
    'a,w,id,t\n1,2,007,2020-01-01\n3,4,008,2020-02-29\n',
    { sampleWeight: 'w', keep: { columns: ['id', 't'], as: 'values' }, columns: ['a'] },
    { weights: [2, 4], types: ['VARCHAR', 'DATE'] },
  ],
  [
    'kept numbers, times and truths',
    'a,n,x,t,f\n1,12,1.5,2020-01-01 10:00:00.5,true\n2,,2.5,1960-01-01 00:00:00,FALSE\n',
    { columns: ['a'], keep: { columns: ['n', 'x', 't', 'f'], as: 'values' } },
    { types: ['BIGINT', 'DOUBLE', 'TIMESTAMP', 'BOOLEAN'] },
  ],
  ['a line of totals', 'name,x\na,1\nb,3\nTotal,4\n', {}, /row 2 \(line 4\) looks like the totals/],
  [
    'invalid UTF-8 far below',
    Buffer.concat([
      Buffer.from(`a,s\n${long((i) => `${i},x`, 90_000)}\n`),
      Buffer.from('7,\xe9\n', 'latin1'),
    ]),
    {},
    /about line 90002 it is not UTF-8/,
  ],
  ['nothing', '', {}, /has no rows/],
  ['a header alone', 'a,b\n', {}, /has no rows/],
];

describe('both readers', () => {
  test.each(FILES)('agree on %s', async (_, text, options, expected) => {
    const same = await expectSame(text, options);
    if (expected instanceof RegExp) expect((same as { message: string }).message).toMatch(expected);
    else expect(same).toMatchObject(expected);
  });

  test('agree on what a cell means, whatever is in it', async () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.constantFrom(
        '',
        'NA',
        'inf',
        '+-1',
        '1_0',
        '0x1',
        '1e1_0',
        ' 1',
        '1 ',
        '.',
        '-',
        '1e',
        '--1',
        '1.5.2',
      ),
      fc.stringMatching(/^[-+]?[0-9._]{0,4}(e[-+]?[0-9_]{0,3})?$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 6 }), async (cells) => {
        await expectSame(`a,b\n1,2\n${cells.map((each) => `1,"${each}"`).join('\n')}\n`, {
          columns: ['a', 'b'],
        });
      }),
      { numRuns: 60 },
    );
  });

  test('agree on files of odd pieces', async () => {
    const piece = fc.constantFrom(
      '1',
      '2.5',
      ',',
      ',',
      '\n',
      '\n',
      '"',
      '""',
      ' ',
      '#',
      'x',
      ';',
      '\r\n',
      '\t',
      '-',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
        await expectSame(`a,b\n1,2\n3,4\n5,6\n${pieces.join('')}`, { columns: ['a', 'b'] });
      }),
      { numRuns: 120 },
    );
  });
});
