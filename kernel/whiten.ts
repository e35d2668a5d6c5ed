/**
 * Whitens a block once for all components of `tied`: z = W (x − m). The distance of a row to a whitened mean
 * ν = W (μ − m) then costs O(d).
 */

import { madd } from './vector-maths';

/**
 * @param x - in: tiles of d × 8
 * @param origin - in: address of m (d)
 * @param whitening - in: address of W, packed lower triangle by rows
 * @param centered - scratch: d × 8
 * @param z - out: tiles of d × 8
 */
export function whiten(
  x: usize,
  tiles: i32,
  d: i32,
  origin: usize,
  whitening: usize,
  centered: usize,
  z: usize,
): void {
  for (let t = 0; t < tiles; t++) {
    let c = centered;
    for (let a = 0; a < d; a++) {
      const mean = v128.load_splat<f64>(origin + (<usize>a << 3));
      v128.store(c, f64x2.sub(v128.load(x), mean));
      v128.store(c, f64x2.sub(v128.load(x, 16), mean), 16);
      v128.store(c, f64x2.sub(v128.load(x, 32), mean), 32);
      v128.store(c, f64x2.sub(v128.load(x, 48), mean), 48);
      c += 64;
      x += 64;
    }
    let w = whitening;
    for (let i = 0; i < d; i++) {
      let y0 = f64x2.splat(0);
      let y1 = f64x2.splat(0);
      let y2 = f64x2.splat(0);
      let y3 = f64x2.splat(0);
      c = centered;
      for (let a = 0; a <= i; a++) {
        const value = v128.load_splat<f64>(w);
        y0 = madd(value, v128.load(c), y0);
        y1 = madd(value, v128.load(c, 16), y1);
        y2 = madd(value, v128.load(c, 32), y2);
        y3 = madd(value, v128.load(c, 48), y3);
        w += 8;
        c += 64;
      }
      v128.store(z, y0);
      v128.store(z, y1, 16);
      v128.store(z, y2, 32);
      v128.store(z, y3, 48);
      z += 64;
    }
  }
}
