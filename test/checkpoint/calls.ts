/** The data and the calls of the tests of checkpoints. */

import { createRandom } from '../../src/core/random.js';
import type { ProgressEvent, SelectOptions } from '../../src/index.js';
import { createMixture, drawRows } from '../mixtures.js';
import { Dataset } from '../package.js';

const random = createRandom(12);
const N = 50_000;
export const D = 3;
export const rows = drawRows(createMixture('full', 4, D, random, 1.5), N, random);
export const data = await Dataset.from(rows, { nFeatures: D });
export const few = await Dataset.from(rows.slice(0, 300 * D), { nFeatures: D });

/** Counts the iterations that a call reports. It reports none for runs that it recalls. */
export const countIterations = () => {
  let events = 0;
  const onProgress = ({ type }: ProgressEvent) => {
    if (type === 'iteration') events++;
  };
  return { onProgress, events: () => events };
};

/** Some seconds of work: a fixed number of iterations. */
export const LONG: SelectOptions = {
  nComponents: [2, 3, 4],
  covarianceTypes: ['full', 'diag'],
  nInit: 2,
  tol: 0,
  maxIter: 300,
};
