/** Sixty known mixtures are found again, thirty of them overlapping. */

import { afterAll, describe, it } from 'vitest';
import { expectFoundAgain, knownCases } from '../known-mixtures.js';
import { createEngine } from '../package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

const cases = knownCases([1, 2, 5, 10], [2, 3, 4, 5, 6], 3);

describe.each(cases)('d = $d, k = $k, separated: $isSeparated, seed $seed', (known) => {
  it('is found again, at least as likely as the truth', () => expectFoundAgain(engine, known, 20_000));
});
