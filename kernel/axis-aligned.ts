/**
 * Axis-aligned covariances. A component of `diag` has a scale w = 1/σ for each feature, one of `spherical` a single scale.
 *
 *   log ρ = c − ½ Σₐ ((xₐ − μₐ) wₐ)²      O(d) for a row and a component
 *   S = Σ r (x − μ),  Q = Σ r (x − μ)² for each feature (`diag`) or summed over features (`spherical`)
 *
 * Parameters of a component: offset 0 | c; 8 | μ (d); 8 + 8 d | w (d, or 1).
 */

import { cappedLogProb, laneSum, madd } from './vector-maths';

/**
 * E-step of one `diag` component over a block.
 *
 * @param x - in: tiles of d × 8
 * @param component - in: parameters of the component
 * @param logProb - out: (tiles · 8) log ρ
 */
export function logProbDiag(x: usize, tiles: i32, d: i32, component: usize, logProb: usize): void {
  const constant = v128.load_splat<f64>(component);
  const means = component + 8;
  const featureBytes = <usize>d << 3;
  const end = means + featureBytes;
  for (let t = 0; t < tiles; t++) {
    let q0 = f64x2.splat(0);
    let q1 = f64x2.splat(0);
    let q2 = f64x2.splat(0);
    let q3 = f64x2.splat(0);
    for (let m = means; m < end; m += 8) {
      const mean = v128.load_splat<f64>(m);
      const w = v128.load_splat<f64>(m + featureBytes);
      const y0 = f64x2.mul(f64x2.sub(v128.load(x), mean), w);
      const y1 = f64x2.mul(f64x2.sub(v128.load(x, 16), mean), w);
      const y2 = f64x2.mul(f64x2.sub(v128.load(x, 32), mean), w);
      const y3 = f64x2.mul(f64x2.sub(v128.load(x, 48), mean), w);
      q0 = madd(y0, y0, q0);
      q1 = madd(y1, y1, q1);
      q2 = madd(y2, y2, q2);
      q3 = madd(y3, y3, q3);
      x += 64;
    }
    v128.store(logProb, cappedLogProb(q0, constant));
    v128.store(logProb, cappedLogProb(q1, constant), 16);
    v128.store(logProb, cappedLogProb(q2, constant), 32);
    v128.store(logProb, cappedLogProb(q3, constant), 48);
    logProb += 64;
  }
}

/**
 * E-step of one component with a single scale over a block: c − ½ scale² ‖x − μ‖². `tied` uses it on whitened rows.
 *
 * @param x - in: tiles of d × 8
 * @param constant - in: address of c
 * @param means - in: address of μ (d)
 * @param scale - 1/σ
 * @param logProb - out: (tiles · 8) log ρ
 */
export function logProbSpherical(
  x: usize,
  tiles: i32,
  d: i32,
  constant: usize,
  means: usize,
  scale: f64,
  logProb: usize,
): void {
  const c = v128.load_splat<f64>(constant);
  const precision = f64x2.splat(scale * scale);
  const end = means + (<usize>d << 3);
  for (let t = 0; t < tiles; t++) {
    let q0 = f64x2.splat(0);
    let q1 = f64x2.splat(0);
    let q2 = f64x2.splat(0);
    let q3 = f64x2.splat(0);
    for (let m = means; m < end; m += 8) {
      const mean = v128.load_splat<f64>(m);
      const y0 = f64x2.sub(v128.load(x), mean);
      const y1 = f64x2.sub(v128.load(x, 16), mean);
      const y2 = f64x2.sub(v128.load(x, 32), mean);
      const y3 = f64x2.sub(v128.load(x, 48), mean);
      q0 = madd(y0, y0, q0);
      q1 = madd(y1, y1, q1);
      q2 = madd(y2, y2, q2);
      q3 = madd(y3, y3, q3);
      x += 64;
    }
    v128.store(logProb, cappedLogProb(f64x2.mul(q0, precision), c));
    v128.store(logProb, cappedLogProb(f64x2.mul(q1, precision), c), 16);
    v128.store(logProb, cappedLogProb(f64x2.mul(q2, precision), c), 32);
    v128.store(logProb, cappedLogProb(f64x2.mul(q3, precision), c), 48);
    logProb += 64;
  }
}

/**
 * Adds the sums S and the squares Q of a block to the statistics of one component, feature by feature.
 *
 * @param x - in: tiles of d × 8
 * @param means - in: address of μ (d)
 * @param responsibilities - in: (tiles · 8)
 * @param sums - in/out: (d) S
 * @param squares - in/out: Q; 0 for `tied`, which needs no squares
 * @param step - bytes from the square of a feature to the square of the next: 8 for `diag`, 0 for `spherical`
 */
export function scatterAxes(
  x: usize,
  tiles: i32,
  d: i32,
  means: usize,
  responsibilities: usize,
  sums: usize,
  squares: usize,
  step: usize,
): void {
  const tileBytes = <usize>d << 6;
  const rEnd = responsibilities + (<usize>tiles << 6);
  for (let a = 0; a < d; a++) {
    const mean = v128.load_splat<f64>(means + (<usize>a << 3));
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let at = x + (<usize>a << 6);
    if (squares) {
      let q0 = f64x2.splat(0);
      let q1 = f64x2.splat(0);
      let q2 = f64x2.splat(0);
      let q3 = f64x2.splat(0);
      for (let r = responsibilities; r < rEnd; r += 64) {
        const c0 = f64x2.sub(v128.load(at), mean);
        const c1 = f64x2.sub(v128.load(at, 16), mean);
        const c2 = f64x2.sub(v128.load(at, 32), mean);
        const c3 = f64x2.sub(v128.load(at, 48), mean);
        const w0 = f64x2.mul(c0, v128.load(r));
        const w1 = f64x2.mul(c1, v128.load(r, 16));
        const w2 = f64x2.mul(c2, v128.load(r, 32));
        const w3 = f64x2.mul(c3, v128.load(r, 48));
        s0 = f64x2.add(s0, w0);
        s1 = f64x2.add(s1, w1);
        s2 = f64x2.add(s2, w2);
        s3 = f64x2.add(s3, w3);
        q0 = madd(w0, c0, q0);
        q1 = madd(w1, c1, q1);
        q2 = madd(w2, c2, q2);
        q3 = madd(w3, c3, q3);
        at += tileBytes;
      }
      const q = squares + <usize>a * step;
      f64.store(q, f64.load(q) + laneSum(f64x2.add(f64x2.add(q0, q1), f64x2.add(q2, q3))));
    } else {
      for (let r = responsibilities; r < rEnd; r += 64) {
        s0 = madd(f64x2.sub(v128.load(at), mean), v128.load(r), s0);
        s1 = madd(f64x2.sub(v128.load(at, 16), mean), v128.load(r, 16), s1);
        s2 = madd(f64x2.sub(v128.load(at, 32), mean), v128.load(r, 32), s2);
        s3 = madd(f64x2.sub(v128.load(at, 48), mean), v128.load(r, 48), s3);
        at += tileBytes;
      }
    }
    const s = sums + (<usize>a << 3);
    f64.store(s, f64.load(s) + laneSum(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))));
  }
}
