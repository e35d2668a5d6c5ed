/**
 * The memory map of a kernel for a given d and k. The contents follow each other in this order, each at a 64-byte boundary (a
 * cache line):
 *
 *   content                | doubles
 *   rows                   | stretchRows · d           row-major
 *   sampleWeight           | stretchRows
 *   parameters             | by form, as prepare.ts writes them
 *   statistics             | by form, as in core/statistics.ts
 *   responsibilities       | stretchRows · k           of the rows (scores), or of the pass before
 *   scoredLogDensity       | stretchRows
 *   x, centered, weighted  | blockRows · d each        tiles of 8 rows
 *   gatheredX, gatheredR   | blockRows · d, blockRows   rows that count for a component
 *   logProb                | k · (blockRows + 8)
 *   weights, logDensity    | blockRows each
 *   scales                 | 2 k · (blockRows + 8)     of t components: u, and ln u − u
 */

import type { ComponentDensity } from '../core/parameters.js';

/** The kernel's constants come before it (from 1024 on), and address 0 must mean "none". */
const FIRST_BYTE = 2048;
const CACHE_LINE = 64;
const PAGE = 65536;

/** Rows of a tile, as in kernel/block.ts. */
const TILE_ROWS = 8;

/** Byte offsets of the contents above, and the sizes in rows. */
export interface Layout {
  readonly stretchRows: number;
  readonly blockRows: number;
  readonly rows: number;
  readonly sampleWeight: number;
  readonly parameters: number;
  readonly statistics: number;
  readonly responsibilities: number;
  readonly scoredLogDensity: number;
  readonly x: number;
  readonly centered: number;
  readonly weighted: number;
  readonly gatheredX: number;
  readonly gatheredR: number;
  readonly logProb: number;
  readonly weights: number;
  readonly logDensity: number;
  readonly scales: number;
  /** Pages of 64 KiB in all. */
  readonly pages: number;
}

/**
 * Rows of a block. The centred and weighted copies of its rows take 16 d bytes per row. They are read d/4 times, so they must
 * stay in the first-level cache, 32 KiB. Measured at d = 64: blocks of 32 rows are 1.2 times as fast as blocks of 128.
 */
function blockRowsFor(d: number): number {
  return d <= 16 ? 128 : d <= 32 ? 64 : 32;
}

/**
 * Rows of a stretch, which are copied from a shard into the kernel's memory at once: some 256 KiB, which stay in the second-level
 * cache, and a whole number of blocks of 128 rows.
 */
export function stretchRowsFor(d: number): number {
  return Math.min(4096, Math.max(128, Math.floor(32768 / d / 128) * 128));
}

/**
 * @param d - features
 * @param k - components
 * @param parameterLength - doubles of the prepared parameters
 * @param statisticsLength - doubles of the statistics
 * @param withResponsibilities, components - as of `KernelShape`
 */
export function createLayout(
  d: number,
  k: number,
  parameterLength: number,
  statisticsLength: number,
  withResponsibilities: boolean,
  components: ComponentDensity,
): Layout {
  const stretchRows = stretchRowsFor(d);
  const blockRows = blockRowsFor(d);
  let end = FIRST_BYTE;
  const place = (doubles: number): number => {
    const offset = end;
    end = Math.ceil((end + 8 * doubles) / CACHE_LINE) * CACHE_LINE;
    return offset;
  };
  const layout = {
    stretchRows,
    blockRows,
    rows: place(stretchRows * d),
    sampleWeight: place(stretchRows),
    parameters: place(parameterLength),
    statistics: place(statisticsLength),
    responsibilities: place(withResponsibilities ? stretchRows * k : 0),
    scoredLogDensity: place(stretchRows),
    x: place(blockRows * d),
    centered: place(blockRows * d),
    weighted: place(blockRows * d),
    gatheredX: place(blockRows * d),
    gatheredR: place(blockRows),
    logProb: place(k * (blockRows + TILE_ROWS)),
    weights: place(blockRows),
    logDensity: place(blockRows),
    scales: place(components === 't' ? 2 * k * (blockRows + TILE_ROWS) : 0),
  };
  return { ...layout, pages: Math.ceil(end / PAGE) };
}
