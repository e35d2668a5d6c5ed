/** What follows a flag → a value. Only what is not a number at all is refused here; ranges are the library's to check. */

import { GmmError } from '../../index.js';

/** Numbers as people write them: no `0x10`, no `Infinity`, no empty text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Longest range taken: more models than that is a slip of the finger. */
const LONGEST_RANGE = 1000;

function wrong(flag: string, wanted: string, text: string): GmmError {
  return new GmmError('INVALID_OPTION', `${flag} must be ${wanted}, got ${JSON.stringify(text)}`);
}

/** @returns a parser of numbers for a flag, strict: all of the text must be one */
export function numberFor(flag: string, wanted = 'a number'): (text: string) => number {
  return (text) => {
    if (!NUMBER.test(text)) throw wrong(flag, wanted, text);
    return Number(text);
  };
}

/**
 * @returns the names between commas, as they stand, spaces and all: whether a name has them is known when the columns are.
 *   One with a comma is quoted as in CSV: `"a,b",c`
 */
export function parseList(text: string): string[] {
  const items = [...text.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g)];
  return items.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** @returns the words between commas */
export function parseWords(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** @returns the numbers of `3`, `2,4,6`, `1..9` or `1-9`, or `1..4,8,16`, in that order */
export function parseComponents(text: string): number[] {
  const wanted = 'numbers like 3, 1..9 or 2,4,6';
  return parseWords(text).flatMap((item) => {
    const range = /^(\d+)(?:\.\.|-)(\d+)$/.exec(item);
    if (!range) return [numberFor('-k', wanted)(item)];
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (last < first) throw wrong('-k', 'a range from low to high', item);
    if (last - first >= LONGEST_RANGE) throw wrong('-k', `a range of at most ${LONGEST_RANGE} numbers`, item);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
