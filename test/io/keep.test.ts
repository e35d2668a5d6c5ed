import { describe, expect, test } from 'vitest';
import { type Keep, type KeptValue, readTable } from '../../src/io/read/read-table.js';
import { writePredictions } from '../../src/io/write/write-table.js';
import { runSql, useFolder } from './files.js';

const { path, write } = useFolder();

/** Reads a table with kept columns and writes those alone. */
async function copyKept(from: string, to: string, keep: Keep, sql?: string): Promise<void> {
  const table = await readTable(from, { columns: ['a'], keep, sql });
  async function* batches() {
    for await (const { nRows, kept } of table.batches) yield { nRows, values: kept };
  }
  await writePredictions(to, table.kept, batches());
}

async function readKept(from: string, keep: Keep, sql?: string) {
  const table = await readTable(from, { columns: ['a'], keep, sql });
  const kept: KeptValue[][] = table.kept.map(() => []);
  for await (const batch of table.batches) {
    for (const [j, values] of batch.kept.entries()) kept[j].push(...values);
  }
  return { types: table.kept.map(({ type }) => type), kept };
}

describe('from Parquet to Parquet', () => {
  /** Values whose bits are easily lost, one of every type; a row without any. */
  const VALUES = {
    boolean: 'true',
    tinyint: '-128',
    smallint: '-32768',
    integer: '-2147483648',
    bigint: '-9007199254740993',
    utinyint: '255',
    usmallint: '65535',
    uinteger: '4294967295',
    ubigint: '18446744073709551615',
    float: '0.1',
    double: '5e-324',
    'decimal(4, 2)': '-12.34',
    'decimal(38, 5)': '-123456789012345678901234567890123.45678',
    date: "'1969-12-31'",
    time: "'23:59:59.999999'",
    timestamp: "'1900-01-01 00:00:00.000001'",
    timestamp_ns: "'2020-01-01 10:11:12.123456789'",
    timestamptz: "'2020-01-01 10:00:00+02'",
    varchar: '\'say "ü", \n\'',
    blob: "'\\x00\\xFF'",
  };

  test('every type stays, and every value to the bit', async () => {
    const types = Object.keys(VALUES);
    const columns = Object.entries(VALUES).map(([type, value], j) => `cast(${value} as ${type}) as c${j}`);
    const nothing = types.map((type) => `null::${type}`);
    const from = path('types.parquet');
    await runSql(
      `copy (select 1 as a, ${columns.join(', ')} union all select 2, ${nothing.join(', ')}) to '${from}'`,
    );
    const names = types.map((_, j) => `c${j}`);
    await copyKept(from, path('kept.parquet'), { columns: names, as: 'values' });
    const both = ['kept', 'types'].map(
      (name) => `select ${names.join(', ')} from '${path(`${name}.parquet`)}'`,
    );
    expect(await runSql(`describe ${both[0]}`)).toEqual(await runSql(`describe ${both[1]}`));
    expect(await runSql(both[0])).toEqual(await runSql(both[1]));
  });

  test('what Parquet has no simple type for becomes text', async () => {
    const from = path('nested.parquet');
    await runSql(
      `copy (select 1 as a, [1, null] as list, {'x': 1} as struct, 'u'::enum('t', 'u') as e) to '${from}'`,
    );
    const { types, kept } = await readKept(from, { columns: ['list', 'struct', 'e'], as: 'values' });
    expect(types).toEqual(['VARCHAR', 'VARCHAR', 'VARCHAR']);
    expect(kept).toEqual([['[1, NULL]'], ["{'x': 1}"], ['u']]);
  });

  test.each([1, 7, 8, 9, 2047, 2049, 70_000])(
    '%i values, every third missing, keep their places',
    async (n) => {
      const from = path(`gaps${n}.parquet`);
      const value = "case when i % 3 = 1 then null else 'v' || i end";
      await runSql(`copy (select i::double as a, ${value} as v from range(${n}) t(i)) to '${from}'`);
      await copyKept(from, path('gaps.parquet'), { columns: ['v'], as: 'values' });
      const expected = Array.from({ length: n }, (_, i) => [i % 3 === 1 ? null : `v${i}`]);
      expect(await runSql(`select v from '${path('gaps.parquet')}'`)).toEqual(expected);
    },
  );
});

