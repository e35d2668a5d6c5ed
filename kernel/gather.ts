/**
 * Exact skips. A row with responsibility 0 for a component adds nothing to its scatter. If enough rows of a block have
 * responsibility 0, the remaining rows are gathered and the scatter runs on them alone.
 */

import { TILE } from './block';
import { laneSum } from './vector-maths';

/**
 * Adds Σ r over a block to `count`.
 *
 * @param responsibilities - in: (tiles · 8)
 * @returns number of responsibilities that are not 0
 */
export function addCount(responsibilities: usize, tiles: i32, count: usize): i32 {
  const zero = f64x2.splat(0);
  let n0 = zero;
  let n1 = zero;
  let active = i64x2.splat(0);
  const end = responsibilities + (<usize>tiles << 6);
  for (let r = responsibilities; r < end; r += 64) {
    const r0 = v128.load(r);
    const r1 = v128.load(r, 16);
    const r2 = v128.load(r, 32);
    const r3 = v128.load(r, 48);
    n0 = f64x2.add(n0, f64x2.add(r0, r1));
    n1 = f64x2.add(n1, f64x2.add(r2, r3));
    // A true comparison sets every bit, which is −1.
    const low = i64x2.add(f64x2.gt(r0, zero), f64x2.gt(r1, zero));
    const high = i64x2.add(f64x2.gt(r2, zero), f64x2.gt(r3, zero));
    active = i64x2.sub(active, i64x2.add(low, high));
  }
  f64.store(count, f64.load(count) + laneSum(f64x2.add(n0, n1)));
  return <i32>(i64x2.extract_lane(active, 0) + i64x2.extract_lane(active, 1));
}

/**
 * Copies the rows of a block whose responsibility is not 0. Copies of the last row with responsibility 0 fill the last tile.
 *
 * @param x - in: tiles of d × 8
 * @param gatheredX - out: ceil(active / 8) tiles of d × 8
 * @param gatheredR - out: their responsibilities
 * @returns number of gathered tiles
 */
export function gather(
  x: usize,
  tiles: i32,
  d: i32,
  responsibilities: usize,
  gatheredX: usize,
  gatheredR: usize,
): i32 {
  const tileBytes = <usize>d << 6;
  const rows = tiles * TILE;
  let n = 0;
  for (let i = 0; i < rows; i++) {
    const r = f64.load(responsibilities + (<usize>i << 3));
    if (r == 0) continue;
    f64.store(gatheredR + (<usize>n << 3), r);
    copyRow(x, i, gatheredX, n, d, tileBytes);
    n++;
  }
  const gathered = (n + TILE - 1) / TILE;
  for (let last = n - 1; n < gathered * TILE; n++) {
    f64.store(gatheredR + (<usize>n << 3), 0);
    copyRow(gatheredX, last, gatheredX, n, d, tileBytes);
  }
  return gathered;
}

// @ts-ignore: decorator
@inline
function copyRow(from: usize, i: i32, to: usize, n: i32, d: i32, tileBytes: usize): void {
  let source = from + <usize>(i >> 3) * tileBytes + (<usize>(i & 7) << 3);
  let target = to + <usize>(n >> 3) * tileBytes + (<usize>(n & 7) << 3);
  for (let a = 0; a < d; a++) {
    f64.store(target, f64.load(source));
    source += 64;
    target += 64;
  }
}
