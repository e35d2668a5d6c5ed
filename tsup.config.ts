/**
 * Three bundles: the library (ESM and CommonJS, with types), the workers' entry and the command (ESM).
 *
 * `import.meta.url` is defined by hand for CommonJS: tsup's shim breaks on paths with a `#`.
 */

import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** tsup leaves `dependencies` out of the bundles by itself, optional ones not. */
const external = Object.keys(manifest.optionalDependencies);
const shared = { target: 'node20' as const, splitting: false, external };

export default defineConfig([
  { ...shared, entry: { index: 'src/index.ts' }, format: 'esm', dts: true },
  {
    ...shared,
    entry: { index: 'src/index.ts' },
    format: 'cjs',
    dts: true,
    banner: {
      js: '"use strict"; const importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
    },
    esbuildOptions(options) {
      options.define = { ...options.define, 'import.meta.url': 'importMetaUrl' };
    },
  },
  { ...shared, entry: { worker: 'workers/worker.ts' }, format: 'esm' },
  { ...shared, entry: { cli: 'src/cli/main.ts' }, format: 'esm' },
]);
