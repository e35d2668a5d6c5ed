/**
 * Rows for the benches: seeded draws from mixtures of Gaussians with a known overlap, the same for all peers.
 */

/** sfc32 (C. Doty-Humphrey, PractRand): uniform in (0, 1), never 0 or 1. */
export function createUniform(seed) {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return ((t >>> 0) + 0.5) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Standard normals, two at a time (Box & Muller, 1958). */
export function createNormal(seed) {
  const uniform = createUniform(seed);
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Weights that differ a little, summing to 1. */
function unequalWeights(k) {
  const weights = Float64Array.from({ length: k }, (_, j) => 1 + j / k);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * A mixture whose components overlap. Two means are some `distance` standard deviations apart (root mean square, for any
 * d), and the covariances differ in scale by ±20 % and in orientation.
 *
 * @returns weights (k), means (k × d), lower (k × d × d): Σ = L Lᵀ
 */
export function createOverlapping({ d, k, distance = 3, seed = 1 }) {
  const normal = createNormal(seed);
  const spread = distance / Math.sqrt(2 * d);
  const means = Float64Array.from({ length: k * d }, () => spread * normal());
  const lower = new Float64Array(k * d * d);
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < a; b++) lower[(j * d + a) * d + b] = (0.3 / Math.sqrt(d)) * normal();
      lower[(j * d + a) * d + a] = 1 + 0.2 * Math.tanh(normal());
    }
  }
  return { d, k, weights: unequalWeights(k), means, lower };
}

/**
 * A mixture whose components are far apart: along every feature any two means differ by at least three standard
 * deviations. The means of each feature are 0, 3, 6, … in random order. Covariances are the identity.
 */
export function createSeparated({ d, k, seed = 1 }) {
  const uniform = createUniform(seed);
  const means = new Float64Array(k * d);
  for (let a = 0; a < d; a++) {
    const order = Array.from({ length: k }, (_, j) => j);
    for (let j = k - 1; j > 0; j--) {
      const other = Math.floor(uniform() * (j + 1));
      [order[j], order[other]] = [order[other], order[j]];
    }
    for (let j = 0; j < k; j++) means[j * d + a] = 3 * order[j];
  }
  const lower = new Float64Array(k * d * d);
  for (let j = 0; j < k; j++) for (let a = 0; a < d; a++) lower[(j * d + a) * d + a] = 1;
  return { d, k, weights: unequalWeights(k), means, lower };
}

/** The factor that makes a row of Gaussian noise t-distributed: √(ν / χ²ᵥ), ν whole; 1 for infinite ν. */
function drawSpread(degrees, normal) {
  if (degrees === Number.POSITIVE_INFINITY) return 1;
  let chiSquare = 0;
  for (let m = 0; m < degrees; m++) chiSquare += normal() ** 2;
  return Math.sqrt(degrees / chiSquare);
}

/**
 * Draws n rows from a mixture of Gaussians, or of t distributions with `degrees` of freedom.
 *
 * @returns (n × d) row-major over shared memory, which `Dataset.from` adopts without a copy
 */
export function drawRows({ d, k, weights, means, lower, degrees = Number.POSITIVE_INFINITY }, n, seed = 2) {
  const uniform = createUniform(seed);
  const normal = createNormal(seed + 1);
  const rows = new Float64Array(new SharedArrayBuffer(8 * n * d));
  const z = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    let u = uniform();
    let j = 0;
    while (j < k - 1 && u >= weights[j]) u -= weights[j++];
    const spread = drawSpread(degrees, normal);
    for (let a = 0; a < d; a++) z[a] = spread * normal();
    for (let a = 0; a < d; a++) {
      const row = (j * d + a) * d;
      let x = means[j * d + a];
      for (let b = 0; b <= a; b++) x += lower[row + b] * z[b];
      rows[i * d + a] = x;
    }
  }
  return rows;
}

/**
 * Start values that EM has to improve: the true means plus noise, variances of 1.5 and equal weights. The noise has a root
 * mean square of half a standard deviation over all features together, for any d.
 *
 * @returns weights (k), means (k × d), covariances (k × d × d)
 */
export function createStart({ d, k, means }, seed = 4) {
  const normal = createNormal(seed);
  const covariances = new Float64Array(k * d * d);
  for (let j = 0; j < k; j++) for (let a = 0; a < d; a++) covariances[(j * d + a) * d + a] = 1.5;
  return {
    weights: new Float64Array(k).fill(1 / k),
    means: means.map((mean) => mean + (0.5 / Math.sqrt(d)) * normal()),
    covariances,
  };
}

/** Start values in the shape that `init` takes for a covariance type. */
export function shapeStart({ weights, means, covariances }, covarianceType) {
  const k = weights.length;
  const d = means.length / k;
  const diagonal = (j, a) => covariances[(j * d + a) * d + a];
  const shaped = {
    full: () => covariances,
    tied: () => covariances.slice(0, d * d),
    diag: () => Float64Array.from({ length: k * d }, (_, i) => diagonal(Math.floor(i / d), i % d)),
    spherical: () => Float64Array.from({ length: k }, (_, j) => diagonal(j, 0)),
  };
  return { weights, means, covariances: shaped[covarianceType]() };
}
