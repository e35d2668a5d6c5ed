/**
 * Runs once before the tests. It builds the package, as tests that need threads run `dist`, and draws the seed of the
 * random tests.
 */

import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type {} from './fuzz/seed.js';

export default function setup(project: TestProject): void {
  const seed = chooseSeed();
  project.provide('seed', seed);
  console.log(`FUZZ_SEED=${seed} repeats this run`);
  const root = fileURLToPath(new URL('..', import.meta.url));
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function chooseSeed(): number {
  const text = process.env.FUZZ_SEED ?? '';
  if (text === '') return randomInt(2 ** 31);
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new Error(`FUZZ_SEED must be a whole number from 0 to 2³¹ − 1, got ${JSON.stringify(text)}`);
}