describe('from CSV', () => {
  const text = 'a,id,code,day,note\n1,9007199254740993,007,2020-01-31,"x, ""y"""\n2,8,12,2021-02-01,\n';

  test('text stays as it stands', async () => {
    const { kept } = await readKept(await write('text.csv', text), {
      columns: ['note', 'id', 'code', 'day', 'a'],
      as: 'text',
    });
    expect(kept).toEqual([
      ['x, "y"', null],
      ['9007199254740993', '8'],
      ['007', '12'],
      ['2020-01-31', '2021-02-01'],
      ['1', '2'],
    ]);
  });

  test('columns get the types that lose nothing', async () => {
    await copyKept(await write('typed.csv', text), path('typed.parquet'), {
      columns: ['id', 'code', 'day', 'note'],
      as: 'values',
    });
    const rows = await runSql(`select column_type from (describe select * from '${path('typed.parquet')}')`);
    expect(rows.flat()).toEqual(['BIGINT', 'VARCHAR', 'DATE', 'VARCHAR']);
    expect((await runSql(`select id from '${path('typed.parquet')}'`)).flat()).toEqual([
      9007199254740993n,
      8n,
    ]);
  });

  test('a leading zero or a word far below whole numbers makes all of them text', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i},${i},${i}`);
    lines[25_000] = '1,007,x';
    const { types, kept } = await readKept(await write('late.csv', `a,b,c\n${lines.join('\n')}\n`), {
      columns: ['b', 'c'],
      as: 'values',
    });
    expect(types).toEqual(['VARCHAR', 'VARCHAR']);
    expect(kept.map((values) => values[25_000])).toEqual(['007', 'x']);
  });

  test('a query leaves long whole numbers as they are', async () => {
    const sql = 'select * from input where a < 2';
    const { types, kept } = await readKept(
      await write('long.csv', text),
      { columns: ['id'], as: 'values' },
      sql,
    );
    expect({ types, kept }).toEqual({ types: ['BIGINT'], kept: [[9007199254740993n]] });
  });
});

describe('choosing', () => {
  test('a kept column is no feature unless it is named as one', async () => {
    const file = await write('choose.csv', 'a,id\n1,5\n2,6\n');
    const keep: Keep = { columns: ['id'], as: 'text' };
    const table = await readTable(file, { keep });
    expect(table.columns).toEqual(['a']);
    expect(table.skipped).toEqual([]);
    await table.close();
    const both = await readTable(file, { keep, columns: ['a', 'id'] });
    expect(both.columns).toEqual(['a', 'id']);
    await both.close();
  });

  test('columns of a .npy file are kept too, and numbers only go into one', async () => {
    await writePredictions(path('in.npy'), [{ name: 'x', type: 'DOUBLE' }], twoRows());
    const table = await readTable(path('in.npy'), { keep: { columns: ['x0'], as: 'text' }, columns: ['x0'] });
    for await (const { kept } of table.batches) expect(kept).toEqual([[0.5, 1.5]]);
    const csv = await write('word.csv', 'a,s\n1,x\n');
    await expect(readTable(csv, { keep: { columns: ['s'], as: 'numbers' } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: '"keep" names "s" (VARCHAR), but a .npy file holds numbers only; write .csv or .parquet',
    });
  });

  test.each([
    [['s', 's'], '"keep" names "s" twice'],
    [['t'], /^"keep" names "t", which is not in .*; its columns are "a", "s"$/],
  ])('%j is refused', async (columns, message) => {
    const file = await write('refused.csv', 'a,s\n1,x\n');
    const error = await readTable(file, { keep: { columns, as: 'text' } }).catch((thrown) => thrown);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toMatch(message);
  });
});

async function* twoRows() {
  yield { nRows: 2, values: [Float64Array.of(0.5, 1.5)] };
}
