/**
 * The digamma function ψ = (ln Γ)', by its asymptotic series, with Bernoulli numbers B (Abramowitz & Stegun, 6.3.5, 6.3.18):
 *
 *   ψ(x) = ln x − 1 / 2x − Σᵢ B₂ᵢ / (2i x²ⁱ),   ψ(x) = ψ(x + 1) − 1/x
 */

/** From here on the first term that is left out, 3617 / (8160 x¹⁶), is below 5e-17. */
const LEAST = 10;

/** B₂ᵢ / 2i for i from 7 down to 1. */
const COEFFICIENTS = [1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12];

/** ψ(x) for x > 0, with an error of at most 1e-14, or 1e-15 of the value if that is more. */
export function digamma(x: number): number {
  let below = 0;
  let shifted = x;
  for (; shifted < LEAST; shifted++) below += 1 / shifted;
  const z = 1 / (shifted * shifted);
  const tail = COEFFICIENTS.reduce((sum, coefficient) => sum * z + coefficient, 0) * z;
  return Math.log(shifted) - 0.5 / shifted - tail - below;
}
