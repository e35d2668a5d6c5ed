/**
 * The kernel's two verbs over a stretch of rows: `accumulate` for EM, `score` for everything that asks about rows.
 *
 * It owns no memory: the caller lays it out (src/kernel/layout.ts has the map) and passes addresses. A stretch
 * is worked off in blocks of at most `blockRows` rows, all of whose work is done while they are in the cache.
 */

import { pack, packWeights, TILE } from './block';
import { logProbFull, scatterFull } from './full';
import { logSumExp } from './log-sum-exp';

/** Doubles before the counts in the statistics: log-likelihood, Σ ln max r, Σ w, largest change. */
// @ts-ignore: decorator
@inline const TOTALS: usize = 4;

/**
 * Scratch of a block, by address; the caller's map gives each its place.
 *
 *   x, centered, weighted | blockRows · d each
 *   logProb               | k · blockRows
 *   weights, logDensity   | blockRows each
 */
// @ts-ignore: decorator
@lazy let X: usize = 0;
// @ts-ignore: decorator
@lazy let CENTERED: usize = 0;
// @ts-ignore: decorator
@lazy let WEIGHTED: usize = 0;
// @ts-ignore: decorator
@lazy let LOG_PROB: usize = 0;
// @ts-ignore: decorator
@lazy let WEIGHTS: usize = 0;
// @ts-ignore: decorator
@lazy let LOG_DENSITY: usize = 0;

/** Tells where the scratch is; valid till the next call. */
export function useScratch(
  x: usize,
  centered: usize,
  weighted: usize,
  logProb: usize,
  weights: usize,
  logDensity: usize,
): void {
  X = x;
  CENTERED = centered;
  WEIGHTED = weighted;
  LOG_PROB = logProb;
  WEIGHTS = weights;
  LOG_DENSITY = logDensity;
}

/** E-step of a block of m rows: responsibilities (× weights, if `multiply`) in LOG_PROB, log-densities in LOG_DENSITY. */
// @ts-ignore: decorator
@inline
function eStep(
  rows: usize,
  m: i32,
  d: i32,
  k: i32,
  blockRows: i32,
  sampleWeight: usize,
  multiply: bool,
  parameters: usize,
  totals: usize,
): void {
  const tiles = (m + TILE - 1) / TILE;
  const stride = <usize>blockRows << 3;
  const componentBytes = <usize>(1 + d + ((d * (d + 1)) >> 1)) << 3;
  pack(rows, m, d, X);
  packWeights(sampleWeight, m, WEIGHTS);
  for (let j = 0; j < k; j++) {
    logProbFull(X, tiles, d, parameters + <usize>j * componentBytes, CENTERED, LOG_PROB + <usize>j * stride);
  }
  logSumExp(k, tiles << 2, stride, LOG_PROB, WEIGHTS, multiply, LOG_DENSITY, totals);
}

/**
 * E-step and statistics over n rows.
 *
 * @param rows - in: (n × d) row-major, finite
 * @param sampleWeight - in: (n) or 0 for none
 * @param parameters - in: k components, as in full.ts
 * @param statistics - in/out: totals (4), counts (k), sums (k × d), scatters (k × d (d + 1) / 2)
 * @param previous - in/out: (n × k in blocks) responsibilities × weight of the pass before, or 0 not to track them
 */
export function accumulate(
  rows: usize,
  n: i32,
  d: i32,
  k: i32,
  blockRows: i32,
  sampleWeight: usize,
  parameters: usize,
  statistics: usize,
  previous: usize,
): void {
  const triangle = (d * (d + 1)) >> 1;
  const componentBytes = <usize>(1 + d + triangle) << 3;
  const counts = statistics + (TOTALS << 3);
  const sums = counts + (<usize>k << 3);
  const scatters = sums + (<usize>(k * d) << 3);
  for (let first = 0; first < n; first += blockRows) {
    const m = min(blockRows, n - first);
    const tiles = (m + TILE - 1) / TILE;
    eStep(rows, m, d, k, blockRows, sampleWeight, true, parameters, statistics);
    if (previous) {
      trackChange(m, k, blockRows, previous, statistics + 24);
      previous += <usize>(m * k) << 3;
    }
    for (let j = 0; j < k; j++) {
      scatterFull(
        X,
        tiles,
        d,
        parameters + <usize>j * componentBytes,
        LOG_PROB + (<usize>(j * blockRows) << 3),
        CENTERED,
        WEIGHTED,
        counts + (<usize>j << 3),
        sums + (<usize>(j * d) << 3),
        scatters + (<usize>(j * triangle) << 3),
      );
    }
    rows += <usize>(m * d) << 3;
    if (sampleWeight) sampleWeight += <usize>m << 3;
  }
}

/** largest = max(largest, |r − previous r|) over a block; previous becomes r. Rows of weight 0 don't count. */
function trackChange(m: i32, k: i32, blockRows: i32, previous: usize, largest: usize): void {
  let change = f64.load(largest);
  for (let j = 0; j < k; j++) {
    const r = LOG_PROB + (<usize>(j * blockRows) << 3);
    for (let i = 0; i < m; i++) {
      const at = <usize>i << 3;
      const weight = f64.load(WEIGHTS + at);
      const now = f64.load(r + at);
      const difference = abs(now - f64.load(previous + at));
      if (difference > change * weight) change = difference / weight;
      f64.store(previous + at, now);
    }
    previous += <usize>m << 3;
  }
  f64.store(largest, change);
}

/**
 * Responsibilities and log-densities of n rows.
 *
 * @param rows - in: (n × d) row-major, finite
 * @param parameters - in: k components, as in full.ts
 * @param responsibilities - out: (n × k) row-major
 * @param logDensity - out: (n)
 * @param totals - in/out: (4) Σ w log p(x), Σ w ln max r, Σ w are added
 */
export function score(
  rows: usize,
  n: i32,
  d: i32,
  k: i32,
  blockRows: i32,
  sampleWeight: usize,
  parameters: usize,
  responsibilities: usize,
  logDensity: usize,
  totals: usize,
): void {
  for (let first = 0; first < n; first += blockRows) {
    const m = min(blockRows, n - first);
    eStep(rows, m, d, k, blockRows, sampleWeight, false, parameters, totals);
    memory.copy(logDensity, LOG_DENSITY, <usize>m << 3);
    for (let i = 0; i < m; i++) {
      let r = LOG_PROB + (<usize>i << 3);
      for (let j = 0; j < k; j++) {
        f64.store(responsibilities, f64.load(r));
        responsibilities += 8;
        r += <usize>blockRows << 3;
      }
    }
    rows += <usize>(m * d) << 3;
    if (sampleWeight) sampleWeight += <usize>m << 3;
    logDensity += <usize>m << 3;
  }
}
