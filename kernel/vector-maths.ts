/**
 * Arithmetic on two rows at a time: multiply–add, exp and log of f64x2 vectors.
 *
 * The polynomials are minimax fits (Remez exchange, 50 digits) of the relative error on the reduced
 * interval; the errors stated are theirs, before rounding.
 */

/** a · b + c; fused where the relaxed build runs on hardware that has it. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Sum of the two lanes. */
// @ts-ignore: decorator
@inline
export function laneSum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Squared distances are capped here: an overflow then means "very far", never NaN. */
// @ts-ignore: decorator
@inline const FARTHEST: f64 = 1e300;

/** constant − q / 2, with q capped; a NaN (∞ − ∞ on the way) counts as farthest too. */
// @ts-ignore: decorator
@inline
export function cappedLogProb(q: v128, constant: v128): v128 {
  return madd(f64x2.splat(-0.5), f64x2.pmin(f64x2.splat(FARTHEST), q), constant);
}

/** 1.5 · 2⁵²: adding it rounds to a whole number, which then stands in the low bits. */
// @ts-ignore: decorator
@inline const ROUNDER: f64 = 6755399441055744.0;
// @ts-ignore: decorator
@inline const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
// @ts-ignore: decorator
@inline const LN2_HIGH: f64 = 0.6931471803691238;
// @ts-ignore: decorator
@inline const LN2_LOW: f64 = 1.9082149292705877e-10;
/**
 * exp(x) for x <= 0; 0 below `flush`, which is at least −700.
 *
 * x = n ln 2 + r, |r| <= ln 2 / 2; exp r = 1 + r + r² P₉(r), relative error of the polynomial 3.7e-18.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128, flush: v128): v128 {
  const shifted = madd(x, f64x2.splat(LOG2_E), f64x2.splat(ROUNDER));
  const n = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  let r = madd(n, f64x2.splat(-LN2_HIGH), x);
  r = madd(n, f64x2.splat(-LN2_LOW), r);
  const r2 = f64x2.mul(r, r);
  // Estrin's scheme: the ten coefficients in pairs, so that the chain of dependent steps is short.
  const p01 = madd(f64x2.splat(0.16666666666666413), r, f64x2.splat(0.5000000000000011));
  const p23 = madd(f64x2.splat(0.008333333333494333), r, f64x2.splat(0.041666666666530267));
  const p45 = madd(f64x2.splat(0.00019841269506779498), r, f64x2.splat(0.0013888888943597744));
  const p67 = madd(f64x2.splat(2.7557586266459244e-6), r, f64x2.splat(2.480149313614022e-5));
  const p89 = madd(f64x2.splat(2.5000072304856067e-8), r, f64x2.splat(2.76302339357227e-7));
  const r4 = f64x2.mul(r2, r2);
  const p0123 = madd(p23, r2, p01);
  const p4567 = madd(p67, r2, p45);
  const p4to9 = madd(p89, r4, p4567);
  const p = madd(p4to9, r4, p0123);
  const mantissa = f64x2.add(f64x2.splat(1), madd(p, r2, r));
  // 2ⁿ: n + 1023 moved to the exponent's place.
  const scale = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return v128.and(f64x2.mul(mantissa, scale), f64x2.ge(x, flush));
}

/**
 * log(x) for normal x > 0.
 *
 * x = 2ᵉ m, m in [√½, √2); s = (m − 1) / (m + 1); log m = 2 s + s³ R₆(s²), relative error 1.3e-18.
 */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // The exponent of x / √½, so that m comes out in [√½, √2): subtract the bits of √½ and keep the exponent field.
  const offset = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const exponent = i64x2.shr_s(offset, 52);
  const m = i64x2.sub(x, i64x2.shl(exponent, 52));
  // A whole number below 2⁵¹ to double: or it into the rounder's low bits (two's complement carries over).
  const e = f64x2.sub(i64x2.add(exponent, i64x2.splat(0x4338000000000000)), f64x2.splat(ROUNDER));
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(m, f64x2.splat(1)));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(0.14796105555957476);
  p = madd(p, z, f64x2.splat(0.15314035814324084));
  p = madd(p, z, f64x2.splat(0.18183564867954755));
  p = madd(p, z, f64x2.splat(0.2222219856344929));
  p = madd(p, z, f64x2.splat(0.28571428742475385));
  p = madd(p, z, f64x2.splat(0.39999999999414315));
  p = madd(p, z, f64x2.splat(0.6666666666666734));
  const small = madd(e, f64x2.splat(LN2_LOW), f64x2.mul(f64x2.mul(p, z), s));
  const logM = madd(f64x2.splat(2), s, small);
  return madd(e, f64x2.splat(LN2_HIGH), logM);
}
