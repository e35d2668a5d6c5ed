/**
 * From weighted log-probabilities to responsibilities: the soft choice between components.
 *
 *   log p(xᵢ) = m + log Σⱼ exp(log ρᵢⱼ − m),  m = maxⱼ log ρᵢⱼ
 *   rᵢⱼ       = exp(log ρᵢⱼ − log p(xᵢ))                       Bishop, PRML (2006), eq. 9.23
 *
 * As the largest term is exp 0 = 1, the largest responsibility is 1 / Σ: its logarithm, which ICL wants, is free.
 */

import { exp, laneSum, log, madd } from './vector-maths';

/**
 * −53 ln 2. A term below 2⁻⁵³ of the largest changes no bit of their sum, and the row's statistics for that
 * component change none that matter: taken as exactly 0, it can be left out of them.
 */
// @ts-ignore: decorator
@inline export const NO_BIT: f64 = -36.7368005696771;

/**
 * e^−460 ≈ 1e−200: what scores show as 0. Smaller numbers would become subnormal in products, which costs
 * 5–8 times the speed.
 */
// @ts-ignore: decorator
@inline export const NOTHING: f64 = -460.0;

/**
 * @param k - components
 * @param vectors - vectors of two rows
 * @param stride - bytes from a component's row of `logProb` to the next one's
 * @param logProb - in: (k × rows) log ρ; out: responsibilities, × sample weight where `multiply`
 * @param weights - in: (rows) sample weights, 0 for rows that are only filling
 * @param multiply - whether responsibilities are multiplied by the weights, as statistics want them
 * @param flush - logarithm of the responsibility, relative to the row's largest, below which it is 0
 * @param logDensity - out: (rows) log p(x)
 * @param totals - in/out: adds Σ w log p(x), Σ w ln max r, Σ w
 */
export function logSumExp(
  k: i32,
  vectors: i32,
  stride: usize,
  logProb: usize,
  weights: usize,
  multiply: bool,
  flush: f64,
  logDensity: usize,
  totals: usize,
): void {
  const flushed = f64x2.splat(flush);
  let logLikelihood = f64x2.splat(0);
  let logMaxResponsibility = f64x2.splat(0);
  let totalWeight = f64x2.splat(0);
  const end = logProb + stride * k;
  for (let v = 0; v < vectors; v++) {
    let largest = v128.load(logProb);
    for (let p = logProb + stride; p < end; p += stride) largest = f64x2.pmax(largest, v128.load(p));
    let sum = f64x2.splat(0);
    for (let p = logProb; p < end; p += stride) {
      const e = exp(f64x2.sub(v128.load(p), largest), flushed);
      v128.store(p, e);
      sum = f64x2.add(sum, e);
    }
    const w = v128.load(weights);
    const scale = f64x2.div(multiply ? w : f64x2.splat(1), sum);
    for (let p = logProb; p < end; p += stride) v128.store(p, f64x2.mul(v128.load(p), scale));
    const logSum = log(sum);
    const density = f64x2.add(largest, logSum);
    v128.store(logDensity, density);
    logLikelihood = madd(w, density, logLikelihood);
    logMaxResponsibility = f64x2.sub(logMaxResponsibility, f64x2.mul(w, logSum));
    totalWeight = f64x2.add(totalWeight, w);
    logProb += 16;
    weights += 16;
    logDensity += 16;
  }
  f64.store(totals, f64.load(totals) + laneSum(logLikelihood));
  f64.store(totals, f64.load(totals, 8) + laneSum(logMaxResponsibility), 8);
  f64.store(totals, f64.load(totals, 16) + laneSum(totalWeight), 16);
}
