/**
 * Limited-memory BFGS with EM as its initial approximation: the step to the maximum of a quadratic model of the function (Nocedal & Wright, Numerical Optimization, 2006, algorithm 7.4; for EM: Jamshidian & Jennrich, 1997, "QN2").
 *
 * Let x be a point, g the gradient and f = G(x) − x the step of EM. Then f = P g with a positive definite P (Xu & Jordan, 1996):
 * EM is gradient ascent in a metric of its own. Curvature pairs from the last steps, s = Δx, y = −Δg, and with them
 * t = −Δf = P y, give a direction H g by the two-loop recursion, with H y = s for each pair. P stands in for the curvature in
 * directions that the pairs do not cover. This file knows only vectors.
 */

/** A point, and the derivatives there. */
export interface Point {
  /** The parameters. */
  readonly x: Float64Array;
  /** Gradient of the log-likelihood for each row. */
  readonly gradient: Float64Array;
  /** EM's step from x. */
  readonly step: Float64Array;
}

/** A step from one point to another: Δx, −Δgradient, −Δstep. */
export interface CurvaturePair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly t: Float64Array;
}

/** If the cosine of the angle between s and y is smaller, the pair shows only rounding. */
const FLAT = 1e-8;

/** @returns the pair; undefined if the function does not curve down along the step, since no maximum lies that way */
export function pairBetween(from: Point, to: Point): CurvaturePair | undefined {
  const n = to.x.length;
  const [s, y, t] = createVectors(n);
  for (let a = 0; a < n; a++) {
    s[a] = to.x[a] - from.x[a];
    y[a] = from.gradient[a] - to.gradient[a];
    t[a] = from.step[a] - to.step[a];
  }
  const curvature = dot(s, y);
  return curvature > FLAT * Math.sqrt(dot(s, s) * dot(y, y)) ? { s, y, t } : undefined;
}

/** Three vectors of a length, views of one buffer: every buffer above 64 bytes costs some 0.25 µs. */
export function createVectors(length: number): [Float64Array, Float64Array, Float64Array] {
  const all = new Float64Array(3 * length);
  return [all.subarray(0, length), all.subarray(length, 2 * length), all.subarray(2 * length)];
}

/**
 * @param pairs - oldest first
 * @returns the step to the maximum of the quadratic model
 */
export function computeDirection(at: Point, pairs: readonly CurvaturePair[]): Float64Array {
  return correctDirection(at, pairs, ({ step }) => step) as Float64Array;
}

/**
 * Like `computeDirection`, with an initial approximation of the caller.
 *
 * @param approximate - computes the direction for the gradient and EM's step without the part that the pairs explain; may write
 *   into both
 */
export function correctDirection(
  at: Point,
  pairs: readonly CurvaturePair[],
  approximate: (rest: Point) => Float64Array | undefined,
): Float64Array | undefined {
  const { x } = at;
  const rest = { x, gradient: at.gradient.slice(), step: at.step.slice() };
  const shares = new Float64Array(pairs.length);
  const curvatures = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, t } = pairs[i];
    curvatures[i] = dot(s, y);
    shares[i] = dot(s, rest.gradient) / curvatures[i];
    addInto(rest.gradient, -shares[i], y);
    addInto(rest.step, -shares[i], t);
  }
  const direction = approximate(rest);
  if (!direction) return undefined;
  for (let i = 0; i < pairs.length; i++) {
    const { s, y } = pairs[i];
    addInto(direction, shares[i] - dot(y, direction) / curvatures[i], s);
  }
  return direction;
}

/** from + factor · direction */
export function moveAlong(from: Float64Array, factor: number, direction: Float64Array): Float64Array {
  const to = new Float64Array(from.length);
  for (let a = 0; a < from.length; a++) to[a] = from[a] + factor * direction[a];
  return to;
}

export function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < u.length; a++) sum += u[a] * v[a];
  return sum;
}

/** max |vₐ| */
export function largestCoordinate(v: Float64Array): number {
  let largest = 0;
  for (let a = 0; a < v.length; a++) largest = Math.max(largest, Math.abs(v[a]));
  return largest;
}

/** u += factor · v */
export function addInto(u: Float64Array, factor: number, v: Float64Array): void {
  for (let a = 0; a < u.length; a++) u[a] += factor * v[a];
}
