/** Numbers for people: with a true minus sign, and without meaningless digits. */

/** Significant digits of the largest number of a column. */
const DIGITS = 6;

function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

/** @returns the number with six significant digits, without zeros at the end */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const plain = magnitude >= -4 && magnitude < 9;
  return withMinus(
    plain ? String(Number(value.toPrecision(DIGITS))) : String(Number(value.toExponential(3))),
  );
}

/** @returns all numbers with the same number of decimals, so that the decimal points of a column are in line */
export function formatAlike(values: readonly number[]): string[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return values.map(() => '0');
  const magnitude = Math.floor(Math.log10(largest));
  if (magnitude < -4 || magnitude >= 9) return values.map((value) => withMinus(value.toExponential(3)));
  const most = Math.max(0, DIGITS - 1 - magnitude);
  // No more decimals than the values have: ages stay whole numbers.
  const decimals = values.reduce((needed, value) => {
    const fraction = /\.(\d*?)0*$/.exec(value.toFixed(most))?.[1] ?? '';
    return Math.max(needed, fraction.length);
  }, 0);
  return values.map((value) => withMinus(value.toFixed(decimals)));
}

/** @returns three decimals; only 0 reads as 0, and only 1 reads as 1 */
export function formatProbability(value: number): string {
  if (value > 0 && value < 0.0005) return '<0.001';
  if (value < 1 && value > 0.9995) return '>0.999';
  return value.toFixed(3);
}

/** @returns a difference of probabilities: three decimals, or one digit of a smaller difference */
export function formatMargin(value: number): string {
  return value > 0 && value < 0.001 ? withMinus(value.toExponential(0)) : value.toFixed(3);
}

/** @returns the number with two decimals */
export function formatFixed(value: number): string {
  return Math.abs(value) < 1e12 ? withMinus(value.toFixed(2)) : formatNumber(value);
}

/** @returns a total in nats: two decimals, or none from 100,000 on */
export function formatTotal(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e12) return formatNumber(value);
  const digits = size < 1e5 ? 2 : 0;
  return withMinus(
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
}
