/** How certain a mixture is of a row's component. */

export interface Certainty {
  /** The likeliest component; the lowest of several equal ones. */
  label: number;
  /** The second likeliest component; `undefined` if there is only one. */
  second: number | undefined;
  /** The difference of their probabilities, or the only probability. */
  margin: number;
}

/**
 * @param responsibilities - (n × k) row-major
 * @param i - index of the row
 * @param k - components
 */
export function judgeRow(responsibilities: ArrayLike<number>, i: number, k: number): Certainty {
  let label = 0;
  let second: number | undefined;
  for (let j = 1; j < k; j++) {
    const r = responsibilities[i * k + j];
    if (r > responsibilities[i * k + label]) {
      second = label;
      label = j;
    } else if (second === undefined || r > responsibilities[i * k + second]) second = j;
  }
  const runnerUp = second === undefined ? 0 : responsibilities[i * k + second];
  return { label, second, margin: responsibilities[i * k + label] - runnerUp };
}
