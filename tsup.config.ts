/**
 * The bundles: the library (ESM and CommonJS, with types), the command (ESM) and, for the tests' own workers only, the
 * tasks of a worker thread (ESM).
 *
 * Piscina is in the bundles, and the script of its threads with it (workers/build.mjs): it finds its worker file by its own
 * path, which it no longer has in the bundle of somebody who uses this package.
 *
 * `import.meta.url` is defined by hand for CommonJS: tsup's shim breaks on paths with a `#`.
 */

import { cpSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Options } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** tsup leaves `dependencies` out of the bundles by itself, optional ones not. */
const external = Object.keys(manifest.optionalDependencies);

/**
 * Packages in the bundles. Their licences ask to be distributed with them. d3 is bundled because it has only ES modules, which
 * Jest and other users of the CommonJS build cannot require, and because the package needs a small part of it.
 */
const bundled = [
  'piscina',
  'ml-matrix',
  'pure-rand',
  'tinyglobby',
  'fdir',
  'picomatch',
  'd3-array',
  'd3-format',
  'd3-scale',
  'd3-shape',
  'd3-path',
];
const licences = bundled.map(
  (name) => `/*! ${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n*/`,
);

/**
 * What Piscina requires of Node becomes an import, as there is no `require` in an ES module; `node:worker_threads` becomes
 * ours, with which every thread runs the script that comes along.
 */
const piscinaInside: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'piscina-inside',
  setup(build) {
    const threads = fileURLToPath(new URL('src/parallel/embedded-worker.ts', import.meta.url));
    build.onResolve({ filter: /^node:/ }, ({ path, importer }) => {
      if (!/[\\/]node_modules[\\/]piscina[\\/]/.test(importer)) return undefined;
      return path === 'node:worker_threads' ? { path: threads } : { path, namespace: 'node' };
    });
    build.onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
      contents: `export * from '${path}'; export { default } from '${path}';`,
    }));
  },
};

/** The fonts of PNG pictures are files, as the PNG writer reads no others. */
async function copyFonts(): Promise<void> {
  for (const file of ['ttf/DejaVuSans.ttf', 'ttf/DejaVuSans-Bold.ttf', 'LICENSE']) {
    cpSync(`node_modules/dejavu-fonts-ttf/${file}`, `dist/fonts/${basename(file)}`);
  }
}

/**
 * fdir, beneath tinyglobby, calls `createRequire(import.meta.url)` when it is loaded, to look for a package that tinyglobby does
 * not need. In a CommonJS bundle of a program that URL is undefined and the call throws, so it gets one that finds nothing.
 */
const globInside: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'glob-inside',
  setup(build) {
    build.onResolve({ filter: /^module$/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]fdir[\\/]/.test(importer) ? { path, namespace: 'finds-nothing' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'finds-nothing' }, () => ({
      contents: 'export const createRequire = () => ({});',
    }));
  },
};

const shared: Options = {
  target: 'node20',
  splitting: false,
  removeNodeProtocol: false,
  external,
  noExternal: ['piscina', 'tinyglobby'],
  esbuildPlugins: [piscinaInside, globInside],
  // Of a path that is not used: see piscinaInside.
  define: { __dirname: '""' },
};
const withLicences = licences.join('\n');

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts' },
    format: 'esm',
    dts: true,
    banner: { js: withLicences },
    onSuccess: copyFonts,
  },
  {
    ...shared,
    entry: { index: 'src/index.ts' },
    format: 'cjs',
    dts: true,
    banner: {
      js: `"use strict"; const importMetaUrl = require("node:url").pathToFileURL(__filename).href;\n${withLicences}`,
    },
    esbuildOptions(options) {
      options.define = { ...options.define, 'import.meta.url': 'importMetaUrl' };
    },
  },
  { ...shared, entry: { cli: 'src/cli/main.ts' }, format: 'esm', banner: { js: withLicences } },
  {
    ...shared,
    entry: { worker: 'workers/worker.ts' },
    format: 'esm',
    noExternal: ['ml-matrix', 'pure-rand'],
  },
]);
