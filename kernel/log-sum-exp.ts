/**
 * From weighted log-probabilities to responsibilities, by log-sum-exp.
 *
 *   log p(xᵢ) = m + log Σⱼ exp(log ρᵢⱼ − m),  m = maxⱼ log ρᵢⱼ
 *   rᵢⱼ       = exp(log ρᵢⱼ − log p(xᵢ))                       Bishop, PRML (2006), eq. 9.23
 *
 * The largest term is exp 0 = 1, so the largest responsibility is 1 / Σ, and its logarithm, which ICL needs, costs nothing.
 *
 * Noise of one density everywhere is a term log ρ₀ that is the same for all rows; see also noise.ts.
 */

import { exp, laneSum, log, madd } from './vector-maths';

/**
 * −53 ln 2. A term below 2⁻⁵³ of the largest term changes no bit of the sum. The kernel takes it as exactly 0, so that the
 * statistics of the component can leave out the row; the difference is below their rounding error.
 */
// @ts-ignore: decorator
@inline export const NO_BIT: f64 = -36.7368005696771;

/**
 * e^−460 ≈ 1e−200: scores below it are 0. Products of smaller numbers would be subnormal, which makes the kernel 5 to 8
 * times slower.
 */
// @ts-ignore: decorator
@inline export const NOTHING: f64 = -460.0;

/** Stands for log 0, as in src/kernel/prepare.ts. */
// @ts-ignore: decorator
@inline const LOG_ZERO: f64 = -1e300;

/**
 * Log-sum-exp, tile by tile. A tile is a cache line of every component, so each step of a loop over components works on
 * four vectors. (1.2 times the speed of a single vector at d = 2, k = 5; 1.1 times at d = 8, k = 8.)
 *
 * The function is long because every vector needs a variable of its own: WebAssembly has no arrays of registers.
 *
 * @param noise - log ρ₀ of the noise, `LOG_ZERO` without it: then it costs no time and changes no bit
 * @param k - components
 * @param tiles - of 8 rows
 * @param stride - bytes from a component's row of `logProb` to that of the next component
 * @param logProb - in: (k × rows) log ρ; out: responsibilities, × sample weight if `multiply`
 * @param weights - in: (rows) sample weights, 0 for the copies that fill the last tile
 * @param multiply - whether to multiply responsibilities by the weights, as statistics need them
 * @param flush - log of the ratio to the row's largest term below which a term is taken as 0
 * @param logDensity - out: (rows) log p(x)
 * @param totals - in/out: Σ w log p(x), Σ w ln max r and Σ w are added, and after a gap of one Σ w r₀
 */
