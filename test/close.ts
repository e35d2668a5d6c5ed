/** Compares arrays of numbers within a tolerance, and results bit by bit. */

import { expect } from 'vitest';

/**
 * The largest |actual − expected| / max(|expected|, scale); Infinity if a number is NaN or the lengths differ.
 *
 * @param scale - the error of smaller numbers is relative to this; default 0, relative to the number itself
 */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>, scale = 0): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error >= 0)) return Number.POSITIVE_INFINITY;
    if (error > 0) largest = Math.max(largest, error / Math.max(Math.abs(expected[i]), scale));
  }
  return largest;
}

/** Expects `largestError` to be at most `tolerance`. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  scale = 0,
): void {
  expect(largestError(actual, expected, scale)).toBeLessThanOrEqual(tolerance);
}

/** Every number in a value, at any depth, as the bytes of its double: equal strings are equal bits. */
export function bitsOf(value: unknown): string {
  const numbers: number[] = [];
  const collect = (part: unknown): void => {
    if (typeof part === 'number') numbers.push(part);
    else if (ArrayBuffer.isView(part)) numbers.push(...(part as Float64Array));
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(collect);
  };
  collect(value);
  return Buffer.from(Float64Array.from(numbers).buffer).toString('base64');
}
