/**
 * The digamma function ψ; ln x − ψ(x), and its inverse: the equation of the shape of a gamma distribution (Minka, 2002). By the
 * asymptotic series, with Bernoulli numbers B (Abramowitz & Stegun, 6.3.18 and 6.4.12), and the recurrences in x:
 *
 *   ln x − ψ(x)  = 1 / 2x + Σᵢ B₂ᵢ / (2i x²ⁱ)
 *   x² ψ'(x) − x = ½ + Σᵢ B₂ᵢ / x²ⁱ⁻¹
 *
 * The difference is computed as one: for large x its terms agree in nearly all digits.
 */

/** From here on the first term that is left out, 3617 / (8160 x¹⁶), is below 5e-17. */
const LEAST = 10;

/** B₂ᵢ for i from 7 down to 1. */
const BERNOULLI = [7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6];

/** ln x − ψ(x) for x > 0. It falls from infinity to 0, about as 1 / 2x. */
export function digammaGap(x: number): number {
  let sum = 0;
  let shifted = x;
  for (; shifted < LEAST; shifted++) sum += 1 / shifted;
  const z = 1 / (shifted * shifted);
  const series = BERNOULLI.reduce((rest, number, i) => rest * z + number / (2 * (BERNOULLI.length - i)), 0);
  const gap = 1 / (2 * shifted) + z * series;
  return shifted === x ? gap : gap + sum - Math.log(shifted / x);
}

/** ψ(x) for x > 0, with an error of at most 1e-14, or 1e-15 of the value if that is more. */
export function digamma(x: number): number {
  return Math.log(x) - digammaGap(x);
}

/** x² ψ'(x) − x for x > 0: the derivative of the gap in 1/x. */
function gapSlope(x: number): number {
  let sum = 0;
  let shifted = x;
  for (; shifted < LEAST; shifted++) sum += 1 / (shifted * shifted);
  const z = 1 / (shifted * shifted);
  const series = BERNOULLI.reduce((rest, number) => rest * z + number, 0);
  if (shifted === x) return 0.5 + series / shifted;
  const trigamma = sum + (1 + 0.5 / shifted + z * series) / shifted;
  return x * x * trigamma - x;
}

/** Newton's steps, at most; from the bound below six reach the last digit. */
const MOST_STEPS = 20;

/**
 * The x with ln x − ψ(x) = gap.
 *
 * As a function of 1/x the gap rises and is convex, and lies above 1 / 2x. So Newton's steps from 1/x = 2 gap fall to the solution.
 *
 * @param gap - > 0
 */
export function inverseDigammaGap(gap: number): number {
  let inverse = 2 * gap;
  for (let i = 0; i < MOST_STEPS; i++) {
    const next = inverse - (digammaGap(1 / inverse) - gap) / gapSlope(1 / inverse);
    if (!(next < inverse)) break;
    inverse = next;
  }
  return 1 / inverse;
}
