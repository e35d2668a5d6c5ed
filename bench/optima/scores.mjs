/** Figures over the judged fits of many problems, each problem with its fits of several seeds. */

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const share = (values, holds) => values.filter(holds).length / values.length;
const isNumber = (value) => Number.isFinite(value);
const secondsOf = (lines) => median(lines.map(({ seconds }) => seconds));
const freshOf = (lines) => mean(lines.map(({ fresh }) => fresh).filter(isNumber));

/** Mean loss for each row of the fits that did not fail; a failed fit makes its problem's loss infinite in a comparison. */
const lossOf = (lines) => mean(lines.map(({ loss }) => (isNumber(loss) ? loss : Number.POSITIVE_INFINITY)));

/** @param problems - the judged fits of each problem */
export function summarizeSeries(problems) {
  const fits = problems.flat();
  const losses = fits.map(({ loss }) => loss).filter(isNumber);
  return {
    fits: fits.length,
    at: share(fits, ({ isAt }) => isAt),
    spurious: share(fits, ({ isSpurious }) => isSpurious),
    never: share(problems, (lines) => lines.every(({ isAt }) => !isAt)),
    failed: fits.filter(({ error }) => error).length,
    loss: mean(losses),
    missLoss: mean(losses.filter((loss) => loss > 0)),
    freshLoss: mean(fits.map(({ freshLoss }) => freshLoss).filter(isNumber)),
    medianSeconds: median(fits.map(({ seconds }) => seconds)),
    meanSeconds: mean(fits.map(({ seconds }) => seconds)),
  };
}

/** Losses that differ by less than this, for each row, are equal. */
const EQUAL = 1e-5;

/** @param pairs - the judged fits of each problem by the first and by the second series */
export function compareSeries(pairs) {
  const gains = pairs.map(([first, second]) => lossOf(first) - lossOf(second));
  const firsts = pairs.map(([first]) => secondsOf(first));
  const seconds = pairs.map(([, second]) => secondsOf(second));
  const fresh = pairs.map(([first, second]) => freshOf(second) - freshOf(first)).filter(isNumber);
  return {
    better: share(gains, (gain) => gain > EQUAL),
    worse: share(gains, (gain) => gain < -EQUAL),
    medianRatio: median(seconds.map((value, i) => value / firsts[i])),
    ratioOfMedians: median(seconds) / median(firsts),
    ratioOfMeans: mean(seconds) / mean(firsts),
    fresh: mean(fresh),
  };
}
