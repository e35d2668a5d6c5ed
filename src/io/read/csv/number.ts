/** What text means as a number: the grammar of a cell, and the words for a cell without a value. */

/** Digits, in which an underscore may stand between two: 1_000. */
const DIGITS = '\\d+(?:_\\d+)*';

/** As DuckDB's cast reads it, `+-1` included: whichever reader comes to a cell, it means the same. */
const NUMBER = new RegExp(
  `^\\+?-?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
  'i',
);

/** Words for "no value", in lower case; pandas' list and those of R, SAS, Stata and spreadsheets. */
export const MISSING_WORDS: readonly string[] = [
  ...['', 'na', 'n/a', '#n/a', '#na', 'n.a.', '<na>', 'nan', '-nan', '+nan', 'null', 'none', 'nil'],
  ...['missing', '?', '-', '--', '–', '—', '.', '..'],
];

const missing = new Set(MISSING_WORDS);

/** @returns whether a cell says that it has no value */
export function isMissing(text: string): boolean {
  return missing.has(text.trim().toLowerCase());
}

/**
 * @param text - a cell
 * @param decimalComma - whether 1,5 is one and a half; then 1.5 is no number, since the dot may separate thousands
 * @returns the nearest float64, ±Infinity for `inf` and what is too large, NaN for everything else
 */
export function parseNumber(text: string, decimalComma: boolean): number {
  if (decimalComma) {
    if (text.includes('.')) return Number.NaN;
    return parseNumber(text.replace(',', '.'), false);
  }
  const value = Number(text);
  // Number takes more than decimals: 0x10, blanks alone.
  if (
    value - value === 0 &&
    text.charCodeAt(0) > 32 &&
    !(text.charCodeAt(1) > 65 && value >= 0 && isRadix(text))
  )
    return value;
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed.replaceAll('_', '').replace(/^\+-/, '-'));
  const infinite = /^\+?(-?)inf(?:inity)?$/i.exec(trimmed);
  return infinite ? Number(`${infinite[1]}Infinity`) : Number.NaN;
}

/** `0x1f`, `0o17`, `0b1` */
function isRadix(text: string): boolean {
  return /^0[xob]/i.test(text);
}
