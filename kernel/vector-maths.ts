/**
 * Arithmetic on two rows at a time: multiply–add, exp and log of f64x2 vectors.
 *
 * The polynomials minimise the largest relative error on the reduced interval (Remez exchange with 50 digits). The stated
 * errors are those of the polynomials, before rounding.
 */

/**
 * Constants, each in both lanes, read from memory. V8 would build a literal constant with three instructions at every use.
 * With literals a pass took 1 % more time on Node 20 and 15 % on Node 24 at d = 8, k = 8, and 3 % and 43 % at d = 2, k = 5.
 *
 *   index   | content
 *   0       | log₂ e
 *   1       | 1.5 · 2⁵²: adding it rounds to a whole number, which is then in the low bits
 *   2, 3    | ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact
 *   4, 5    | 1, 2
 *   6 … 15  | P₉ of exp, from the constant term on
 *   16 … 22 | R₆ of log, from the constant term on
 *   23, 24  | −½, and the cap of squared distances
 */
// @ts-ignore: decorator
@inline const CONSTANTS: usize = memory.data<f64>(
  [
    1.4426950408889634, 1.4426950408889634,
    6755399441055744.0, 6755399441055744.0,
    0.6931471803691238, 0.6931471803691238,
    1.9082149292705877e-10, 1.9082149292705877e-10,
    1.0, 1.0,
    2.0, 2.0,
    0.5000000000000011, 0.5000000000000011,
    0.16666666666666413, 0.16666666666666413,
    0.041666666666530267, 0.041666666666530267,
    0.008333333333494333, 0.008333333333494333,
    0.0013888888943597744, 0.0013888888943597744,
    0.00019841269506779498, 0.00019841269506779498,
    2.480149313614022e-5, 2.480149313614022e-5,
    2.7557586266459244e-6, 2.7557586266459244e-6,
    2.76302339357227e-7, 2.76302339357227e-7,
    2.5000072304856067e-8, 2.5000072304856067e-8,
    0.6666666666666734, 0.6666666666666734,
    0.39999999999414315, 0.39999999999414315,
    0.28571428742475385, 0.28571428742475385,
    0.2222219856344929, 0.2222219856344929,
    0.18183564867954755, 0.18183564867954755,
    0.15314035814324084, 0.15314035814324084,
    0.14796105555957476, 0.14796105555957476,
    -0.5, -0.5,
    1e300, 1e300,
  ],
  16,
);
// @ts-ignore: decorator
@inline const LOG2_E: usize = 0;
// @ts-ignore: decorator
@inline const ROUNDER: usize = 1;
// @ts-ignore: decorator
@inline const LN2_HIGH: usize = 2;
// @ts-ignore: decorator
@inline const LN2_LOW: usize = 3;
// @ts-ignore: decorator
@inline const ONE: usize = 4;
// @ts-ignore: decorator
@inline const TWO: usize = 5;
// @ts-ignore: decorator
@inline const EXP: usize = 6;
// @ts-ignore: decorator
@inline const LOG: usize = 16;
// @ts-ignore: decorator
@inline const MINUS_HALF: usize = 23;
/** With this cap an overflow means "very far", never NaN. */
// @ts-ignore: decorator
@inline const FARTHEST: usize = 24;

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load(CONSTANTS + (index << 4));
}

/** a · b + c; fused in the relaxed build on hardware with fused multiply–add. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** c − a · b */
// @ts-ignore: decorator
@inline
function subtractProduct(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** Sum of the two lanes. */
// @ts-ignore: decorator
@inline
export function laneSum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** At most 1e300; a NaN, from ∞ − ∞, is capped too. */
// @ts-ignore: decorator
@inline
export function capDistance(q: v128): v128 {
  return f64x2.pmin(constant(FARTHEST), q);
}

/** c − q / 2, with q capped. */
// @ts-ignore: decorator
@inline
export function cappedLogProb(q: v128, c: v128): v128 {
  return madd(constant(MINUS_HALF), capDistance(q), c);
}

/**
 * exp(x) for x <= 0; 0 for x < `flush`, which must be at least −700.
 *
 * x = n ln 2 + r, |r| <= ln 2 / 2; exp r = 1 + r + r² P₉(r), relative error of the polynomial 3.7e-18.
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128, flush: v128): v128 {
  const shifted = madd(x, constant(LOG2_E), constant(ROUNDER));
  const n = f64x2.sub(shifted, constant(ROUNDER));
  let r = subtractProduct(n, constant(LN2_HIGH), x);
  r = subtractProduct(n, constant(LN2_LOW), r);
  const r2 = f64x2.mul(r, r);
  // Estrin's scheme takes the ten coefficients in pairs: the chain of dependent steps is short.
  const p01 = madd(constant(EXP + 1), r, constant(EXP));
  const p23 = madd(constant(EXP + 3), r, constant(EXP + 2));
  const p45 = madd(constant(EXP + 5), r, constant(EXP + 4));
  const p67 = madd(constant(EXP + 7), r, constant(EXP + 6));
  const p89 = madd(constant(EXP + 9), r, constant(EXP + 8));
  const r4 = f64x2.mul(r2, r2);
  const p0123 = madd(p23, r2, p01);
  const p4567 = madd(p67, r2, p45);
  const p4to9 = madd(p89, r4, p4567);
  const p = madd(p4to9, r4, p0123);
  const mantissa = f64x2.add(constant(ONE), madd(p, r2, r));
  // 2ⁿ: n + 1023, shifted into the exponent field.
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
  // The exponent of x / √½ gives m in [√½, √2): subtract the bits of √½ and keep the exponent field.
  const offset = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const exponent = i64x2.shr_s(offset, 52);
  const m = i64x2.sub(x, i64x2.shl(exponent, 52));
  // Converts a whole number below 2⁵¹ to a double: add it to the low bits of the rounder. Two's complement handles negatives.
  const e = f64x2.sub(i64x2.add(exponent, constant(ROUNDER)), constant(ROUNDER));
  const f = f64x2.sub(m, constant(ONE));
  const s = f64x2.div(f, f64x2.add(m, constant(ONE)));
  const z = f64x2.mul(s, s);
  let p = madd(constant(LOG + 6), z, constant(LOG + 5));
  p = madd(p, z, constant(LOG + 4));
  p = madd(p, z, constant(LOG + 3));
  p = madd(p, z, constant(LOG + 2));
  p = madd(p, z, constant(LOG + 1));
  p = madd(p, z, constant(LOG));
  const small = madd(e, constant(LN2_LOW), f64x2.mul(f64x2.mul(p, z), s));
  const logM = madd(constant(TWO), s, small);
  return madd(e, constant(LN2_HIGH), logM);
}
