import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { writeContent } from '../../../src/io/files/whole-file.js';
import { type OutputBatch, writePredictions } from '../../../src/io/write/write-table.js';
import { HARD_NUMBERS, readAll, runSql, useFolder } from '../files.js';

const { path, write } = useFolder();

/** Types of the columns of `predictions`. */
const TYPES = ['INTEGER', 'DOUBLE', 'DOUBLE'];

const named = (...names: string[]) => names.map((name, j) => ({ name, type: TYPES[j] }));

const COLUMNS = named('label', 'p0', 'log_density');

/** As many rows as asked for, in batches of two lengths; labels 0, 1, 2, … */
async function* predictions(nRows: number): AsyncGenerator<OutputBatch> {
  for (let first = 0; first < nRows; ) {
    const length = Math.min(first === 0 ? 3 : 5000, nRows - first);
    const index = Array.from({ length }, (_, i) => first + i);
    const hard = Float64Array.from(index, (i) => HARD_NUMBERS[i % HARD_NUMBERS.length]);
    yield { nRows: length, values: [Int32Array.from(index), hard, Float64Array.from(index, (i) => -i / 7)] };
    first += length;
  }
}

function expectedRows(nRows: number): number[] {
  return Array.from({ length: nRows }, (_, i) => [i, HARD_NUMBERS[i % HARD_NUMBERS.length], i / -7]).flat();
}

async function* failing(): AsyncGenerator<OutputBatch> {
  yield* predictions(10);
  throw new Error('no more');
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('formats', () => {
  test.each([1, 3, 4, 12345])('CSV of %i rows reads back the same', async (n) => {
    const file = path('out.csv');
    await writePredictions(file, COLUMNS, predictions(n));
    // −0 is written "0": the one bit that the shortest form doesn't keep.
    expect((await readAll(file)).rows).toEqual(expectedRows(n).map((x) => x + 0));
  });

  test('CSV has a header, \\n and numbers in their shortest exact form', async () => {
    const file = path('exact.csv');
    await writePredictions(file, named('label', 'a,b', 'say "x"'), predictions(2));
    expect(await readFile(file, 'utf8')).toBe(
      'label,"a,b","say ""x"""\n0,0.30000000000000004,0\n1,0.3333333333333333,-0.14285714285714285\n',
    );
  });

  test.each([1, 3, 4, 12345])('.npy of %i rows gives back the same bits', async (n) => {
    const file = path('out.npy');
    await writePredictions(file, COLUMNS, predictions(n));
    expect((await readAll(file)).rows).toEqual(expectedRows(n));
  });

  test('.npy begins with a header of 128 bytes, version 1.0', async () => {
    const file = path('header.npy');
    await writePredictions(file, COLUMNS, predictions(4));
    const bytes = await readFile(file);
    expect(bytes.length).toBe(128 + 4 * 3 * 8);
    expect(bytes.subarray(0, 128).toString('latin1')).toBe(
      `\x93NUMPY\x01\x00\x76\x00${"{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }".padEnd(117)}\n`,
    );
  });

  test.each([1, 3, 4, 12345])('Parquet of %i rows gives back the same bits in order', async (n) => {
    const file = path('out.parquet');
    await writePredictions(file, COLUMNS, predictions(n));
    const table = await readAll(file);
    expect(table.columns).toEqual(COLUMNS.map(({ name }) => name));
    expect(table.rows).toEqual(expectedRows(n));
  });

  test('Parquet has whole numbers as INTEGER, others as DOUBLE, and hostile names', async () => {
    const file = path('types.parquet');
    const names = ['a"b', '__proto__', 'two\nlines'];
    await writePredictions(file, named(...names), predictions(5));
    const rows = await runSql(`describe select * from '${file}'`);
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['a"b', 'INTEGER'],
      ['__proto__', 'DOUBLE'],
      ['two\nlines', 'DOUBLE'],
    ]);
  });

  test.each(['none.csv', 'none.npy', 'none.parquet'])('%s without rows is still a file', async (name) => {
    await writePredictions(path(name), COLUMNS, predictions(0));
    if (name.endsWith('.csv')) expect(await readFile(path(name), 'utf8')).toBe('label,p0,log_density\n');
    else expect((await readAll(path(name))).rows).toEqual([]);
  });

  test('infinities are written', async () => {
    async function* infinite(): AsyncGenerator<OutputBatch> {
      yield { nRows: 1, values: [Float64Array.of(Number.NEGATIVE_INFINITY)] };
    }
    await writePredictions(path('infinite.csv'), [{ name: 'x', type: 'DOUBLE' }], infinite());
    expect(await readFile(path('infinite.csv'), 'utf8')).toBe('x\n-Infinity\n');
    await writePredictions(path('infinite.parquet'), [{ name: 'x', type: 'DOUBLE' }], infinite());
    expect(await runSql(`select x from '${path('infinite.parquet')}'`)).toEqual([[Number.NEGATIVE_INFINITY]]);
  });
});

