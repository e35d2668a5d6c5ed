/** The seed of all random tests: a new one for each run, drawn and printed by test/build.ts. `FUZZ_SEED=…` repeats a run. */

import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    seed: number;
  }
}

/** Whole number, 0 to 2³¹ − 1. */
export const SEED = inject('seed');
