/**
 * Three bundles: the library (ESM and CommonJS, with types), the workers' entry and the command (ESM).
 *
 * `import.meta.url` is defined by hand for CommonJS: tsup's shim breaks on paths with a `#`.
 *
 * The workers' entry has its dependencies in it: every thread of every call loads it anew, and one file takes 38 ms to be
 * ready where forty take 85.
 */

import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** tsup leaves `dependencies` out of the bundles by itself, optional ones not. */
const external = Object.keys(manifest.optionalDependencies);
/** Dependencies in the workers' entry, and the licences that they ask to be given along. */
const inWorker = ['ml-matrix', 'pure-rand'];
const licences = inWorker.map(
  (name) => `/*! ${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n*/`,
);
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
  {
    ...shared,
    entry: { worker: 'workers/worker.ts' },
    format: 'esm',
    noExternal: inWorker,
    banner: { js: licences.join('\n') },
  },
  { ...shared, entry: { cli: 'src/cli/main.ts' }, format: 'esm' },
]);
