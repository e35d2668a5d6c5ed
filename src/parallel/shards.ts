/** How rows are cut into shards, the unit of claiming and of merging: by n, d and the size of the statistics only, never by threads. */

import { stretchRowsFor } from '../kernel/layout.js';

/** Rows [s · shardRows, (s + 1) · shardRows) are shard s; the last is shorter. */
export interface ShardPlan {
  readonly shardRows: number;
  readonly nShards: number;
}

/** More shards than this only cost memory and merging: 256 keep 64 threads within 1–2 % of an even load. */
const MOST_SHARDS = 256;

/** A slot of statistics takes at most a quarter of the memory of its shard's rows. */
const ROWS_PER_SLOT = 4;

/**
 * @param statisticsLength - numbers of the statistics that each shard leaves in its slot
 */
export function planShards(n: number, d: number, statisticsLength: number): ShardPlan {
  const stretch = stretchRowsFor(d);
  const wanted = Math.max(stretch, n / MOST_SHARDS, (ROWS_PER_SLOT * statisticsLength) / d);
  const shardRows = Math.ceil(wanted / stretch) * stretch;
  return { shardRows, nShards: Math.ceil(n / shardRows) };
}
