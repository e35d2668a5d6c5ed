/**
 * EM for mixtures of t components, written a second time from Peel & McLachlan (2000), row by row with dense matrices. It shares no
 * code with the package.
 */

export interface TMixture {
  weights: number[];
  means: number[][];
  /** k scale matrices; with `tied` all the same. */
  scales: number[][][];
  degrees: number[];
  /** A uniform density beside the components. */
  noise?: { weight: number; logDensity: number } | undefined;
}

export interface TOptions {
  readonly type: 'full' | 'tied' | 'diag' | 'spherical';
  readonly degreesOfFreedom: 'each' | 'shared' | number;
  readonly bounds: readonly [least: number, most: number];
}

/** ψ(x): by recurrence up to 40, where four terms of the series leave 1e-17. */
function digamma(x: number): number {
  let value = 0;
  let at = x;
  for (; at < 40; at++) value -= 1 / at;
  return value + Math.log(at) - 1 / (2 * at) - 1 / (12 * at ** 2) + 1 / (120 * at ** 4) - 1 / (252 * at ** 6);
}

/** ln Γ(x), in the same way. */
function logGamma(x: number): number {
  let value = 0;
  let at = x;
  for (; at < 40; at++) value -= Math.log(at);
  const series = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5) - 1 / (1680 * at ** 7);
  return value + (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series;
}

/** Solves A y = b, and gives ln |A|, by Gaussian elimination. */
function solve(matrix: number[][], b: number[]): { y: number[]; logDeterminant: number } {
  const d = b.length;
  const a = matrix.map((row, i) => [...row, b[i]]);
  let logDeterminant = 0;
  for (let i = 0; i < d; i++) {
    logDeterminant += Math.log(a[i][i]);
    for (let j = i + 1; j < d; j++) {
      const factor = a[j][i] / a[i][i];
      for (let c = i; c <= d; c++) a[j][c] -= factor * a[i][c];
    }
  }
  const y = new Array<number>(d).fill(0);
  for (let i = d - 1; i >= 0; i--) {
    y[i] = a[i][d];
    for (let c = i + 1; c < d; c++) y[i] -= a[i][c] * y[c];
    y[i] /= a[i][i];
  }
  return { y, logDeterminant };
}

interface RowStep {
  r: number[];
  u: number[];
  logDensity: number;
}

function eStep(x: number[], { weights, means, scales, degrees, noise }: TMixture): RowStep {
  const d = x.length;
  const u: number[] = [];
  const logs = weights.map((weight, j) => {
    const nu = degrees[j];
    const deviation = x.map((value, a) => value - means[j][a]);
    const { y, logDeterminant } = solve(scales[j], deviation);
    const q = y.reduce((sum, value, a) => sum + value * deviation[a], 0);
    u.push((nu + d) / (nu + q));
    const constant = logGamma((nu + d) / 2) - logGamma(nu / 2) - (d / 2) * Math.log(nu * Math.PI);
    return Math.log(weight) + constant - logDeterminant / 2 - ((nu + d) / 2) * Math.log(1 + q / nu);
  });
  const all = noise ? [...logs, Math.log(noise.weight) + noise.logDensity] : logs;
  const largest = Math.max(...all);
  const sum = all.reduce((total, value) => total + Math.exp(value - largest), 0);
  const logDensity = largest + Math.log(sum);
  return { r: logs.map((value) => Math.exp(value - logDensity)), u, logDensity };
}

/** The ν with −ψ(ν/2) + ln (ν/2) + constant = 0, by bisection between the bounds. */
function solveDegrees(constant: number, [least, most]: readonly [number, number]): number {
  const f = (nu: number) => Math.log(nu / 2) - digamma(nu / 2) + constant;
  if (f(most) > 0) return most;
  if (f(least) < 0) return least;
  let [low, high] = [least, most];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Keeps of a matrix what the type has. */
function constrain(matrix: number[][], type: TOptions['type']): number[][] {
  const d = matrix.length;
  if (type === 'full' || type === 'tied') return matrix;
  const mean = matrix.reduce((sum, row, a) => sum + row[a], 0) / d;
  return matrix.map((row, a) => row.map((value, b) => (a !== b ? 0 : type === 'spherical' ? mean : value)));
}

/**
 * One step of EM.
 *
 * @returns the next mixture, and the log-likelihood of the given one
 */
export function stepT(
  rows: number[][],
  rowWeights: number[],
  mixture: TMixture,
  { type, degreesOfFreedom, bounds }: TOptions,
): { next: TMixture; logLikelihood: number } {
  const d = rows[0].length;
  const k = mixture.weights.length;
  const steps = rows.map((x) => eStep(x, mixture));
  const sumOver = (value: (i: number) => number) =>
    rows.reduce((sum, _, i) => sum + rowWeights[i] * value(i), 0);
  const total = sumOver(() => 1);
  const components = Array.from({ length: k }, (_, j) => {
    const count = sumOver((i) => steps[i].r[j]);
    const scaled = sumOver((i) => steps[i].r[j] * steps[i].u[j]);
    const mean = Array.from(
      { length: d },
      (_, a) => sumOver((i) => steps[i].r[j] * steps[i].u[j] * rows[i][a]) / scaled,
    );
    const scatter = Array.from({ length: d }, (_, a) =>
      Array.from({ length: d }, (_, b) =>
        sumOver((i) => steps[i].r[j] * steps[i].u[j] * (rows[i][a] - mean[a]) * (rows[i][b] - mean[b])),
      ),
    );
    const logs = sumOver((i) => steps[i].r[j] * (Math.log(steps[i].u[j]) - steps[i].u[j]));
    const half = (mixture.degrees[j] + d) / 2;
    return { count, mean, scatter, constant: count * (1 + digamma(half) - Math.log(half)) + logs };
  });
  const inComponents = components.reduce((sum, { count }) => sum + count, 0);
  const common = Array.from({ length: d }, (_, a) =>
    Array.from(
      { length: d },
      (_, b) => components.reduce((sum, { scatter }) => sum + scatter[a][b], 0) / inComponents,
    ),
  );
  const shared = () =>
    solveDegrees(components.reduce((sum, { constant }) => sum + constant, 0) / inComponents, bounds);
  return {
    logLikelihood: sumOver((i) => steps[i].logDensity),
    next: {
      weights: components.map(({ count }) => count / total),
      means: components.map(({ mean }) => mean),
      scales: components.map(({ scatter, count }) =>
        constrain(type === 'tied' ? common : scatter.map((row) => row.map((value) => value / count)), type),
      ),
      noise: mixture.noise && { ...mixture.noise, weight: 1 - inComponents / total },
      degrees: components.map(({ constant, count }) => {
        if (typeof degreesOfFreedom === 'number') return degreesOfFreedom;
        return degreesOfFreedom === 'shared' ? shared() : solveDegrees(constant / count, bounds);
      }),
    },
  };
}
