import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { noteColumns } from '../../src/data/column-notes.js';
import { Dataset } from '../../src/data/dataset.js';

const random = createRandom(1);

/** A column of numbers that raise no doubt. */
const plain = (n: number) => Array.from({ length: n }, () => random.uniform());

/** @param columns - values of each column, by its name */
async function notesOf(columns: Record<string, readonly number[]>, storage?: 'float32') {
  const names = Object.keys(columns);
  const rows = columns[names[0]].map((_, i) => names.map((name) => columns[name][i]));
  return (await Dataset.from(rows, { columns: names, storage })).notes;
}

/** The message without its second line, which lists the columns to keep. */
async function messageOf(columns: Record<string, readonly number[]>): Promise<string | undefined> {
  const [note] = await notesOf({ a: plain(Object.values(columns)[0].length), ...columns });
  return note?.message.replace('\n  columns: ["a"]', '');
}

const count = (n: number, first = 0, step = 1) => Array.from({ length: n }, (_, i) => first + step * i);

describe('columns that raise doubts', () => {
  it.each([
    [count(20), 'column "x" counts the rows (0, 1, 2, …); leave it out'],
    [count(20, 1), 'column "x" counts the rows (1, 2, 3, …); leave it out'],
    [
      count(20, 1950, 0.1),
      'column "x" rises by 0.1 from row to row, as a running number or a time does; leave it out',
    ],
    [
      count(20, 7, -2),
      'column "x" falls by 2 from row to row, as a running number or a time does; leave it out',
    ],
    // Times in thirtieths of a second, rounded.
    [
      count(20, 0, 1 / 30).map((time) => Number(time.toFixed(3))),
      'column "x" rises by 0.033 from row to row, as a running number or a time does; leave it out',
    ],
    [new Array(20).fill(3.5), 'column "x" is 3.5 in every row; leave it out'],
    [count(20).map((i) => i % 2), 'column "x" has only the values 0 and 1; leave it out'],
    [[1, -1, -1, -1, 1, -1], 'column "x" has only the values -1 and 1; leave it out'],
  ])('are named with the reason: %j', async (values, message) => {
    expect(await messageOf({ x: values })).toBe(message);
  });

  it.each([
    ['a gap in the numbers', count(20).map((i) => (i < 10 ? i : i + 1))],
    ['a third value in the last row', [...count(19).map((i) => i % 2), 2]],
    ['another value in the last row', [...new Array(19).fill(1), 1.5, 2]],
    ['few rows', [0, 1, 2, 3]],
    ['few rows of two values', [0, 1, 0, 1]],
    ['several rows at each time', count(20).map((i) => Math.floor(i / 2))],
  ])('do not include columns with %s', async (_, values) => {
    expect(await messageOf({ x: values })).toBeUndefined();
  });

  it('share one warning, which lists the columns that are left', async () => {
    const n = 30;
    const flags = Object.fromEntries(count(12).map((j) => [`f${j}`, count(n).map((i) => (i + j) % 2)]));
    const zero = new Array(n).fill(0);
    const columns = { id: count(n), a: plain(n), ...flags, zero, b: plain(n), nil: zero };
    expect(await notesOf(columns)).toMatchObject([
      {
        level: 'warning',
        message:
          'column "id" counts the rows (0, 1, 2, …); columns "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9" ' +
          'and 2 more have only two values each; columns "zero", "nil" have the same value in every row; leave them out\n' +
          '  columns: ["a", "b"]',
        columns: ['a', 'b'],
      },
    ]);
  });

  it('are found across chunks, and in float32', async () => {
    const n = 300_000;
    const notes = await notesOf({ time: count(n, 0, 0.1), a: plain(n), flag: count(n).map((i) => i % 2) });
    expect(notes[0].columns).toEqual(['a']);
    const single = await notesOf({ time: count(100, 0, 0.1), a: plain(100) }, 'float32');
    expect(single[0].columns).toEqual(['a']);
  });

  it('may be all columns', async () => {
    const [{ message, columns }] = await notesOf({ x: count(9) });
    expect(message).toBe(
      'column "x" counts the rows (0, 1, 2, …); a mixture of Gaussians hardly describes this',
    );
    expect(columns).toEqual([]);
  });

  it('include columns named like labels and scores, unless the caller chose them', async () => {
    const rows = {
      nSamples: 3,
      nFeatures: 3,
      chunkRows: 3,
      chunks: [Float64Array.of(1, 2, 0, 4, 6, 1, 5, 3, 2)],
    };
    const [note, ...rest] = noteColumns(rows, ['a', 'p0', 'label'], false);
    expect(rest).toEqual([]);
    expect(note).toMatchObject({
      level: 'warning',
      message:
        'columns "p0", "label" have names of labels or scores that a mixture gives to rows; leave them out\n  columns: ["a"]',
      columns: ['a'],
    });
    expect(noteColumns(rows, ['a', 'p0', 'label'], true)).toEqual([]);
  });

  it('are examined on first access, and once', async () => {
    const values = new Float64Array(new SharedArrayBuffer(8 * 6));
    values.set([0, 1, 2, 3, 4, 5]);
    const data = await Dataset.from(values, { nFeatures: 1 });
    expect(data.notes).toHaveLength(1);
    values.fill(0);
    expect(data.notes).toBe(data.notes);
    expect(data.notes[0].message).toContain('counts the rows');
  });
});
