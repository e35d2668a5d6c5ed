/**
 * The drawn mixtures of the bench. Each is named by its kind, n × d, the number of its components and the distance of
 * neighbouring means in standard deviations.
 *
 *   kind       | mixture
 *   overlap    | unit covariances, up to ±20 %; every mean at the distance from another mean, and no two closer
 *   unequal    | the same with weights from 1 to 50
 *   elongated  | standard deviations from 0.3 to 3 along random axes
 *   nested     | pairs of components with the same mean and standard deviations 1 and 4
 *   heavy      | t-distributed components with 3 degrees of freedom
 *   rounded    | `overlap`, rounded to whole standard deviations
 *   duplicated | `overlap`, with five copies of each row on average
 */

import { createHash } from 'node:crypto';
import { createNormal, createUniform, drawRows } from '../data.mjs';

/** kind, n, d, k, distance, and the models that are fitted. */
const LIST = [
  ['overlap', 60, 2, 2, 2, 'full 2'],
  ['overlap', 200, 1, 3, 2.5, 'full 3'],
  ['overlap', 300, 2, 3, 0.5, 'full 3'],
  ['overlap', 400, 5, 4, 1, 'tied 4'],
  ['overlap', 500, 2, 6, 1.5, 'diag 6'],
  ['overlap', 500, 4, 5, 2, 'full 5'],
  ['overlap', 800, 3, 8, 2.5, 'full 8'],
  ['overlap', 1000, 2, 12, 3, 'spherical 12'],
  ['overlap', 1000, 6, 9, 3, 'diag 9'],
  ['overlap', 1500, 8, 6, 1, 'tied 6'],
  ['overlap', 2000, 3, 20, 4, 'full 20'],
  ['overlap', 2000, 10, 7, 2, 'tied 7'],
  ['overlap', 4000, 20, 5, 2, 'diag 5'],
  ['overlap', 8000, 4, 10, 2, 'full 10'],
  ['overlap', 30000, 2, 8, 2, 'spherical 8'],
  ['overlap', 100000, 5, 10, 3, 'full 10'],
  ['overlap', 231000, 3, 6, 2, 'diag 6'],
  ['unequal', 150, 2, 3, 3, 'full 3'],
  ['unequal', 400, 3, 5, 3, 'spherical 5'],
  ['unequal', 500, 2, 7, 4, 'tied 7'],
  ['unequal', 700, 6, 4, 2, 'diag 4'],
  ['unequal', 1000, 2, 10, 4, 'full 10'],
  ['unequal', 1500, 4, 6, 3, 'spherical 6'],
  ['unequal', 3000, 10, 8, 3, 'full 8'],
  ['unequal', 10000, 2, 12, 3, 'full 12'],
  ['unequal', 50000, 4, 7, 3, 'diag 7'],
  ['elongated', 120, 2, 3, 3, 'full 3'],
  ['elongated', 300, 3, 4, 2, 'tied 4'],
  ['elongated', 500, 2, 8, 3, 'full 8'],
  ['elongated', 600, 6, 5, 4, 'full 5'],
  ['elongated', 800, 2, 5, 2, 'diag 9'],
  ['elongated', 1000, 4, 10, 3, 'full 10'],
  ['elongated', 1200, 12, 4, 4, 'tied 8'],
  ['elongated', 5000, 3, 7, 2, 'full 7'],
  ['elongated', 20000, 8, 6, 3, 'full 6'],
  ['elongated', 60000, 2, 15, 4, 'full 15'],
  ['nested', 200, 2, 2, 3, 'spherical 2'],
  ['nested', 400, 1, 4, 4, 'full 4'],
  ['nested', 600, 3, 4, 3, 'diag 4'],
  ['nested', 1000, 2, 8, 6, 'spherical 8'],
  ['nested', 1500, 5, 6, 4, 'spherical 6'],
  ['nested', 2000, 2, 10, 8, 'diag 10'],
  ['nested', 25000, 3, 6, 4, 'spherical 6'],
  ['heavy', 100, 2, 2, 4, 'full 2'],
  ['heavy', 300, 2, 3, 3, 'diag 6'],
  ['heavy', 500, 4, 3, 4, 'tied 5'],
  ['heavy', 700, 1, 3, 4, 'full 6'],
  ['heavy', 1000, 3, 5, 4, 'full 10'],
  ['heavy', 2000, 8, 4, 3, 'diag 12'],
  ['heavy', 12000, 2, 6, 5, 'full 12'],
  ['heavy', 40000, 6, 4, 3, 'tied 10'],
  ['rounded', 100, 3, 2, 3, 'tied 3'],
  ['rounded', 400, 2, 4, 3, 'tied 4'],
  ['rounded', 600, 5, 3, 2, 'spherical 3'],
  ['rounded', 1000, 3, 6, 3, 'diag 6'],
  ['rounded', 3000, 2, 9, 4, 'spherical 14'],
  ['rounded', 80000, 3, 5, 2, 'tied 5'],
  ['duplicated', 200, 2, 3, 3, 'spherical 5'],
  ['duplicated', 500, 3, 4, 2, 'tied 4'],
  ['duplicated', 800, 2, 6, 3, 'spherical 6'],
  ['duplicated', 1500, 5, 5, 2, 'diag 5'],
  ['duplicated', 6000, 4, 9, 3, 'spherical 18'],
];

