import { defineConfig } from 'vitest/config';

/** The long tests, `npm run soak`: minutes, not seconds. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.slow.ts'],
    globalSetup: 'test/build.ts',
    setupFiles: 'test/fuzz/seed-properties.ts',
    testTimeout: 600_000,
    // One file at a time: each keeps all threads busy.
    fileParallelism: false,
  },
});
