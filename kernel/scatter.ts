/**
 * Statistics of matrices: of full covariances, and the common scatter where components share one.
 *
 *   S = Σ r (x − μ),  Q = Σ r (x − μ)(x − μ)ᵀ        Bishop, PRML (2006), eq. 9.24–9.27, about the current mean
 *
 * Two rows of r (x − μ) by four columns of x − μ make eight sums. They fit into registers, so that each load feeds several
 * multiply–adds.
 */

import { laneSum, madd } from './vector-maths';

/**
 * Adds the statistics of a block to those of one component.
 *
 * @param x - in: tiles of d × 8
 * @param means - in: address of μ (d)
 * @param responsibilities - in: (tiles · 8)
 * @param centered - scratch: tiles of d × 8, becomes x − μ
 * @param weighted - scratch: tiles of d × 8, becomes r (x − μ)
 * @param sums - in/out: (d) S
 * @param scatters - in/out: (d (d + 1) / 2) Q, packed lower triangle by rows
 */
export function scatterFull(
  x: usize,
  tiles: i32,
  d: i32,
  means: usize,
  responsibilities: usize,
  centered: usize,
  weighted: usize,
  sums: usize,
  scatters: usize,
): void {
  const tileBytes = <usize>d << 6;

  const rEnd = responsibilities + (<usize>tiles << 6);
  for (let a = 0; a < d; a++) {
    const mean = v128.load_splat<f64>(means + (<usize>a << 3));
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let at = <usize>a << 6;
    for (let r = responsibilities; r < rEnd; r += 64) {
      const c0 = f64x2.sub(v128.load(x + at), mean);
      const c1 = f64x2.sub(v128.load(x + at, 16), mean);
      const c2 = f64x2.sub(v128.load(x + at, 32), mean);
      const c3 = f64x2.sub(v128.load(x + at, 48), mean);
      const w0 = f64x2.mul(c0, v128.load(r));
      const w1 = f64x2.mul(c1, v128.load(r, 16));
      const w2 = f64x2.mul(c2, v128.load(r, 32));
      const w3 = f64x2.mul(c3, v128.load(r, 48));
      v128.store(centered + at, c0);
      v128.store(centered + at, c1, 16);
      v128.store(centered + at, c2, 32);
      v128.store(centered + at, c3, 48);
      v128.store(weighted + at, w0);
      v128.store(weighted + at, w1, 16);
      v128.store(weighted + at, w2, 32);
      v128.store(weighted + at, w3, 48);
      s0 = f64x2.add(s0, f64x2.add(w0, w1));
      s1 = f64x2.add(s1, f64x2.add(w2, w3));
      at += tileBytes;
    }
    const s = sums + (<usize>a << 3);
    f64.store(s, f64.load(s) + laneSum(f64x2.add(s0, s1)));
  }

  let row = scatters;
  let p = 0;
  for (; p + 1 < d; p += 2) {
    const next = row + (<usize>(p + 1) << 3);
    const w = weighted + (<usize>p << 6);
    // Columns 0 … p + 1 of rows p and p + 1, an even number. Element (p, p + 1) is above the diagonal and not stored.
    let b = 0;
    for (; b + 3 <= p + 1; b += 4) {
      const at = <usize>b << 3;
      rows2columns4(w, centered + (<usize>b << 6), tiles, tileBytes, row + at, next + at, b + 3 <= p);
    }
    if (b <= p) {
      const at = <usize>b << 3;
      rows2columns2(w, centered + (<usize>b << 6), tiles, tileBytes, row + at, next + at);
    }
    row = next + (<usize>(p + 2) << 3);
  }
  if (p < d) {
    const w = weighted + (<usize>p << 6);
    for (let b = 0; b <= p; b++) {
      rows1columns1(w, centered + (<usize>b << 6), tiles, tileBytes, row + (<usize>b << 3));
    }
  }
}

