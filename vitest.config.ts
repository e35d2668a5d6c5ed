import { defineConfig } from 'vitest/config';

export default defineConfig({
  // See test/run.mjs.
  resolve: { preserveSymlinks: true },
  test: {
    include: ['test/**/*.test.ts'],
    // Worker threads can't load TypeScript: tests that need them run the built package, built afresh here.
    globalSetup: 'test/build.ts',
    testTimeout: 30_000,
    // Vitest's default leaves one core alone; many tests wait for processes of their own.
    maxWorkers: 2,
  },
});
