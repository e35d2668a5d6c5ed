/** Cells as numbers: the grammar of numbers, and the words for a missing value. */

/** Digits, with single underscores between them: 1_000. */
const DIGITS = '\\d+(?:_\\d+)*';

/** The same grammar as DuckDB's cast, including `+-1`: a cell means the same to both readers. */
const NUMBER = new RegExp(
  `^\\+?-?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`,
  'i',
);

/** Words for a missing value, in lower case: the lists of pandas, R, SAS, Stata and spreadsheets. */
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
 * @param decimalComma - whether 1,5 means one and a half; then 1.5 is not a number, since the dot may separate thousands
 * @returns the nearest float64; ±Infinity for `inf` and for numbers that are too large; NaN for any other text
 */
export function parseNumber(text: string, decimalComma: boolean): number {
  if (decimalComma) {
    if (text.includes('.')) return Number.NaN;
    return parseNumber(text.replace(',', '.'), false);
  }
  const value = Number(text);
  // Number() also accepts 0x10 and blank text.
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
