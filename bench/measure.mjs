/** Times and medians. The time of a pass is the difference of two fits. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @returns seconds that `work` takes */
export async function timeSeconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Options of `fit` for plain EM from given parameters, with a fixed number of passes. */
export function exactEm(start, maxIter) {
  return {
    nComponents: start.weights.length,
    init: start,
    maxIter,
    tol: 0,
    covarianceFloor: 0,
    acceleration: 'none',
  };
}

/**
 * Seconds of one pass: the time of a fit of 1 + `passes` iterations less the time of a fit of 1 iteration, divided by
 * `passes`. It includes E-step, merging, M-step and every barrier. It excludes the work that a fit does once: moments of
 * the data, the last pass, the result.
 *
 * @param fit - maxIter → promise of a fit
 */
export async function timePass(fit, passes) {
  const first = await timeSeconds(() => fit(1));
  const all = await timeSeconds(() => fit(1 + passes));
  return (all - first) / passes;
}