const DEGREES_OF_FREEDOM = 3;
const COPIES = 5;

/** Seeds of a problem: for its mixture, its rows, its fresh rows. They depend on its name alone. */
function seedOf(name, use) {
  return createHash('sha256').update(`${name}/${use}`).digest().readInt32LE(0);
}

/** (d) A direction, uniform over the sphere. */
function drawDirection(d, normal) {
  const direction = Float64Array.from({ length: d }, normal);
  const norm = Math.hypot(...direction);
  return direction.map((x) => x / norm);
}

/** (k × d) Means that grow as a tree: each new mean is at `distance` from an earlier mean, and no closer to any other. */
function drawMeans({ d, k, distance }, uniform, normal) {
  const means = [new Float64Array(d)];
  while (means.length < k) {
    const parent = means[Math.floor(uniform() * means.length)];
    const mean = drawDirection(d, normal).map((x, a) => parent[a] + distance * x);
    const isFree = means.every((other) => Math.hypot(...other.map((x, a) => x - mean[a])) > 0.999 * distance);
    if (isFree) means.push(mean);
  }
  return means;
}

/** (d × d) L of a covariance that differs from the identity by ±20 % in scale, and in orientation. */
function drawRound(d, normal) {
  const lower = new Float64Array(d * d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) lower[a * d + b] = (0.3 / Math.sqrt(d)) * normal();
    lower[a * d + a] = 1 + 0.2 * Math.tanh(normal());
  }
  return lower;
}

/** (d × d) L of a covariance with a correlation between all columns, and standard deviations between 0.3 and 3. */
function drawElongated(d, uniform, normal) {
  const lower = new Float64Array(d * d);
  const scales = Float64Array.from({ length: d }, () => 0.3 * 10 ** uniform());
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) lower[a * d + b] = scales[b] * normal() * 0.7;
    lower[a * d + a] = scales[a];
  }
  return lower;
}

/** (k) Weights in geometric progression from 1 to `ratio`, summing to 1. */
function geometricWeights(k, ratio) {
  const weights = Float64Array.from({ length: k }, (_, j) => ratio ** (k > 1 ? j / (k - 1) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function createMixture({ name, kind, d, k, distance }) {
  const seed = seedOf(name, 'mixture');
  const uniform = createUniform(seed);
  const normal = createNormal(seed + 1);
  const isNested = kind === 'nested';
  const places = drawMeans({ d, k: isNested ? k / 2 : k, distance }, uniform, normal);
  const means = new Float64Array(k * d);
  const lower = new Float64Array(k * d * d);
  for (let j = 0; j < k; j++) {
    means.set(places[isNested ? j >> 1 : j], j * d);
    const factor = kind === 'elongated' ? drawElongated(d, uniform, normal) : drawRound(d, normal);
    const scale = isNested && j % 2 === 1 ? 4 : 1;
    lower.set(
      factor.map((x) => scale * x),
      j * d * d,
    );
  }
  const weights = geometricWeights(k, kind === 'unequal' ? 50 : 1.5);
  const degrees = kind === 'heavy' ? DEGREES_OF_FREEDOM : Number.POSITIVE_INFINITY;
  return { d, k, weights, means, lower, degrees };
}

/** n rows, each a copy of a random row among n / COPIES. */
function repeatRows(rows, n, d, seed) {
  const uniform = createUniform(seed);
  const repeated = new Float64Array(new SharedArrayBuffer(8 * n * d));
  const distinct = rows.length / d;
  for (let i = 0; i < n; i++) {
    const source = Math.floor(uniform() * distinct);
    repeated.set(rows.subarray(source * d, (source + 1) * d), i * d);
  }
  return repeated;
}

/**
 * Draws rows of a problem's mixture.
 *
 * @param use - `rows` for the problem's own rows, `fresh` for others of the same mixture
 * @returns (n × d) row-major
 */
export function drawProblem(problem, n, use) {
  const seed = seedOf(problem.name, use);
  const isDuplicated = problem.kind === 'duplicated' && use === 'rows';
  const rows = drawRows(createMixture(problem), isDuplicated ? Math.ceil(n / COPIES) : n, seed);
  if (problem.kind === 'rounded') for (let i = 0; i < rows.length; i++) rows[i] = Math.round(rows[i]);
  return isDuplicated ? repeatRows(rows, n, problem.d, seed + 2) : rows;
}

export const DRAWN = LIST.map(([kind, n, d, k, distance, model]) => {
  const [covarianceType, nComponents] = model.split(' ');
  const mixture = `${kind}-${n}x${d}-${k}-distance-${distance}`;
  const name = `${mixture}-${covarianceType}-${nComponents}`;
  const columns = Array.from({ length: d }, (_, a) => `x${a}`);
  return {
    name,
    table: name,
    group: 'drawn',
    source: kind,
    kind,
    n,
    d,
    k,
    distance,
    columns,
    covarianceType,
    nComponents: Number(nComponents),
  };
});