/** Q[p … p+1][b … b+3] += Σ w[p …] c[b …]; the corner (p, b + 3) only if `corner`. */
// @ts-ignore: decorator
@inline
function rows2columns4(
  w: usize,
  c: usize,
  tiles: i32,
  tileBytes: usize,
  upper: usize,
  lower: usize,
  corner: bool,
): void {
  let q00 = f64x2.splat(0);
  let q01 = f64x2.splat(0);
  let q02 = f64x2.splat(0);
  let q03 = f64x2.splat(0);
  let q10 = f64x2.splat(0);
  let q11 = f64x2.splat(0);
  let q12 = f64x2.splat(0);
  let q13 = f64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    for (let v: usize = 0; v < 64; v += 16) {
      const w0 = v128.load(w + v);
      const w1 = v128.load(w + v, 64);
      let value = v128.load(c + v);
      q00 = madd(w0, value, q00);
      q10 = madd(w1, value, q10);
      value = v128.load(c + v, 64);
      q01 = madd(w0, value, q01);
      q11 = madd(w1, value, q11);
      value = v128.load(c + v, 128);
      q02 = madd(w0, value, q02);
      q12 = madd(w1, value, q12);
      value = v128.load(c + v, 192);
      q03 = madd(w0, value, q03);
      q13 = madd(w1, value, q13);
    }
    w += tileBytes;
    c += tileBytes;
  }
  addPair(upper, q00, q01);
  addPair(lower, q10, q11);
  addPair(lower + 16, q12, q13);
  if (corner) addPair(upper + 16, q02, q03);
  else f64.store(upper, f64.load(upper, 16) + laneSum(q02), 16);
}

/** Q[p][b], Q[p+1][b], Q[p+1][b+1] += Σ w c, at the diagonal. */
// @ts-ignore: decorator
@inline
function rows2columns2(
  w: usize,
  c: usize,
  tiles: i32,
  tileBytes: usize,
  upper: usize,
  lower: usize,
): void {
  let q00 = f64x2.splat(0);
  let q10 = f64x2.splat(0);
  let q11 = f64x2.splat(0);
  let p00 = f64x2.splat(0);
  let p10 = f64x2.splat(0);
  let p11 = f64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    for (let v: usize = 0; v < 64; v += 32) {
      const w1 = v128.load(w + v, 64);
      const value = v128.load(c + v);
      q00 = madd(v128.load(w + v), value, q00);
      q10 = madd(w1, value, q10);
      q11 = madd(w1, v128.load(c + v, 64), q11);
      const x1 = v128.load(w + v, 80);
      const more = v128.load(c + v, 16);
      p00 = madd(v128.load(w + v, 16), more, p00);
      p10 = madd(x1, more, p10);
      p11 = madd(x1, v128.load(c + v, 80), p11);
    }
    w += tileBytes;
    c += tileBytes;
  }
  f64.store(upper, f64.load(upper) + laneSum(f64x2.add(q00, p00)));
  addPair(lower, f64x2.add(q10, p10), f64x2.add(q11, p11));
}

/** Q[p][b] += Σ w c, for the last row p if d is odd. */
// @ts-ignore: decorator
@inline
function rows1columns1(w: usize, c: usize, tiles: i32, tileBytes: usize, out: usize): void {
  let q0 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  let q2 = f64x2.splat(0);
  let q3 = f64x2.splat(0);
  for (let t = 0; t < tiles; t++) {
    q0 = madd(v128.load(w), v128.load(c), q0);
    q1 = madd(v128.load(w, 16), v128.load(c, 16), q1);
    q2 = madd(v128.load(w, 32), v128.load(c, 32), q2);
    q3 = madd(v128.load(w, 48), v128.load(c, 48), q3);
    w += tileBytes;
    c += tileBytes;
  }
  f64.store(out, f64.load(out) + laneSum(f64x2.add(f64x2.add(q0, q1), f64x2.add(q2, q3))));
}

/** out[0] += the lanes of a, out[1] += the lanes of b. */
// @ts-ignore: decorator
@inline
function addPair(out: usize, a: v128, b: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
  v128.store(out, f64x2.add(v128.load(out), sums));
}
