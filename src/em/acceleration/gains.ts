/** Estimates from the gains of the last steps. */

/** An estimate of the gain still to come. */
export interface GainEstimate {
  /** Gain of the objective for each row; infinite if the last steps do not tell. */
  readonly toCome: number;
  /** Whether it comes from measured curvature. */
  readonly isMeasured: boolean;
}

/** EM is fast enough by itself if each step shrinks the gain by more than this factor. */
const QUICK = 0.5;

/** Number of gains whose sum is compared with the sum of as many gains before. */
const WINDOW = 5;

/** Whether a gain shows that plain EM is slow. Gains that grow belong to the first steps, or to the way off a plateau. */
export function isSlowGain(gain: number, before: readonly number[]): boolean {
  const ratio = gain / (before.at(-1) ?? Number.NaN);
  return ratio > QUICK && ratio < 1;
}

/** @returns the gains to remember, the latest at the end */
export function rememberGain(before: readonly number[], gain: number): readonly number[] {
  return [...before.slice(1 - 2 * WINDOW), gain];
}

/**
 * Aitken's estimate of all gains to come. It uses sums, because single gains fluctuate.
 *
 * @returns infinite if the gains do not shrink or are too few
 */
export function estimateFromGains(gains: readonly number[]): number {
  const width = Math.min(WINDOW, Math.floor(gains.length / 2));
  if (width === 0) return Number.POSITIVE_INFINITY;
  const last = Math.abs(sumOf(gains, gains.length - width, gains.length));
  const before = Math.abs(sumOf(gains, gains.length - 2 * width, gains.length - width));
  if (last < before) return last ** 2 / (before - last);
  return last > 0 ? Number.POSITIVE_INFINITY : 0;
}

function sumOf(values: readonly number[], first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += values[i];
  return sum;
}
