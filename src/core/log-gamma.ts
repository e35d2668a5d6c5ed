/**
 * The logarithm of the gamma function, by Stirling's series, with Bernoulli numbers B (Abramowitz & Stegun, 6.1.40–41):
 *
 *   ln Γ(x) = (x − ½) ln x − x + ½ ln 2π + σ(x),   σ(x) = Σᵢ B₂ᵢ / (2i (2i − 1) x^(2i − 1))
 */

/** From here on the first term that is left out, 3617 / (122400 x¹⁵), is below 3e-17. */
const LEAST = 10;

/** B₂ᵢ / (2i (2i − 1)) for i from 7 down to 1. */
const COEFFICIENTS = [1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];

/** σ(x), x >= LEAST */
function stirlingTail(x: number): number {
  const z = 1 / (x * x);
  return COEFFICIENTS.reduce((sum, coefficient) => sum * z + coefficient, 0) / x;
}

/**
 * ln Γ(x) for x > 0, with an error of at most 1e-14, or 1e-15 of the value if that is more. Close to x = 1 and 2, where the
 * value is 0, digits are lost.
 */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < LEAST; shifted++) product *= shifted;
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI);
  return stirling + stirlingTail(shifted) - Math.log(product);
}

/**
 * ln Γ(x + h) − ln Γ(x) − h ln x for x > 0, h >= 0: how far a ratio of gamma functions is from the power that it tends to for
 * large x. The logarithms of both can be large and nearly equal, so their difference is taken term by term.
 */
export function logGammaExcess(x: number, h: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < LEAST; shifted++) product *= 1 + h / shifted;
  const stirling = (shifted + h - 0.5) * Math.log1p(h / shifted) - h;
  const excess = stirling + stirlingTail(shifted + h) - stirlingTail(shifted);
  return shifted === x ? excess : excess + h * Math.log(shifted / x) - Math.log(product);
}
