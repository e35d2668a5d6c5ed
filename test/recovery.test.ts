/** Known mixtures are found again: eight of 5,000 rows; `npm run soak` has sixty of 20,000. */

import { afterAll, describe, it } from 'vitest';
import { expectFoundAgain, knownCases } from './known-mixtures.js';
import { createEngine } from './package.js';

const engine = createEngine({ threads: 2 });
afterAll(() => engine.close());

describe.each(knownCases([1, 2, 5, 10], [3], 2))('d = $d, k = $k, separated: $isSeparated', (known) => {
  it('is found again, at least as likely as the truth', () => expectFoundAgain(engine, known, 5000));
});
