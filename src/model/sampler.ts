/** Rows drawn from a mixture, batch by batch. */

import { createDraw, type Samples } from '../core/draw.js';
import type { Parameters } from '../core/parameters.js';
import { createRandom } from '../core/random.js';
import { GmmError } from '../errors.js';
import { MOST_NUMBERS } from '../limits.js';
import { checkOptionNames, resolveWhole } from '../option-checks.js';

/** Options of `sample` and `sampler`. */
export interface SampleOptions {
  /** A whole number, default 0; the same seed gives the same rows. */
  seed?: number | undefined;
}

/**
 * @returns draws the next n rows
 * @throws GmmError INVALID_OPTION; INVALID_MODEL if there is noise and its box is unknown
 */
export function createSampler(parameters: Parameters, options: SampleOptions): (n: number) => Samples {
  checkOptionNames(options, ['seed']);
  const { noise, nFeatures } = parameters;
  if (noise && noise.weight > 0 && !noise.box) {
    const message =
      'rows cannot be drawn: the model has noise, and only its volume is known; give "noise.box", as models of fit have it';
    throw new GmmError('INVALID_MODEL', message);
  }
  const draw = createDraw(parameters, createRandom(resolveWhole('seed', options.seed, 0, 0)));
  const most = Math.floor(MOST_NUMBERS / nFeatures);
  return (n) => draw(resolveWhole('n', n, 0, undefined, most));
}
