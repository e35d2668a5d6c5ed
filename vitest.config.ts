import { defineConfig } from 'vitest/config';

export default defineConfig({
  // See test/run.mjs.
  resolve: { preserveSymlinks: true },
  test: {
    include: ['test/**/*.test.ts'],
    // Worker threads can't load TypeScript: tests that need them run the built package, built afresh here.
    globalSetup: 'test/build.ts',
    setupFiles: 'test/fuzz/seed-properties.ts',
    // A guard against tests that never end, no measure of speed: on a busy machine they may get a fiftieth of its time.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    // Vitest's default leaves one core alone; many tests wait for processes of their own.
    maxWorkers: 2,
  },
});
