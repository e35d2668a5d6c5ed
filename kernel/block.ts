/**
 * A block: up to 128 rows, packed into tiles of 8 rows so that SIMD lanes are rows.
 *
 * Rows arrive row-major. A packed block is x[tile][feature][row in tile]. One feature of a tile takes 64 bytes: a cache
 * line, or four vectors. The kernel reads a tile from beginning to end, so no power-of-two stride maps its cache lines to
 * the same set. Copies of the last row with weight 0 fill the last tile.
 */

/** Rows of a tile: four vectors of two rows fit into the registers at once. */
// @ts-ignore: decorator
@inline export const TILE: i32 = 8;

/**
 * Packs m >= 1 row-major rows into tiles.
 *
 * @param rows - in: (m × d) row-major
 * @param x - out: ceil(m / 8) tiles of d × 8
 */
export function pack(rows: usize, m: i32, d: i32, x: usize): void {
  const rowBytes = <usize>d << 3;
  const pairs = d & ~1;
  for (let first = 0; first < m; first += TILE) {
    for (let r = 0; r < TILE; r += 2) {
      let above = rows + <usize>min(first + r, m - 1) * rowBytes;
      let below = rows + <usize>min(first + r + 1, m - 1) * rowBytes;
      let out = x + (<usize>r << 3);
      for (let a = 0; a < pairs; a += 2) {
        const u = v128.load(above);
        const v = v128.load(below);
        v128.store(out, v128.shuffle<f64>(u, v, 0, 2));
        v128.store(out, v128.shuffle<f64>(u, v, 1, 3), 64);
        above += 16;
        below += 16;
        out += 128;
      }
      if (pairs < d) {
        f64.store(out, f64.load(above));
        f64.store(out, f64.load(below), 8);
      }
    }
    x += rowBytes << 3;
  }
}

/**
 * Packs the weights of a block's rows: the caller's weights or 1, and 0 for the copies that fill the last tile.
 *
 * @param sampleWeight - in: (m), or 0 without weights
 * @param out - out: (ceil(m / 8) · 8)
 */
export function packWeights(sampleWeight: usize, m: i32, out: usize): void {
  const full = (m + TILE - 1) & ~(TILE - 1);
  for (let r = 0; r < full; r++) {
    const weight: f64 = r >= m ? 0 : sampleWeight ? f64.load(sampleWeight + (<usize>r << 3)) : 1;
    f64.store(out + (<usize>r << 3), weight);
  }
}
