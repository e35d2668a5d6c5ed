/** Times: one pass of EM as the difference of two fits, and medians. */

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

/** Options of `fit` for exact EM from given parameters, a fixed number of passes. */
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
 * Seconds of one pass: those of a fit of 1 + `passes` iterations less those of a fit of one, so that what a fit
 * does once (moments of the data, the last pass, the result) is left out. E-step, merging, M-step and every
 * barrier of a pass are in.
 *
 * @param fit - maxIter → promise of a fit
 */
export async function timePass(fit, passes) {
  const first = await timeSeconds(() => fit(1));
  const all = await timeSeconds(() => fit(1 + passes));
  return (all - first) / passes;
}
