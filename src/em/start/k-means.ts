/**
 * k-means: ++ seeding (Arthur & Vassilvitskii, 2007) and Lloyd's iterations (1982), for start values only.
 * Rows are those of a sample, in units of the data's standard deviations.
 */

import type { Random } from '../../core/random.js';

/** Rows that k-means works on. */
export interface WeightedRows {
  readonly n: number;
  readonly d: number;
  /** (n × d) row-major. */
  readonly rows: Float64Array;
  /** (n) */
  readonly weights: Float64Array;
}

/** Lloyd's iterations converge in some dozens of steps; the last steps hardly move the centers. */
const MOST_ITERATIONS = 100;

/** The label of a row before the first assignment. */
const NO_LABEL = -1;

/** The iterations stop when at most this share of the rows' weight goes to another center. */
const STILL_MOVING = 1e-3;

function squaredDistance(
  rows: Float64Array,
  row: number,
  centers: Float64Array,
  center: number,
  d: number,
): number {
  let sum = 0;
  for (let a = 0; a < d; a++) {
    const difference = rows[row * d + a] - centers[center * d + a];
    sum += difference * difference;
  }
  return sum;
}

/** A row with probability in proportion to `mass`; where all mass is 0, any. */
function draw(mass: Float64Array, total: number, random: Random): number {
  if (!(total > 0)) return random.below(mass.length);
  let left = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < mass.length; i++) {
    if (mass[i] === 0) continue;
    last = i;
    left -= mass[i];
    if (left < 0) break;
  }
  return last;
}

/**
 * k rows spread over the data: each is drawn with probability in proportion to its squared distance from the nearest row before it.
 * Of 2 + ⌊ln k⌋ candidates, the one that leaves the least total distance is kept.
 *
 * @returns (k × d) centers
 */
export function seedCenters(sample: WeightedRows, k: number, random: Random): Float64Array {
  const { n, d, rows, weights } = sample;
  const centers = new Float64Array(k * d);
  const tries = 2 + Math.floor(Math.log(k));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const place = (center: number, row: number) =>
    centers.set(rows.subarray(row * d, (row + 1) * d), center * d);
  place(0, draw(weights, total, random));

  let nearest: Float64Array = new Float64Array(n);
  let mass: Float64Array = new Float64Array(n);
  let massTotal = 0;
  for (let i = 0; i < n; i++) {
    nearest[i] = squaredDistance(rows, i, centers, 0, d);
    mass[i] = weights[i] * nearest[i];
    massTotal += mass[i];
  }
  for (let center = 1; center < k; center++) {
    let best: { row: number; nearest: Float64Array; mass: Float64Array; total: number } | undefined;
    for (let attempt = 0; attempt < tries; attempt++) {
      const row = draw(mass, massTotal, random);
      place(center, row);
      const tried = { row, nearest: new Float64Array(n), mass: new Float64Array(n), total: 0 };
      for (let i = 0; i < n; i++) {
        tried.nearest[i] = Math.min(nearest[i], squaredDistance(rows, i, centers, center, d));
        tried.mass[i] = weights[i] * tried.nearest[i];
        tried.total += tried.mass[i];
      }
      if (!best || tried.total < best.total) best = tried;
    }
    if (!best) break;
    place(center, best.row);
    ({ nearest, mass, total: massTotal } = best);
  }
  return centers;
}

/**
 * The nearest center of every row; ties go to the lowest index.
 *
 * @param labels - out: (n)
 * @param distances - out: (n) squared distance to it
 * @returns the weight of the rows whose label changed
 */
export function assignInto(
  labels: Int32Array,
  distances: Float64Array,
  sample: WeightedRows,
  centers: Float64Array,
): number {
  const { n, d, rows, weights } = sample;
  const k = centers.length / d;
  let changed = 0;
  for (let i = 0; i < n; i++) {
    let label = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      const distance = squaredDistance(rows, i, centers, j, d);
      if (distance < nearest) {
        nearest = distance;
        label = j;
      }
    }
    if (labels[i] !== label) changed += weights[i];
    labels[i] = label;
    distances[i] = nearest;
  }
  return changed;
}

/**
 * k-means from ++ seeds: Lloyd's iterations until hardly any label changes. An empty cluster starts again at the row farthest from
 * its center.
 *
 * @param checkCancelled - throws when the caller wants no more; called once an iteration
 * @returns (k × d) centers
 */
export function computeKMeans(
  sample: WeightedRows,
  k: number,
  random: Random,
  checkCancelled: () => void,
): Float64Array {
  const { n, d, rows, weights } = sample;
  const centers = seedCenters(sample, k, random);
  const labels = new Int32Array(n).fill(NO_LABEL);
  const distances = new Float64Array(n);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    checkCancelled();
    const changed = assignInto(labels, distances, sample, centers);
    if (changed <= STILL_MOVING * total) break;
    const mass = new Float64Array(k);
    const sums = new Float64Array(k * d);
    for (let i = 0; i < n; i++) {
      const j = labels[i];
      mass[j] += weights[i];
      for (let a = 0; a < d; a++) sums[j * d + a] += weights[i] * rows[i * d + a];
    }
    for (let j = 0; j < k; j++) {
      if (mass[j] > 0) {
        for (let a = 0; a < d; a++) centers[j * d + a] = sums[j * d + a] / mass[j];
      } else {
        const farthest = distances.reduce((far, distance, i) => (distance > distances[far] ? i : far), 0);
        centers.set(rows.subarray(farthest * d, (farthest + 1) * d), j * d);
        distances[farthest] = 0;
      }
    }
  }
  return centers;
}
