/**
 * How rows are cut into shards. A shard is the unit of claiming and merging.
 *
 * The cut depends on n, d and the size of the statistics only, never on the number of threads: results stay bitwise
 * reproducible on any number of them.
 */

import { stretchRowsFor } from '../kernel/layout.js';

/** Shard s holds rows [s · shardRows, (s + 1) · shardRows); the last shard is shorter. */
export interface ShardPlan {
  readonly shardRows: number;
  readonly nShards: number;
}

/** More shards only cost memory and merging: 256 keep the load of 64 threads even within 1–2 %. */
const MOST_SHARDS = 256;

/** The statistics of a shard take at most a quarter of the memory of its rows. */
const ROWS_PER_SLOT = 4;

/**
 * @param n - rows
 * @param d - features
 * @param statisticsLength - doubles of a shard's statistics
 */
export function planShards(n: number, d: number, statisticsLength: number): ShardPlan {
  const stretch = stretchRowsFor(d);
  const wanted = Math.max(stretch, n / MOST_SHARDS, (ROWS_PER_SLOT * statisticsLength) / d);
  const shardRows = Math.ceil(wanted / stretch) * stretch;
  return { shardRows, nShards: Math.ceil(n / shardRows) };
}
