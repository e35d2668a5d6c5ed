/**
 * Log-sum-exp beside noise, in units of the noise's term ρ₀:
 *
 *   log p(xᵢ) = log ρ₀ + log s,  s = 1 + Σⱼ exp(log ρᵢⱼ − log ρ₀),  rᵢⱼ = exp(log ρᵢⱼ − log ρ₀) / s,  rᵢ₀ = 1 / s
 *
 * The sum is at least 1 without a search for the largest term, and the noise costs no exponential. So a pass with noise takes
 * at most 3 % longer than one without; with a constant column in `logSumExp` it is 20 % at d = 2, k = 2.
 */

import { addProducts, addTotals, scaleTile, storeTile } from './log-sum-exp';
import { exp, log, madd } from './vector-maths';

/**
 * Largest log of the ratio of a component's peak to the noise for which this is used. Up to it the rounding of log ρ − log ρ₀ is
 * no larger than that of the distances, and no quotient by s is subnormal.
 */
// @ts-ignore: decorator
@inline export const REACH: f64 = 64.0;

/** 2⁻⁵³ */
// @ts-ignore: decorator
@inline const LEAST_SHARE: f64 = 1.1102230246251565e-16;

/**
 * The parameters are those of `logSumExp`, with these differences:
 *
 * @param flush - log of the ratio to ρ₀ below which a term is taken as 0
 * @param skip - whether to take responsibilities below 2⁻⁵³ as 0, so that the scatter can leave out rows
 */
export function logSumExpOverNoise(
  noise: f64,
  k: i32,
  tiles: i32,
  stride: usize,
  logProb: usize,
  weights: usize,
  multiply: bool,
  flush: f64,
  skip: bool,
  logDensity: usize,
  totals: usize,
): void {
  const flushed = f64x2.splat(flush);
  const least = f64x2.splat(LEAST_SHARE);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const logNoise = f64x2.splat(noise);
  let logLikelihood = zero;
  let logMaxResponsibility = zero;
  let totalWeight = zero;
  let noiseCount = zero;
  let end = logProb + stride * k;
  for (let t = 0; t < tiles; t++) {
    let m0 = zero;
    let m1 = zero;
    let m2 = zero;
    let m3 = zero;
    let s0 = one;
    let s1 = one;
    let s2 = one;
    let s3 = one;
    for (let p = logProb; p < end; p += stride) {
      const p0 = f64x2.sub(v128.load(p), logNoise);
      m0 = f64x2.pmax(m0, p0);
      const e0 = exp(p0, flushed);
      v128.store(p, e0);
      s0 = f64x2.add(s0, e0);
      const p1 = f64x2.sub(v128.load(p, 16), logNoise);
      m1 = f64x2.pmax(m1, p1);
      const e1 = exp(p1, flushed);
      v128.store(p, e1, 16);
      s1 = f64x2.add(s1, e1);
      const p2 = f64x2.sub(v128.load(p, 32), logNoise);
      m2 = f64x2.pmax(m2, p2);
      const e2 = exp(p2, flushed);
      v128.store(p, e2, 32);
      s2 = f64x2.add(s2, e2);
      const p3 = f64x2.sub(v128.load(p, 48), logNoise);
      m3 = f64x2.pmax(m3, p3);
      const e3 = exp(p3, flushed);
      v128.store(p, e3, 48);
      s3 = f64x2.add(s3, e3);
    }
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    const w2 = v128.load(weights, 32);
    const w3 = v128.load(weights, 48);
    const n0 = f64x2.div(w0, s0);
    const n1 = f64x2.div(w1, s1);
    const n2 = f64x2.div(w2, s2);
    const n3 = f64x2.div(w3, s3);
    noiseCount = f64x2.add(noiseCount, f64x2.add(f64x2.add(n0, n1), f64x2.add(n2, n3)));
    const f0 = multiply ? n0 : f64x2.div(one, s0);
    const f1 = multiply ? n1 : f64x2.div(one, s1);
    const f2 = multiply ? n2 : f64x2.div(one, s2);
    const f3 = multiply ? n3 : f64x2.div(one, s3);
    if (skip) {
      const t0 = f64x2.mul(s0, least);
      const t1 = f64x2.mul(s1, least);
      const t2 = f64x2.mul(s2, least);
      const t3 = f64x2.mul(s3, least);
      for (let p = logProb; p < end; p += stride) {
        v128.store(p, quotient(v128.load(p), f0, t0));
        v128.store(p, quotient(v128.load(p, 16), f1, t1), 16);
        v128.store(p, quotient(v128.load(p, 32), f2, t2), 32);
        v128.store(p, quotient(v128.load(p, 48), f3, t3), 48);
      }
    } else {
      for (let p = logProb; p < end; p += stride) {
        scaleTile(p, f0, f1, f2, f3);
      }
    }
    const l0 = log(s0);
    const l1 = log(s1);
    const l2 = log(s2);
    const l3 = log(s3);
    const d0 = f64x2.add(logNoise, l0);
    const d1 = f64x2.add(logNoise, l1);
    const d2 = f64x2.add(logNoise, l2);
    const d3 = f64x2.add(logNoise, l3);
    storeTile(logDensity, d0, d1, d2, d3);
    logLikelihood = addProducts(logLikelihood, w0, d0, w1, d1, w2, d2, w3, d3);
    const l01 = madd(w1, f64x2.sub(m1, l1), f64x2.mul(w0, f64x2.sub(m0, l0)));
    const l23 = madd(w3, f64x2.sub(m3, l3), f64x2.mul(w2, f64x2.sub(m2, l2)));
    logMaxResponsibility = f64x2.add(logMaxResponsibility, f64x2.add(l01, l23));
    totalWeight = f64x2.add(totalWeight, f64x2.add(f64x2.add(w0, w1), f64x2.add(w2, w3)));
    logProb += 64;
    weights += 64;
    logDensity += 64;
    end += 64;
  }
  addTotals(totals, logLikelihood, logMaxResponsibility, totalWeight, noiseCount);
}

/** term · factor; 0 for a term below `least`. */
// @ts-ignore: decorator
@inline
function quotient(term: v128, factor: v128, least: v128): v128 {
  return v128.and(f64x2.mul(term, factor), f64x2.ge(term, least));
}
