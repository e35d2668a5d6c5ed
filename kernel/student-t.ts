/**
 * Student's t components. Their density falls with a power of the distance, so that far rows count for little:
 *
 *   log ρ = c − (ν + d)/2 log(1 + q/ν),  q = ‖W (x − μ)‖²           Peel & McLachlan (2000), Statistics and Computing 10
 *   u = (ν + d) / (ν + q)
 *   N = Σ r,  U = Σ r u,  L = Σ r (ln u − u),  and S, Q with r u in place of r
 *
 * The Gaussian code of a form leaves −q/2, as its constant is 0, and takes r u for r in its sums. So a form has one code
 * for both, and the Gaussian components pay nothing.
 *
 * The tail of a component: offset 0 | c; 8 | ν; 16 | log(1 + d/ν)
 */

import { capDistance, laneSum, log, madd } from './vector-maths';

// @ts-ignore: decorator
@inline export const TAIL_BYTES: usize = 24;

/**
 * From distances to log-probabilities of one component.
 *
 * @param tail - in: as above
 * @param logProb - in: (tiles · 8) −q/2; out: log ρ
 * @param scales - out: (tiles · 8) u
 * @param terms - out: (tiles · 8) ln u − u
 */
export function logProbT(
  tiles: i32,
  d: i32,
  tail: usize,
  logProb: usize,
  scales: usize,
  terms: usize,
): void {
  const degrees = f64.load(tail, 8);
  const c = v128.load_splat<f64>(tail);
  const nearest = v128.load_splat<f64>(tail, 16);
  const toRatio = f64x2.splat(-2 / degrees);
  const power = f64x2.splat((degrees + d) * -0.5);
  const largest = f64x2.splat(1 + d / degrees);
  const one = f64x2.splat(1);
  const end = logProb + (<usize>tiles << 6);
  while (logProb < end) {
    const ratio = capDistance(f64x2.mul(v128.load(logProb), toRatio));
    const sum = f64x2.add(one, ratio);
    const inverse = f64x2.div(one, sum);
    // log(1 + ratio): what the sum lost to rounding, put back to first order.
    const lost = f64x2.sub(ratio, f64x2.sub(sum, one));
    const logSum = madd(lost, inverse, log(sum));
    const u = f64x2.mul(largest, inverse);
    v128.store(logProb, madd(power, logSum, c));
    v128.store(scales, u);
    v128.store(terms, f64x2.sub(f64x2.sub(nearest, logSum), u));
    logProb += 16;
    scales += 16;
    terms += 16;
  }
}

/**
 * Adds U and L of a block to those of one component.
 *
 * @param responsibilities - in: (tiles · 8)
 * @param scales - in: (tiles · 8) u; out: r u
 * @param terms - in: (tiles · 8) ln u − u
 * @param scaledCount - in/out: U
 * @param scaleLog - in/out: L
 */
export function addScaled(
  tiles: i32,
  responsibilities: usize,
  scales: usize,
  terms: usize,
  scaledCount: usize,
  scaleLog: usize,
): void {
  let u0 = f64x2.splat(0);
  let u1 = f64x2.splat(0);
  let l0 = f64x2.splat(0);
  let l1 = f64x2.splat(0);
  const end = responsibilities + (<usize>tiles << 6);
  for (let r = responsibilities; r < end; r += 32) {
    const r0 = v128.load(r);
    const r1 = v128.load(r, 16);
    const s0 = f64x2.mul(r0, v128.load(scales));
    const s1 = f64x2.mul(r1, v128.load(scales, 16));
    v128.store(scales, s0);
    v128.store(scales, s1, 16);
    u0 = f64x2.add(u0, s0);
    u1 = f64x2.add(u1, s1);
    l0 = madd(r0, v128.load(terms), l0);
    l1 = madd(r1, v128.load(terms, 16), l1);
    scales += 32;
    terms += 32;
  }
  f64.store(scaledCount, f64.load(scaledCount) + laneSum(f64x2.add(u0, u1)));
  f64.store(scaleLog, f64.load(scaleLog) + laneSum(f64x2.add(l0, l1)));
}
