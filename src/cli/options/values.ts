/** Parses the values of flags. Only text that is not a number is refused here; the library checks ranges. */

import { GmmError } from '../../index.js';

/** Numbers as people write them: no `0x10`, no `Infinity`, no empty text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Longest range: more models than that are a typing error. */
const LONGEST_RANGE = 1000;

function wrong(flag: string, wanted: string, text: string): GmmError {
  return new GmmError('INVALID_OPTION', `${flag} must be ${wanted}, got ${JSON.stringify(text)}`);
}

/** @returns a parser for a flag: the whole text must be a number */
export function numberFor(flag: string, wanted = 'a number'): (text: string) => number {
  return (text) => {
    if (!NUMBER.test(text)) throw wrong(flag, wanted, text);
    return Number(text);
  };
}

/** @returns a parser for a flag: numbers separated by commas */
export function numbersFor(flag: string): (text: string) => number[] {
  const parse = numberFor(flag, 'numbers separated by commas');
  return (text) => parseWords(text).map(parse);
}

/** @returns the number, if the text is one; otherwise the text */
export function parseWordOrNumber(text: string): string | number {
  return NUMBER.test(text) ? Number(text) : text;
}

/**
 * @returns the names between commas, with their spaces: only the columns show whether a name has spaces around it. A name with a
 *   comma is quoted as in CSV: `"a,b",c`
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

/** @returns what `--noise` says: nothing more, a volume, or `both` */
export function parseNoise(text: string): { volume: number } | 'both' {
  if (text === 'both') return text;
  return { volume: numberFor('--noise', 'a number, or left out')(text) };
}
