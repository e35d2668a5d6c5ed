/** Nasty data sets, five hundred a type. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { COVARIANCE_TYPES } from '../../src/types.js';
import { type Outcomes, soundOrRejected } from '../laws/nasty.js';
import { createEngine } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

describe.each(COVARIANCE_TYPES)('nasty data, %s', (type) => {
  it.each([1, 2, 3, 4, 5])(
    'give a fit that is sound, or are rejected with a reason, round %i',
    async (seed) => {
      const outcomes: Outcomes = { sound: 0, DEGENERATE: 0, INVALID_DATA: 0 };
      await fc.assert(soundOrRejected(engine, type, outcomes), { seed, numRuns: 100 });
      expect(outcomes.sound).toBeGreaterThan(0);
    },
  );
});
