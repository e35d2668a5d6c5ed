/**
 * The shape of the model, and where its parts are in memory: set once by `use`, read by all passes.
 *
 * The kernel owns the memory of its constants only. The caller lays out all other memory (the map is in
 * src/kernel/layout.ts) and passes the addresses.
 *
 * Parameters, as src/kernel/prepare.ts writes them: log ρ₀ of the noise, then by form
 *   full      | for each component: c, μ (d), W (d (d + 1) / 2)
 *   tied      | once: m (d), W (d (d + 1) / 2); for each component: c, μ (d), W (μ − m) (d)
 *   diagonal  | for each component: c, μ (d), w (d)
 *   spherical | for each component: c, μ (d), w (1)
 * and for t components, whose c above are 0, their tails; see student-t.ts.
 */

import { TILE } from './block';

/** Forms of covariances, by `kernelId` in src/core/covariance. */
// @ts-ignore: decorator
@inline export const FULL: i32 = 0;
// @ts-ignore: decorator
@inline export const TIED: i32 = 1;
// @ts-ignore: decorator
@inline export const DIAG: i32 = 2;

/** Doubles before the counts in the statistics: log-likelihood, Σ w ln max r, Σ w, largest change, Σ w r₀. */
// @ts-ignore: decorator
@inline export const TOTALS: usize = 5;

/** The first address that the caller may use: the kernel's constants are before it. */
export const firstFree: usize = __heap_base;

export let type: i32 = 0;
export let d: i32 = 0;
export let k: i32 = 0;
export let blockRows: i32 = 0;
export let parameters: usize = 0;
export let statistics: usize = 0;
export let x: usize = 0;
export let centered: usize = 0;
export let weighted: usize = 0;
export let gatheredX: usize = 0;
export let gatheredR: usize = 0;
export let logProb: usize = 0;
export let weights: usize = 0;
export let logDensity: usize = 0;
/** For t components; 0 for Gaussian ones. */
export let tails: usize = 0;
export let scales: usize = 0;
export let scaledCounts: usize = 0;
/** Of components of one covariance beside noise: where their common scatter is; 0 for none. */
export let commonScatter: usize = 0;

/** Sets sizes and addresses, which stay valid until the next call; see src/kernel/layout.ts. */
export function use(
  type_: i32,
  d_: i32,
  k_: i32,
  blockRows_: i32,
  parameters_: usize,
  statistics_: usize,
  x_: usize,
  centered_: usize,
  weighted_: usize,
  gatheredX_: usize,
  gatheredR_: usize,
  logProb_: usize,
  weights_: usize,
  logDensity_: usize,
  tails_: usize,
  scales_: usize,
  scaledCounts_: usize,
  commonScatter_: usize,
): void {
  type = type_;
  d = d_;
  k = k_;
  blockRows = blockRows_;
  parameters = parameters_;
  statistics = statistics_;
  x = x_;
  centered = centered_;
  weighted = weighted_;
  gatheredX = gatheredX_;
  gatheredR = gatheredR_;
  logProb = logProb_;
  weights = weights_;
  logDensity = logDensity_;
  tails = tails_;
  scales = scales_;
  scaledCounts = scaledCounts_;
  commonScatter = commonScatter_;
}

// @ts-ignore: decorator
@inline
export function triangle(): i32 {
  return (d * (d + 1)) >> 1;
}

/** Address of component j's parameters. */
// @ts-ignore: decorator
@inline
export function component(j: i32): usize {
  if (type == TIED) return parameters + (<usize>(1 + d + triangle() + j * (1 + 2 * d)) << 3);
  const rest = type == FULL ? triangle() : type == DIAG ? d : 1;
  return parameters + (<usize>(1 + j * (1 + d + rest)) << 3);
}

/**
 * Bytes from the log-probabilities of a component to those of the next: a tile more than a block. At a power of two the
 * same row of many components would map to the same few cache sets.
 */
// @ts-ignore: decorator
@inline
export function stride(): usize {
  return <usize>(blockRows + TILE) << 3;
}

/** Address of component j's (blockRows) log-probabilities, later its responsibilities. */
// @ts-ignore: decorator
@inline
export function column(j: i32): usize {
  return logProb + <usize>j * stride();
}

/** Address of component j's (blockRows) values of u, later of r u. Those of ln u − u are `k` columns behind. */
// @ts-ignore: decorator
@inline
export function scaleColumn(j: i32): usize {
  return scales + <usize>j * stride();
}
