/** What the gains of the last steps tell of the gains to come. */

/** Where a plain step shrinks the gain by more than this, EM is quick enough by itself. */
const QUICK = 0.5;

/** Gains whose sum is compared with that of as many before. */
const WINDOW = 5;

/** Whether a gain shows that plain EM is slow enough to be helped; gains that grow are those of the first steps, or of a way off a plateau. */
export function isSlowGain(gain: number, before: readonly number[]): boolean {
  const ratio = gain / (before.at(-1) ?? Number.NaN);
  return ratio > QUICK && ratio < 1;
}

/** The gains that are remembered, the latest at the end. */
export function rememberGain(before: readonly number[], gain: number): readonly number[] {
  return [...before.slice(1 - 2 * WINDOW), gain];
}

/**
 * Aitken's estimate of all gains to come, on sums of gains because single gains go up and down.
 *
 * @returns infinite where the gains do not shrink, or are too few
 */
export function estimateFromGains(gains: readonly number[]): number {
  const width = Math.min(WINDOW, Math.floor(gains.length / 2));
  if (width === 0) return Number.POSITIVE_INFINITY;
  const sum = (values: readonly number[]) => Math.abs(values.reduce((total, value) => total + value, 0));
  const last = sum(gains.slice(-width));
  const before = sum(gains.slice(-2 * width, -width));
  if (last < before) return last ** 2 / (before - last);
  return last > 0 ? Number.POSITIVE_INFINITY : 0;
}
