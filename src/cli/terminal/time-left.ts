/** Estimates the remaining time from the time so far, in words that do not claim more precision than there is. */

/** No estimate before this share is done and this time has passed. */
const FEWEST_SHARE = 0.01;
const SOONEST_MS = 1500;

/** Half-life of the exponential smoothing, so that the text does not jump with every event. */
const HALF_LIFE_MS = 4000;

export interface TimeLeft {
  /**
   * @param share - of the work that is done, in [0, 1]
   * @param now - milliseconds on a monotonic clock
   * @returns `about 2 min left`; empty while it is too early for an estimate
   */
  tell(share: number, now: number): string;
}

/** @param begin - when the work began, on the same clock */
export function createTimeLeft(begin: number): TimeLeft {
  let smoothed: number | undefined;
  let last = begin;
  return {
    tell(share, now) {
      const gone = now - begin;
      if (share < FEWEST_SHARE || gone < SOONEST_MS) return '';
      const estimate = (gone / share) * (1 - share);
      const passed = now - last;
      last = now;
      if (smoothed === undefined) smoothed = estimate;
      else {
        const expected = Math.max(0, smoothed - passed);
        smoothed = expected + (1 - 0.5 ** (passed / HALF_LIFE_MS)) * (estimate - expected);
      }
      return formatTimeLeft(smoothed);
    },
  };
}

/** `a few seconds left`, `about 40 s left`, `about 2 min left`, `about 1.5 h left` */
export function formatTimeLeft(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 7.5) return 'a few seconds left';
  if (seconds < 55) return `about ${5 * Math.round(seconds / 5)} s left`;
  if (seconds < 57 * 60) {
    const minutes = Math.max(1, Math.round(seconds / 60));
    return `about ${minutes < 20 ? minutes : 5 * Math.round(minutes / 5)} min left`;
  }
  const hours = seconds / 3600;
  return `about ${hours < 5 ? Math.max(1, Math.round(2 * hours) / 2) : Math.round(hours)} h left`;
}