export function logSumExp(
  noise: f64,
  k: i32,
  tiles: i32,
  stride: usize,
  logProb: usize,
  weights: usize,
  multiply: bool,
  flush: f64,
  logDensity: usize,
  totals: usize,
): void {
  const flushed = f64x2.splat(flush);
  const one = f64x2.splat(1);
  let logLikelihood = f64x2.splat(0);
  let logMaxResponsibility = f64x2.splat(0);
  let totalWeight = f64x2.splat(0);
  let noiseCount = f64x2.splat(0);
  const hasNoise = noise > LOG_ZERO;
  const logNoise = f64x2.splat(noise);
  let end = logProb + stride * k;
  for (let t = 0; t < tiles; t++) {
    let m0 = v128.load(logProb);
    let m1 = v128.load(logProb, 16);
    let m2 = v128.load(logProb, 32);
    let m3 = v128.load(logProb, 48);
    for (let p = logProb + stride; p < end; p += stride) {
      m0 = f64x2.pmax(m0, v128.load(p));
      m1 = f64x2.pmax(m1, v128.load(p, 16));
      m2 = f64x2.pmax(m2, v128.load(p, 32));
      m3 = f64x2.pmax(m3, v128.load(p, 48));
    }
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    if (hasNoise) {
      m0 = f64x2.pmax(m0, logNoise);
      m1 = f64x2.pmax(m1, logNoise);
      m2 = f64x2.pmax(m2, logNoise);
      m3 = f64x2.pmax(m3, logNoise);
      s0 = exp(f64x2.sub(logNoise, m0), flushed);
      s1 = exp(f64x2.sub(logNoise, m1), flushed);
      s2 = exp(f64x2.sub(logNoise, m2), flushed);
      s3 = exp(f64x2.sub(logNoise, m3), flushed);
    }
    const n0 = s0;
    const n1 = s1;
    const n2 = s2;
    const n3 = s3;
    for (let p = logProb; p < end; p += stride) {
      const e0 = exp(f64x2.sub(v128.load(p), m0), flushed);
      v128.store(p, e0);
      s0 = f64x2.add(s0, e0);
      const e1 = exp(f64x2.sub(v128.load(p, 16), m1), flushed);
      v128.store(p, e1, 16);
      s1 = f64x2.add(s1, e1);
      const e2 = exp(f64x2.sub(v128.load(p, 32), m2), flushed);
      v128.store(p, e2, 32);
      s2 = f64x2.add(s2, e2);
      const e3 = exp(f64x2.sub(v128.load(p, 48), m3), flushed);
      v128.store(p, e3, 48);
      s3 = f64x2.add(s3, e3);
    }
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    const w2 = v128.load(weights, 32);
    const w3 = v128.load(weights, 48);
    const f0 = f64x2.div(multiply ? w0 : one, s0);
    const f1 = f64x2.div(multiply ? w1 : one, s1);
    const f2 = f64x2.div(multiply ? w2 : one, s2);
    const f3 = f64x2.div(multiply ? w3 : one, s3);
    for (let p = logProb; p < end; p += stride) {
      scaleTile(p, f0, f1, f2, f3);
    }
    if (hasNoise) {
      const r01 = madd(n1, multiply ? f1 : f64x2.mul(f1, w1), f64x2.mul(n0, multiply ? f0 : f64x2.mul(f0, w0)));
      const r23 = madd(n3, multiply ? f3 : f64x2.mul(f3, w3), f64x2.mul(n2, multiply ? f2 : f64x2.mul(f2, w2)));
      noiseCount = f64x2.add(noiseCount, f64x2.add(r01, r23));
    }
    const l0 = log(s0);
    const l1 = log(s1);
    const l2 = log(s2);
    const l3 = log(s3);
    const d0 = f64x2.add(m0, l0);
    const d1 = f64x2.add(m1, l1);
    const d2 = f64x2.add(m2, l2);
    const d3 = f64x2.add(m3, l3);
    storeTile(logDensity, d0, d1, d2, d3);
    logLikelihood = addProducts(logLikelihood, w0, d0, w1, d1, w2, d2, w3, d3);
    const logs = madd(w3, l3, madd(w2, l2, madd(w1, l1, f64x2.mul(w0, l0))));
    logMaxResponsibility = f64x2.sub(logMaxResponsibility, logs);
    totalWeight = f64x2.add(totalWeight, f64x2.add(f64x2.add(w0, w1), f64x2.add(w2, w3)));
    logProb += 64;
    weights += 64;
    logDensity += 64;
    end += 64;
  }
  addTotals(totals, logLikelihood, logMaxResponsibility, totalWeight, noiseCount);
}

/** Multiplies a tile of one component by a factor for each row. */
// @ts-ignore: decorator
@inline
export function scaleTile(tile: usize, f0: v128, f1: v128, f2: v128, f3: v128): void {
  v128.store(tile, f64x2.mul(v128.load(tile), f0));
  v128.store(tile, f64x2.mul(v128.load(tile, 16), f1), 16);
  v128.store(tile, f64x2.mul(v128.load(tile, 32), f2), 32);
  v128.store(tile, f64x2.mul(v128.load(tile, 48), f3), 48);
}

// @ts-ignore: decorator
@inline
export function storeTile(tile: usize, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(tile, v0);
  v128.store(tile, v1, 16);
  v128.store(tile, v2, 32);
  v128.store(tile, v3, 48);
}

/** sum + Σ w v over the rows of a tile, lane by lane. */
// @ts-ignore: decorator
@inline
export function addProducts(
  sum: v128,
  w0: v128,
  v0: v128,
  w1: v128,
  v1: v128,
  w2: v128,
  v2: v128,
  w3: v128,
  v3: v128,
): v128 {
  return madd(w3, v3, madd(w2, v2, madd(w1, v1, madd(w0, v0, sum))));
}

/** Adds the totals of a block, as `logSumExp` says. */
// @ts-ignore: decorator
@inline
export function addTotals(
  totals: usize,
  logLikelihood: v128,
  logMaxResponsibility: v128,
  totalWeight: v128,
  noiseCount: v128,
): void {
  f64.store(totals, f64.load(totals) + laneSum(logLikelihood));
  f64.store(totals, f64.load(totals, 8) + laneSum(logMaxResponsibility), 8);
  f64.store(totals, f64.load(totals, 16) + laneSum(totalWeight), 16);
  f64.store(totals, f64.load(totals, 32) + laneSum(noiseCount), 32);
}
