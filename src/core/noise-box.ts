/** Boxes on which noise is uniform: their volume, and points drawn from them. */

import type { Box, NoiseDensity } from './parameters.js';
import type { Random } from './random.js';

/** The density of noise on a box; of another volume than the box has, if one is given. The box is then scaled about its center. */
export function noiseOn(box: Box | undefined, volume: number | undefined): NoiseDensity | undefined {
  if (!box) return volume === undefined ? undefined : { logDensity: -Math.log(volume) };
  const logVolume = logVolumeOf(box);
  if (volume === undefined) return { logDensity: -logVolume, box };
  const d = box.corner.length;
  const factor = Math.exp((Math.log(volume) - logVolume) / d);
  const corner = box.corner.map((value, a) => {
    let half = 0;
    for (let i = 0; i < d; i++) half += box.edges[i * d + a] / 2;
    return value + (1 - factor) * half;
  });
  return {
    logDensity: -Math.log(volume),
    box: { corner, edges: box.edges.map((value) => factor * value) },
  };
}

/** ln of the volume: of the product of the lengths of the edges. */
export function logVolumeOf({ corner: { length: d }, edges }: Box): number {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += Math.log(Math.hypot(...edges.subarray(i * d, (i + 1) * d)));
  return sum;
}

/** A point at any place in the box, each as likely. */
export function drawFromBoxInto(out: Float64Array, at: number, { corner, edges }: Box, random: Random): void {
  const d = corner.length;
  for (let a = 0; a < d; a++) out[at + a] = corner[a];
  for (let i = 0; i < d; i++) {
    const part = random.uniform();
    for (let a = 0; a < d; a++) out[at + a] += part * edges[i * d + a];
  }
}
