import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { bitsOf } from '../close.js';
import { createEngine } from '../package.js';
import { RUNS } from './arbitraries.js';
import {
  type Fit,
  logLikelihoodNeverFalls,
  movesAndScalesWithTheData,
  oneComponentIsMeanAndCovariance,
  sameSeedSameBits,
  totalScatterIsWithinAndBetween,
  weightTwoIsTheRowTwice,
} from './properties.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());
const fit: Fit = (data, options) => engine.fit(data, options);

describe.each(COVARIANCE_TYPES)('EM, %s', (type) => {
  it('never lets the log-likelihood fall', () => fc.assert(logLikelihoodNeverFalls(fit, type), RUNS));

  it('gives the sample mean and covariance for k = 1', () =>
    fc.assert(oneComponentIsMeanAndCovariance(fit, type), RUNS));

  it('moves and scales the model with the data', () => fc.assert(movesAndScalesWithTheData(fit, type), RUNS));

  it('takes weight 2 as the row twice, weight 0 as no row', () =>
    fc.assert(weightTwoIsTheRowTwice(fit, type), RUNS));

  it('keeps the total scatter: after every M-step it is the sum of the scatters within and between components', () =>
    fc.assert(totalScatterIsWithinAndBetween(fit, type), RUNS));

  it('gives the same bits for the same seed', () =>
    fc.assert(sameSeedSameBits(fit, type, bitsOf), { numRuns: 10 }));
});
