/** Numbers as people read them: a real minus sign, as many digits as say something. */

/** Significant digits of the largest number of a column. */
const DIGITS = 6;

function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

/** @returns with six significant digits, without zeros at the end */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const plain = magnitude >= -4 && magnitude < 9;
  return withMinus(
    plain ? String(Number(value.toPrecision(DIGITS))) : String(Number(value.toExponential(3))),
  );
}

/** @returns every number with as many decimals, so that the points of a column stand in line */
export function formatAlike(values: readonly number[]): string[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return values.map(() => '0');
  const magnitude = Math.floor(Math.log10(largest));
  if (magnitude < -4 || magnitude >= 9) return values.map((value) => withMinus(value.toExponential(3)));
  const decimals = Math.min(8, Math.max(0, DIGITS - 1 - magnitude));
  return values.map((value) => withMinus(value.toFixed(decimals)));
}

/** @returns three decimals; what is not 0 or 1 never reads so */
export function formatProbability(value: number): string {
  if (value > 0 && value < 0.0005) return '<0.001';
  if (value < 1 && value > 0.9995) return '>0.999';
  return value.toFixed(3);
}

/** `1,234` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 row`, `1,234 rows` */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
