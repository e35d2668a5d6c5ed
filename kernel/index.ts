/**
 * The kernel's two functions over a stretch of rows: `accumulate` for EM, `score` for labels, probabilities and densities.
 *
 * A stretch is processed in blocks of at most `blockRows` rows: all work on a block is done while it is in the cache. Each
 * form has its own code for a block, so that none pays for the statistics of another.
 */

import { logProbDiag, logProbSpherical, scatterAxes } from './axis-aligned';
import { pack, packWeights, TILE } from './block';
import { logProbFull } from './full';
import { addCount, gather } from './gather';
import { logSumExp, NO_BIT, NOTHING } from './log-sum-exp';
import { logSumExpOverNoise, REACH } from './noise';
import { scatterFull } from './scatter';
import {
  blockRows,
  centered,
  column,
  commonScatter,
  component,
  d,
  DIAG,
  FULL,
  gatheredR,
  gatheredX,
  k,
  logDensity,
  logProb,
  parameters,
  scaleColumn,
  scaledCounts,
  statistics,
  stride,
  tails,
  TIED,
  TOTALS,
  triangle,
  type,
  weighted,
  weights,
  x,
} from './shape';
import { addScaled, logProbT, TAIL_BYTES } from './student-t';
import { whiten } from './whiten';

export { firstFree, use } from './shape';

/**
 * With fewer features than this, gathering costs more than the multiply–adds that it saves: the scatter of a row costs
 * d (d + 1) / 2, gathering it some 3 d.
 */
// @ts-ignore: decorator
@inline const GATHER_FROM: i32 = 6;

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
  if (tails) {
    for (let j = 0; j < k; j++) {
      logProbT(tiles, d, tails + <usize>j * TAIL_BYTES, column(j), scaleColumn(j), scaleColumn(k + j));
    }
  }
  const noise = f64.load(parameters);
  // Without noise, log ρ₀ is out of reach.
  if (highestPeak() - noise <= REACH) {
    const skip = multiply && canGather();
    logSumExpOverNoise(
      noise,
      k,
      tiles,
      stride(),
      logProb,
      weights,
      multiply,
      flush,
      skip,
      logDensity,
      statistics,
    );
  } else {
    logSumExp(noise, k, tiles, stride(), logProb, weights, multiply, flush, logDensity, statistics);
  }
}

/** The largest log ρ that a row can have: that of a component at its mean. */
function highestPeak(): f64 {
  let peak = -Infinity;
  for (let j = 0; j < k; j++) {
    peak = max(peak, f64.load(tails ? tails + <usize>j * TAIL_BYTES : component(j)));
  }
  return peak;
}

/** Whether the form has a scatter for which rows can be gathered. */
// @ts-ignore: decorator
@inline
function canGather(): bool {
  return d >= GATHER_FROM && (type == FULL || (type == TIED && tails != 0));
}

/** Adds the statistics of the block to those of component j. */
// @ts-ignore: decorator
@inline
function addStatistics(j: i32, tiles: i32, counts: usize, sums: usize, scatters: usize): void {
  let r = column(j);
  const active = addCount(r, tiles, counts + (<usize>j << 3));
  if (active == 0) return;
  if (tails) {
    const scaledCount = scaledCounts + (<usize>j << 3);
    addScaled(tiles, r, scaleColumn(j), scaleColumn(k + j), scaledCount, scaledCount + (<usize>k << 3));
    r = scaleColumn(j);
  }
  const means = component(j) + 8;
  const sum = sums + (<usize>(j * d) << 3);
  // t components of one covariance add to one scatter: u differs from row to row, so the rows' total scatter does not tell it.
  const isShared = type == TIED;
  if (type == FULL || (isShared && tails)) {
    const scatter = isShared ? scatters : scatters + (<usize>(j * triangle()) << 3);
    // Gathering pays if at least a quarter of the rows can be left out.
    if (canGather() && active * 4 <= tiles * TILE * 3) {
      const gathered = gather(x, tiles, d, r, gatheredX, gatheredR);
      scatterFull(gatheredX, gathered, d, means, gatheredR, centered, weighted, sum, scatter);
    } else {
      scatterFull(x, tiles, d, means, r, centered, weighted, sum, scatter);
    }
  } else if (type == DIAG) {
    scatterAxes(x, tiles, d, means, r, sum, scatters + (<usize>(j * d) << 3), 8);
  } else {
    scatterAxes(x, tiles, d, means, r, sum, isShared ? 0 : scatters + (<usize>j << 3), 0);
  }
}

/** Adds Σ w (1 − r₀) (x − m)(x − m)ᵀ of the block to the common scatter. */
function addCommonScatter(tiles: i32): void {
  const end = <usize>tiles << 6;
  for (let at: usize = 0; at < end; at += 16) {
    let sum = f64x2.splat(0);
    for (let j = 0; j < k; j++) sum = f64x2.add(sum, v128.load(column(j) + at));
    v128.store(gatheredR + at, sum);
  }
  // Σ w (1 − r₀) (x − m) follows from counts and sums. It goes to memory that nothing else uses here.
  scatterFull(x, tiles, d, parameters + 8, gatheredR, centered, weighted, gatheredX, commonScatter);
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
    if (commonScatter) addCommonScatter(tiles);
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
