/** Damages bytes as disks, networks and programs do: flipped, cut off, doubled, overwritten. */

import type { Random } from '../../src/core/random.js';

/** @returns a damaged copy of the bytes */
export function corrupt(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random.below(copy.length);
  const length = 1 + random.below(Math.min(64, copy.length - at));
  switch (random.below(6)) {
    case 0:
      copy[at] ^= 1 << random.below(8);
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      for (let i = 0; i < length; i++) copy[at + i] = random.below(256);
      return copy;
    case 3:
      return Uint8Array.from([...copy.subarray(0, at + length), ...copy.subarray(at)]);
    case 4:
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at + length)]);
    default:
      // A Parquet file has its directory at the end.
      copy[copy.length - 1 - random.below(Math.min(400, copy.length))] = random.below(256);
      return copy;
  }
}
