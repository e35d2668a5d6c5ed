/** Forty nasty data sets for each type; `npm run soak` tries five thousand. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { createEngine } from '../package.js';
import { RUNS } from './arbitraries.js';
import { type Outcomes, soundOrRejected } from './nasty.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

describe.each(COVARIANCE_TYPES)('nasty data, %s', (type) => {
  it('give a fit that is sound in every number, or are rejected with a reason', async () => {
    const outcomes: Outcomes = { sound: 0, DEGENERATE: 0, INVALID_DATA: 0 };
    await fc.assert(soundOrRejected(engine, type, outcomes), RUNS);
    // Each outcome occurs.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
  });

  it('are DEGENERATE if they are constant, whatever the value', async () => {
    // The square of 1e163 overflows, that of 1e-200 underflows.
    for (const value of [0, 1e-320, 1e-200, 1, -1e163, 1e300, Number.MAX_VALUE]) {
      for (const nComponents of [1, 2]) {
        for (const init of ['kmeans', 'random-rows'] as const) {
          const options = { nComponents, covarianceType: type, init, nInit: 2 };
          await expect(engine.fit([[value], [value], [value]], options)).rejects.toMatchObject({
            code: 'DEGENERATE',
          });
        }
      }
    }
  });
});
