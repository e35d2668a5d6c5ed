/**
 * E-step of full covariances: each component has a whitening matrix W = L⁻¹, where Σ = L Lᵀ.
 *
 *   log ρ = c − ½ ‖W (x − μ)‖²,  c = log π + Σₐ log Wₐₐ − d/2 log 2π        Bishop, PRML (2006), eq. 2.43
 *
 * A triangular W takes half the work of a dense product. Two rows of W by four vectors make eight sums. They fit into registers, so
 * that each load feeds several multiply–adds.
 *
 * The function is long because every sum needs a variable of its own: WebAssembly has no arrays of registers.
 *
 * Parameters of a component: offset 0 | c; 8 | μ (d); 8 + 8 d | W, packed lower triangle by rows.
 */

import { cappedLogProb, madd } from './vector-maths';

/**
 * E-step of one component over a block.
 *
 * @param x - in: tiles of d × 8
 * @param component - in: parameters of the component
 * @param centered - scratch: d × 8
 * @param logProb - out: (tiles · 8) log ρ
 */
export function logProbFull(
  x: usize,
  tiles: i32,
  d: i32,
  component: usize,
  centered: usize,
  logProb: usize,
): void {
  const constant = v128.load_splat<f64>(component);
  const means = component + 8;
  const whitening = means + (<usize>d << 3);
  for (let t = 0; t < tiles; t++) {
    let c = centered;
    for (let a = 0; a < d; a++) {
      const mean = v128.load_splat<f64>(means + (<usize>a << 3));
      v128.store(c, f64x2.sub(v128.load(x), mean));
      v128.store(c, f64x2.sub(v128.load(x, 16), mean), 16);
      v128.store(c, f64x2.sub(v128.load(x, 32), mean), 32);
      v128.store(c, f64x2.sub(v128.load(x, 48), mean), 48);
      c += 64;
      x += 64;
    }
    let q0 = f64x2.splat(0);
    let q1 = f64x2.splat(0);
    let q2 = f64x2.splat(0);
    let q3 = f64x2.splat(0);
    let upper = whitening;
    let i = 0;
    for (; i + 1 < d; i += 2) {
      let lower = upper + (<usize>(i + 1) << 3);
      let y00 = f64x2.splat(0);
      let y01 = f64x2.splat(0);
      let y02 = f64x2.splat(0);
      let y03 = f64x2.splat(0);
      let y10 = f64x2.splat(0);
      let y11 = f64x2.splat(0);
      let y12 = f64x2.splat(0);
      let y13 = f64x2.splat(0);
      c = centered;
      const diagonal = lower;
      while (upper < diagonal) {
        const w0 = v128.load_splat<f64>(upper);
        const w1 = v128.load_splat<f64>(lower);
        let value = v128.load(c);
        y00 = madd(w0, value, y00);
        y10 = madd(w1, value, y10);
        value = v128.load(c, 16);
        y01 = madd(w0, value, y01);
        y11 = madd(w1, value, y11);
        value = v128.load(c, 32);
        y02 = madd(w0, value, y02);
        y12 = madd(w1, value, y12);
        value = v128.load(c, 48);
        y03 = madd(w0, value, y03);
        y13 = madd(w1, value, y13);
        upper += 8;
        lower += 8;
        c += 64;
      }
      const last = v128.load_splat<f64>(lower);
      y10 = madd(last, v128.load(c), y10);
      y11 = madd(last, v128.load(c, 16), y11);
      y12 = madd(last, v128.load(c, 32), y12);
      y13 = madd(last, v128.load(c, 48), y13);
      q0 = madd(y10, y10, madd(y00, y00, q0));
      q1 = madd(y11, y11, madd(y01, y01, q1));
      q2 = madd(y12, y12, madd(y02, y02, q2));
      q3 = madd(y13, y13, madd(y03, y03, q3));
      upper = lower + 8;
    }
    if (i < d) {
      let y0 = f64x2.splat(0);
      let y1 = f64x2.splat(0);
      let y2 = f64x2.splat(0);
      let y3 = f64x2.splat(0);
      c = centered;
      for (let a = 0; a < d; a++) {
        const w = v128.load_splat<f64>(upper);
        y0 = madd(w, v128.load(c), y0);
        y1 = madd(w, v128.load(c, 16), y1);
        y2 = madd(w, v128.load(c, 32), y2);
        y3 = madd(w, v128.load(c, 48), y3);
        upper += 8;
        c += 64;
      }
      q0 = madd(y0, y0, q0);
      q1 = madd(y1, y1, q1);
      q2 = madd(y2, y2, q2);
      q3 = madd(y3, y3, q3);
    }
    v128.store(logProb, cappedLogProb(q0, constant));
    v128.store(logProb, cappedLogProb(q1, constant), 16);
    v128.store(logProb, cappedLogProb(q2, constant), 32);
    v128.store(logProb, cappedLogProb(q3, constant), 48);
    logProb += 64;
  }
}
