/** Runs before every test file: each property (fast-check) starts from the seed of the run. */

import fc from 'fast-check';
import { SEED } from './seed.js';

fc.configureGlobal({ seed: SEED });
