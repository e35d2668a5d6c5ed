/** Mixtures beside noise. */

import type { Noise } from '../../src/core/parameters.js';
import type { Parameters } from '../../src/types.js';

/** The mixture with its weights scaled to 1 less the weight of the noise. */
export function withNoise(mixture: Parameters, noise: Noise): Parameters {
  return { ...mixture, weights: mixture.weights.map((weight) => (1 - noise.weight) * weight), noise };
}

/** The log-density of a component 2 standard deviations from its mean, where it has variance 1 in d dimensions. */
export const typicalDensity = (d: number) => -2 - (d / 2) * Math.log(2 * Math.PI);
