/**
 * The kernel's two functions over a stretch of rows: `accumulate` for EM, `score` for labels, probabilities and densities.
 *
 * The kernel owns the memory of its constants only. The caller lays out all other memory (the map is in
 * src/kernel/layout.ts) and passes the addresses once, to `use`. A stretch is processed in blocks of at most `blockRows`
 * rows: all work on a block is done while it is in the cache. Each covariance type has its own code for a block, so that
 * none pays for the statistics of another.
 *
 * Parameters, as src/kernel/prepare.ts writes them: log ρ₀ of the noise, then by form
 *   full      | for each component: c, μ (d), W (d (d + 1) / 2)
 *   tied      | once: m (d), W (d (d + 1) / 2); for each component: c, μ (d), ν = W (μ − m) (d)
 *   diagonal  | for each component: c, μ (d), w (d)
 *   spherical | for each component: c, μ (d), w (1)
 */

import { logProbDiag, logProbSpherical, scatterAxes } from './axis-aligned';
import { pack, packWeights, TILE } from './block';
import { logProbFull, scatterFull } from './full';
import { addCount, gather } from './gather';
import { logSumExp, NO_BIT, NOTHING } from './log-sum-exp';
import { whiten } from './whiten';

/** Forms of covariances, by `kernelId` in src/core/covariance. */
// @ts-ignore: decorator
@inline const FULL: i32 = 0;
// @ts-ignore: decorator
@inline const TIED: i32 = 1;
// @ts-ignore: decorator
@inline const DIAG: i32 = 2;

/** Doubles before the counts in the statistics: log-likelihood, Σ w ln max r, Σ w, largest change, Σ w r₀. */
// @ts-ignore: decorator
@inline const TOTALS: usize = 5;

/**
 * With fewer features than this, gathering costs more than the multiply–adds that it saves: the scatter of a row costs
 * d (d + 1) / 2, gathering it some 3 d.
 */
// @ts-ignore: decorator
@inline const GATHER_FROM: i32 = 6;

/** The first address that the caller may use: the kernel's constants are before it. */
export const firstFree: usize = __heap_base;

let type: i32 = 0;
let d: i32 = 0;
let k: i32 = 0;
let blockRows: i32 = 0;
let parameters: usize = 0;
let statistics: usize = 0;
let x: usize = 0;
let centered: usize = 0;
let weighted: usize = 0;
let gatheredX: usize = 0;
let gatheredR: usize = 0;
let logProb: usize = 0;
let weights: usize = 0;
let logDensity: usize = 0;

/** Sets sizes and addresses, which stay valid until the next call; see src/kernel/layout.ts. */
export function use(
  type_: i32,
  d_: i32,
  k_: i32,
  blockRows_: i32,
  parameters_: usize,
  statistics_: usize,
  x_: usize,
  centered_: usize,
  weighted_: usize,
  gatheredX_: usize,
  gatheredR_: usize,
  logProb_: usize,
  weights_: usize,
  logDensity_: usize,
): void {
  type = type_;
  d = d_;
  k = k_;
  blockRows = blockRows_;
  parameters = parameters_;
  statistics = statistics_;
  x = x_;
  centered = centered_;
  weighted = weighted_;
  gatheredX = gatheredX_;
  gatheredR = gatheredR_;
  logProb = logProb_;
  weights = weights_;
  logDensity = logDensity_;
}

// @ts-ignore: decorator
@inline
function triangle(): i32 {
  return (d * (d + 1)) >> 1;
}

/** Address of component j's parameters. */
// @ts-ignore: decorator
@inline
function component(j: i32): usize {
  if (type == TIED) return parameters + (<usize>(1 + d + triangle() + j * (1 + 2 * d)) << 3);
  const rest = type == FULL ? triangle() : type == DIAG ? d : 1;
  return parameters + (<usize>(1 + j * (1 + d + rest)) << 3);
}

/**
 * Bytes from the log-probabilities of a component to those of the next: a tile more than a block. At a power of two the
 * same row of many components would map to the same few cache sets.
 */
// @ts-ignore: decorator
@inline
function stride(): usize {
  return <usize>(blockRows + TILE) << 3;
}

/** Address of component j's (blockRows) log-probabilities, later its responsibilities. */
// @ts-ignore: decorator
@inline
function column(j: i32): usize {
  return logProb + <usize>j * stride();
}

