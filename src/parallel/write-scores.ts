/** From the kernel's scores of a stretch of rows to the outputs that the caller wants. */

import type { Kernel } from '../kernel/kernel.js';

/** Arrays over shared memory that scoring fills; each may be left out. */
export interface ScoreOutputs {
  /** (n) index of the largest responsibility; −1 where noise is more likely. */
  readonly labels?: Int32Array | undefined;
  /** (n × k) row-major. */
  readonly responsibilities?: Float64Array | undefined;
  /** (n) log p(x), in nats. */
  readonly logDensity?: Float64Array | undefined;
  /** (n) the probability of noise. */
  readonly noise?: Float64Array | undefined;
  /** (n) 1 − the largest probability, that of noise included. */
  readonly uncertainty?: Float64Array | undefined;
  /** (n) the largest probability less the second largest, that of noise included. */
  readonly margin?: Float64Array | undefined;
}

/** Writes the scores of rows [first, first + count), which are at the beginning of the kernel's memory. Ties go to the lowest label. */
export function writeScores(
  kernel: Kernel,
  outputs: ScoreOutputs,
  first: number,
  count: number,
  k: number,
): void {
  const { responsibilities, logDensity, parameters } = kernel;
  const logNoise = parameters[0];
  const noiseOf = (i: number) => Math.exp(logNoise - logDensity[i]);
  outputs.responsibilities?.set(responsibilities.subarray(0, count * k), first * k);
  outputs.logDensity?.set(logDensity.subarray(0, count), first);
  const { labels, noise, uncertainty, margin } = outputs;
  if (noise) for (let i = 0; i < count; i++) noise[first + i] = noiseOf(i);
  if (!labels && !uncertainty && !margin) return;
  for (let i = 0; i < count; i++) {
    let label = 0;
    let largest = responsibilities[i * k];
    let second = 0;
    // Noise comes last, at index k: a component wins a tie.
    for (let j = 1; j <= k; j++) {
      const r = j < k ? responsibilities[i * k + j] : noiseOf(i);
      if (r > largest) {
        second = largest;
        largest = r;
        label = j < k ? j : -1;
      } else if (r > second) {
        second = r;
      }
    }
    if (labels) labels[first + i] = label;
    if (uncertainty) uncertainty[first + i] = 1 - largest;
    if (margin) margin[first + i] = largest - second;
  }
}
