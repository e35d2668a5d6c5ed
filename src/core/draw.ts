/**
 * Rows drawn from a mixture: a component by its weight, then x = μ + L z with z standard normal; or noise from its box. Of t
 * components z is divided by √(χ² / ν), χ² of ν degrees of freedom.
 */

import { type ComponentFactor, factorComponents } from './factored-mixture.js';
import { drawFromBoxInto } from './noise-box.js';
import { componentShare, type Parameters } from './parameters.js';
import { drawGamma, type Random } from './random.js';

/** Rows drawn from a mixture. */
export interface Samples {
  /** (n × d) row-major. */
  readonly samples: Float64Array;
  /** (n) the component that each row was drawn from, −1 for noise. */
  readonly labels: Int32Array;
}

/**
 * @param parameters - positive definite; noise with a box
 * @returns draws the next n rows of the stream
 */
export function createDraw(parameters: Parameters, random: Random): (n: number) => Samples {
  const { nComponents: k, nFeatures: d, weights, means, degreesOfFreedom, noise } = parameters;
  const all = componentShare(parameters);
  const factors = factorComponents(parameters);
  const z = new Float64Array(d);
  return (n) => {
    const samples = new Float64Array(n * d);
    const labels = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const place = random.uniform();
      if (noise?.box && place >= all) {
        labels[i] = -1;
        drawFromBoxInto(samples, i * d, noise.box, random);
        continue;
      }
      let j = 0;
      for (let left = place - weights[0]; left >= 0 && j < k - 1; left -= weights[j]) j++;
      labels[i] = j;
      for (let a = 0; a < d; a++) z[a] = random.normal();
      if (degreesOfFreedom) {
        const half = degreesOfFreedom[j] / 2;
        // χ² / ν is a gamma variable of shape ν/2, divided by ν/2.
        const scale = Math.sqrt(half / drawGamma(random, half));
        for (let a = 0; a < d; a++) z[a] *= scale;
      }
      placeInto(samples, i * d, means.subarray(j * d, (j + 1) * d), factors[j], z);
    }
    return { samples, labels };
  };
}

/** μ + L z */
function placeInto(
  out: Float64Array,
  at: number,
  mean: Float64Array,
  { isDiagonal, lower }: ComponentFactor,
  z: Float64Array,
): void {
  for (let a = 0, i = 0; a < mean.length; a++) {
    let value = mean[a];
    if (isDiagonal) value += lower[a] * z[a];
    else for (let b = 0; b <= a; b++) value += lower[i++] * z[b];
    out[at + a] = value;
  }
}
