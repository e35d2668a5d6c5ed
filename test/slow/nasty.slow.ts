/** Five thousand nasty data sets for each type. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/core/covariance/families.js';
import { SEED } from '../fuzz/seed.js';
import { type Outcomes, soundOrRejected } from '../laws/nasty.js';
import { createEngine } from '../package.js';

const ROUNDS = 50;

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

describe.each(COVARIANCE_TYPES)('nasty data, %s', (type) => {
  it(`give a fit that is sound, or are rejected with a reason, seed ${SEED}`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const outcomes: Outcomes = { sound: 0, DEGENERATE: 0, INVALID_DATA: 0 };
      await fc.assert(soundOrRejected(engine, type, outcomes), { seed: SEED + round, numRuns: 100 });
      expect(outcomes.sound).toBeGreaterThan(0);
    }
  });
});
