/**
 * Limited-memory BFGS with EM as its first approximation: where the maximum of a function would be, were it quadratic
 * (Nocedal & Wright, Numerical Optimization, 2006, algorithm 7.4; for EM: Jamshidian & Jennrich, 1997, "QN2").
 *
 * With x a point, g the gradient and f = G(x) − x the step of EM, f = P g for a positive definite P (Xu & Jordan, 1996):
 * EM is gradient ascent in a metric of its own. From the last moves, s = Δx, y = −Δg and t = −Δf = P y, the two loops
 * build a direction H g with H y = s for each of them, P standing in for what they don't tell. It sees vectors only.
 */

/** A point as the extrapolation sees it. */
export interface Point {
  /** The parameters. */
  readonly x: Float64Array;
  /** Gradient of the log-likelihood a row. */
  readonly gradient: Float64Array;
  /** Where EM would go from x, less x. */
  readonly step: Float64Array;
}

/** A move from one point to another: Δx, −Δgradient, −Δstep. */
export interface Move {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly t: Float64Array;
}

/** @returns the move, or undefined where the function does not bend down along it: no maximum lies that way */
export function moveBetween(from: Point, to: Point): Move | undefined {
  const s = difference(to.x, from.x);
  const y = difference(from.gradient, to.gradient);
  const t = difference(from.step, to.step);
  const bend = dot(s, y);
  return bend > FLAT * Math.sqrt(dot(s, s) * dot(y, y)) ? { s, y, t } : undefined;
}

/** Cosine of the angle between s and y below which a move tells nothing but rounding. */
const FLAT = 1e-8;

/**
 * @param moves - oldest first
 * @returns the direction in which, and how far, the maximum should be
 */
export function computeDirection(at: Point, moves: readonly Move[]): Float64Array {
  return correctDirection(at, moves, ({ step }) => step) as Float64Array;
}

/**
 * The same from another first approximation than EM.
 *
 * @param approximate - from what the moves leave of the gradient, and of EM's step, the direction without them; it may
 *   write into these
 */
export function correctDirection(
  at: Point,
  moves: readonly Move[],
  approximate: (rest: Point) => Float64Array | undefined,
): Float64Array | undefined {
  const { x } = at;
  const rest = { x, gradient: at.gradient.slice(), step: at.step.slice() };
  const shares = new Float64Array(moves.length);
  for (let i = moves.length - 1; i >= 0; i--) {
    const { s, y, t } = moves[i];
    shares[i] = dot(s, rest.gradient) / dot(s, y);
    addInto(rest.gradient, -shares[i], y);
    addInto(rest.step, -shares[i], t);
  }
  const direction = approximate(rest);
  if (!direction) return undefined;
  for (let i = 0; i < moves.length; i++) {
    const { s, y } = moves[i];
    addInto(direction, shares[i] - dot(y, direction) / dot(s, y), s);
  }
  return direction;
}

/** from + factor · direction */
export function moveAlong(from: Float64Array, factor: number, direction: Float64Array): Float64Array {
  return from.map((value, a) => value + factor * direction[a]);
}

export function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < u.length; a++) sum += u[a] * v[a];
  return sum;
}

/** u += factor · v */
export function addInto(u: Float64Array, factor: number, v: Float64Array): void {
  for (let a = 0; a < u.length; a++) u[a] += factor * v[a];
}

function difference(u: Float64Array, v: Float64Array): Float64Array {
  return u.map((value, a) => value - v[a]);
}