/** E-step of a block of m rows: writes responsibilities to `logProb` and log-densities to `logDensity`, and adds to the totals. */
function eStep(rows: usize, m: i32, sampleWeight: usize, multiply: bool, flush: f64): void {
  const tiles = (m + TILE - 1) / TILE;
  const featureBytes = <usize>d << 3;
  pack(rows, m, d, x);
  packWeights(sampleWeight, m, weights);
  if (type == FULL) {
    for (let j = 0; j < k; j++) logProbFull(x, tiles, d, component(j), centered, column(j));
  } else if (type == DIAG) {
    for (let j = 0; j < k; j++) logProbDiag(x, tiles, d, component(j), column(j));
  } else if (type == TIED) {
    whiten(x, tiles, d, parameters + 8, parameters + 8 + featureBytes, centered, weighted);
    for (let j = 0; j < k; j++) {
      const c = component(j);
      logProbSpherical(weighted, tiles, d, c, c + 8 + featureBytes, 1, column(j));
    }
  } else {
    for (let j = 0; j < k; j++) {
      const c = component(j);
      logProbSpherical(x, tiles, d, c, c + 8, f64.load(c + 8 + featureBytes), column(j));
    }
  }
  logSumExp(f64.load(parameters), k, tiles, stride(), logProb, weights, multiply, flush, logDensity, statistics);
}

/** Adds the statistics of the block to those of component j. */
// @ts-ignore: decorator
@inline
function addStatistics(j: i32, tiles: i32, counts: usize, sums: usize, scatters: usize): void {
  const r = column(j);
  const active = addCount(r, tiles, counts + (<usize>j << 3));
  if (active == 0) return;
  const means = component(j) + 8;
  const sum = sums + (<usize>(j * d) << 3);
  if (type == FULL) {
    const scatter = scatters + (<usize>(j * triangle()) << 3);
    // Gathering pays if at least a quarter of the rows can be left out.
    if (d >= GATHER_FROM && active * 4 <= tiles * TILE * 3) {
      const gathered = gather(x, tiles, d, r, gatheredX, gatheredR);
      scatterFull(gatheredX, gathered, d, means, gatheredR, centered, weighted, sum, scatter);
    } else {
      scatterFull(x, tiles, d, means, r, centered, weighted, sum, scatter);
    }
  } else if (type == DIAG) {
    scatterAxes(x, tiles, d, means, r, sum, scatters + (<usize>(j * d) << 3), 8);
  } else {
    scatterAxes(x, tiles, d, means, r, sum, type == TIED ? 0 : scatters + (<usize>j << 3), 0);
  }
}

/**
 * E-step over n rows: adds their statistics.
 *
 * @param rows - in: (n × d) row-major, finite
 * @param sampleWeight - in: (n), or 0 without weights
 * @param previous - in/out: (n × k, block by block) responsibilities × weight of the pass before; 0 not to track changes
 */
export function accumulate(rows: usize, n: i32, sampleWeight: usize, previous: usize): void {
  const counts = statistics + (TOTALS << 3);
  const sums = counts + (<usize>k << 3);
  const scatters = sums + (<usize>(k * d) << 3);
  for (let first = 0; first < n; first += blockRows) {
    const m = min(blockRows, n - first);
    const tiles = (m + TILE - 1) / TILE;
    eStep(rows, m, sampleWeight, true, NO_BIT);
    if (previous) {
      trackChange(m, previous, statistics + 24);
      previous += <usize>(m * k) << 3;
    }
    for (let j = 0; j < k; j++) addStatistics(j, tiles, counts, sums, scatters);
    rows += <usize>(m * d) << 3;
    if (sampleWeight) sampleWeight += <usize>m << 3;
  }
}

/** largest = max(largest, |r − previous r|) over the rows of a block with positive weight; then previous = r. */
function trackChange(m: i32, previous: usize, largest: usize): void {
  let change = f64.load(largest);
  for (let j = 0; j < k; j++) {
    const r = column(j);
    for (let i = 0; i < m; i++) {
      const at = <usize>i << 3;
      const weight = f64.load(weights + at);
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
 * Writes responsibilities and log-densities of n rows, and adds their totals to the statistics.
 *
 * @param rows - in: (n × d) row-major, finite
 * @param sampleWeight - in: (n), or 0 without weights
 * @param responsibilities - out: (n × k) row-major
 * @param density - out: (n)
 */
export function score(
  rows: usize,
  n: i32,
  sampleWeight: usize,
  responsibilities: usize,
  density: usize,
): void {
  for (let first = 0; first < n; first += blockRows) {
    const m = min(blockRows, n - first);
    eStep(rows, m, sampleWeight, false, NOTHING);
    memory.copy(density, logDensity, <usize>m << 3);
    for (let i = 0; i < m; i++) {
      let r = logProb + (<usize>i << 3);
      for (let j = 0; j < k; j++) {
        f64.store(responsibilities, f64.load(r));
        responsibilities += 8;
        r += stride();
      }
    }
    rows += <usize>(m * d) << 3;
    if (sampleWeight) sampleWeight += <usize>m << 3;
    density += <usize>m << 3;
  }
}