describe('text in CSV', () => {
  const NASTY = [
    '=1+1',
    '+a',
    '-a',
    '@a',
    '\t=1',
    '\r=1',
    '\uff1d1',
    'a;=1',
    '-5',
    '+1.5e3',
    'a "b"',
    'a',
    '',
  ];
  async function* texts(): AsyncGenerator<OutputBatch> {
    yield {
      nRows: NASTY.length + 1,
      values: [[...NASTY, null], new Float64Array(NASTY.length + 1).fill(-1)],
    };
  }
  const columns = [
    { name: '=cmd', type: 'VARCHAR' },
    { name: 'p', type: 'DOUBLE' },
  ];

  test('that a spreadsheet would run is escaped where that is asked for, numbers stay', async () => {
    await writePredictions(path('safe.csv'), columns, texts(), { escapeFormulas: true });
    const written = (await readFile(path('safe.csv'), 'utf8')).split('\n');
    const fields = [`"'=1+1"`, `"'+a"`, `"'-a"`, `"'@a"`, `"'\t=1"`, `"'\r=1"`, `"'\uff1d1"`, '"a;=1"'];
    const plain = ['-5', '+1.5e3', '"a ""b"""', '"a"', '""', ''];
    expect(written).toEqual([`"'=cmd","p"`, ...[...fields, ...plain].map((field) => `${field},-1`), '']);
  });

  test('keeps its bytes otherwise', async () => {
    await writePredictions(path('raw.csv'), columns, texts());
    const lines = NASTY.map((text) => (/[\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
    expect(await readFile(path('raw.csv'), 'utf8')).toBe(
      ['=cmd,p', ...[...lines, ''].map((line) => `${line},-1`), ''].join('\n'),
    );
  });

  test('of other formats can not be escaped', async () => {
    await expect(
      writePredictions(path('safe.npy'), columns, texts(), { escapeFormulas: true }),
    ).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: `"escapeFormulas" is for CSV, got the output "${path('safe.npy')}"`,
    });
  });

  test.each([true, false])('has no control characters where it goes to a terminal: %s', async (isTTY) => {
    const stream = Object.assign(new PassThrough(), { isTTY });
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stream as unknown as typeof process.stdout);
    const written = text(stream);
    async function* hostile(): AsyncGenerator<OutputBatch> {
      yield { nRows: 2, values: [['\u001b[31mred', 'two\nlines']] };
    }
    await writePredictions('-', [{ name: 'a\u009bb', type: 'VARCHAR' }], hostile());
    stream.end();
    const shown = 'a\\u009bb\n\\u001b[31mred\n"two\\u000alines"\n';
    expect(await written).toBe(isTTY ? shown : 'a\u009bb\n\u001b[31mred\n"two\nlines"\n');
  });
});

describe('standard output', () => {
  test('gets CSV', async () => {
    const stream = new PassThrough();
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stream as unknown as typeof process.stdout);
    const written = text(stream);
    await writePredictions('-', named('n', 'p', 'q'), predictions(2));
    stream.end();
    expect(await written).toBe('n,p,q\n0,0.30000000000000004,0\n1,0.3333333333333333,-0.14285714285714285\n');
  });

  test('closed by its reader is an IO error', async () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(broken) });
    vi.spyOn(process, 'stdout', 'get').mockReturnValue(stream as unknown as typeof process.stdout);
    await expect(writePredictions('-', COLUMNS, predictions(2))).rejects.toMatchObject({
      code: 'IO',
      message: 'cannot write standard output: the reading end was closed',
    });
  });
});

describe('failures', () => {
  test.each(['keep.csv', 'keep.npy', 'keep.parquet'])(
    '%s stays as it was, with nothing beside it',
    async (name) => {
      const file = await write(name, 'before');
      const there = await readdir(dirname(file));
      await expect(writePredictions(file, COLUMNS, failing())).rejects.toThrow('no more');
      expect(await readFile(file, 'utf8')).toBe('before');
      expect(await readdir(dirname(file))).toEqual(there);
    },
  );

  test('success leaves nothing beside the file', async () => {
    await mkdir(path('alone'));
    await writePredictions(path('alone/a.parquet'), COLUMNS, predictions(10));
    await writePredictions(path('alone/b.csv'), COLUMNS, predictions(10));
    await writeContent(path('alone/c.json'), '{}');
    expect(await readdir(path('alone'))).toEqual(['a.parquet', 'b.csv', 'c.json']);
  });

  test.each(['missing/x.csv', 'missing/x.npy', 'missing/x.parquet'])(
    '%s can not be written',
    async (name) => {
      await expect(writePredictions(path(name), COLUMNS, predictions(1))).rejects.toMatchObject({
        code: 'IO',
        message: `cannot write "${path(name)}": no such directory`,
      });
    },
  );

  test('an unknown extension is refused', async () => {
    await expect(writePredictions('out.xlsx', COLUMNS, predictions(1))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'cannot tell the format of "out.xlsx"; the name must end in .csv, .parquet or .npy',
    });
  });
});

describe('text files', () => {
  test('are written whole and replaced', async () => {
    await writeContent(path('model.json'), '{"a":1}\n');
    await writeContent(path('model.json'), 'µ');
    expect(await readFile(path('model.json'), 'utf8')).toBe('µ');
  });

  test('a link stays a link', async () => {
    await writeFile(path('real.json'), 'old');
    await symlink(path('real.json'), path('link.json'));
    await writeContent(path('link.json'), 'new');
    expect(await readFile(path('real.json'), 'utf8')).toBe('new');
  });

  test('a directory that is missing, a directory in the place and one without permission are named', async () => {
    await expect(writeContent(path('missing/m.json'), '')).rejects.toMatchObject({
      code: 'IO',
      message: `cannot write "${path('missing/m.json')}": no such directory`,
    });
    await mkdir(path('folder'));
    await expect(writeContent(path('folder'), '')).rejects.toThrow(
      `cannot write "${path('folder')}": it is a directory`,
    );
    if (process.getuid?.() === 0) return;
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o500);
    await expect(writeContent(path('locked/m.json'), '')).rejects.toThrow('permission denied');
  });
});
