import { describe, expect, it } from 'vitest';
import { parseComponents, parseList } from '../../../src/cli/options/values.js';
import { formatList, formatPath, shellWord } from '../../../src/cli/terminal/text.js';

describe('lists of names', () => {
  it('keep spaces, which belong to a name or not, and lose the quotes', () => {
    expect(parseList('a, b,c ')).toEqual(['a', ' b', 'c ']);
    expect(parseList('a, "x,y" ," b","say ""hi"""')).toEqual(['a', 'x,y', ' b', 'say "hi"']);
    expect(parseList('')).toEqual(['']);
  });

  it('are written so that they are read the same', () => {
    const names = ['a', 'x,y', ' b', 'c ', 'say "hi"', '', 'two words', 'x, y'];
    expect(formatList(names)).toBe('a,"x,y"," b","c ","say ""hi""","",two words,"x, y"');
    expect(parseList(formatList(names))).toEqual(names);
  });
});

it('a word is quoted where a shell needs it', () => {
  expect(['a,b', 'two words', "it's"].map(shellWord)).toEqual(['a,b', "'two words'", "'it'\\''s'"]);
});

describe('numbers of components', () => {
  it('are numbers and ranges, with dots or a dash', () => {
    expect(parseComponents('1..3')).toEqual([1, 2, 3]);
    expect(parseComponents('1-3')).toEqual([1, 2, 3]);
    expect(parseComponents('1-2, 4, 8..9')).toEqual([1, 2, 4, 8, 9]);
    expect(parseComponents('1e2')).toEqual([100]);
  });

  it.each(['3-1', '1..100000', '1..99999999999999999999', '1-', '-1..2', '1...3', '1--3', ''])(
    'are not %j',
    (text) => {
      const wrong = () => {
        const numbers = parseComponents(text);
        if (numbers.some((k) => k < 1)) throw new Error('left to the library');
      };
      expect(wrong).toThrow();
    },
  );
});

describe('paths', () => {
  it('that are long are cut in front, between folders', () => {
    expect(formatPath('data/faithful.csv')).toBe('data/faithful.csv');
    const long = `/home/someone/${'very/'.repeat(20)}deep/folder/of/data/faithful.csv`;
    const shown = formatPath(long);
    expect(shown).toMatch(/^…\/(very\/)+deep\/folder\/of\/data\/faithful\.csv$/);
    expect(shown.length).toBeLessThanOrEqual(61);
    const name = `${'x'.repeat(100)}.csv`;
    expect(formatPath(name)).toBe(`…${name.slice(-60)}`);
    expect(formatPath('a\u001b[31m.csv')).toBe('"a\\u001b[31m.csv"');
  });
});
