/** How certain a mixture is of a row's component. */

/** The label of a row that is noise. */
export const NOISE_LABEL = -1;

export interface Certainty {
  /** The likeliest component; the lowest of several equal ones. −1 where noise is likelier than all. */
  label: number;
  /** The second likeliest component or noise; `undefined` if there is only one. */
  second: number | undefined;
  /** Their probabilities; 0 where there is no second. */
  first: number;
  other: number;
  /** The difference of their probabilities, or the only probability. */
  margin: number;
}

/**
 * @param responsibilities - (n × k) row-major
 * @param i - index of the row
 * @param k - components
 * @param hasNoise - whether the rest to 1 is the probability of noise
 */
export function judgeRow(
  responsibilities: ArrayLike<number>,
  i: number,
  k: number,
  hasNoise = false,
): Certainty {
  let label = 0;
  let first = responsibilities[i * k];
  let second: number | undefined;
  let other = 0;
  let rest = 1 - first;
  const rank = (j: number, r: number): void => {
    if (r > first) {
      [second, other] = [label, first];
      [label, first] = [j, r];
    } else if (second === undefined || r > other) [second, other] = [j, r];
  };
  for (let j = 1; j < k; j++) {
    const r = responsibilities[i * k + j];
    rest -= r;
    rank(j, r);
  }
  if (hasNoise) rank(NOISE_LABEL, Math.max(0, rest));
  return { label, second, first, other, margin: first - other };
}
