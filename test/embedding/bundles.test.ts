/** Programs that were bundled with the package in them. They run where there is no node_modules. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { build as tsup } from 'tsup';
import { describe, expect, it } from 'vitest';
import webpack from 'webpack';
import { createFolder, createProject, FAITHFUL, runNode } from './project.js';

const project = createProject(['@duckdb/node-api']);
const elsewhere = createFolder();

const USE = `
async function main() {
  const rows = [];
  for (let i = 0; i < 600; i++) rows.push([10 * (i % 2) + Math.sin(i * 12.9898), Math.cos(i * 78.233)]);
  const { status, logLikelihood, model } = await fit(rows, { nComponents: 2, seed: 1, threads: 2 });
  console.log(status, logLikelihood, (await model.predict(rows)).slice(0, 2).join());
  const engine = createEngine({ threads: 2 });
  const two = await Promise.all([1, 2].map((k) => engine.fit(rows, { nComponents: k })));
  console.log(two.map(({ bic }) => bic).join());
  await engine.close();
  try {
    const path = ${JSON.stringify(FAITHFUL)};
    console.log((await Dataset.read(path)).nSamples);
    console.log((await Dataset.read(path, { sql: 'select * from input limit 7' })).nSamples);
  } catch ({ code, message }) {
    console.log(code, message);
  }
}
main();
`;
project.write('program.mjs', `import { createEngine, Dataset, fit } from 'parallel-gmm';${USE}`);
project.write('program.cjs', `const { createEngine, Dataset, fit } = require('parallel-gmm');${USE}`);

const unbundled = (await project.run('program.mjs')).output.trim().split('\n');

/** The bundle does what the program does, without the optional package and, where that is installed, with it. */
async function expectToWork(bundle: string): Promise<void> {
  const alone = join(elsewhere, bundle);
  copyFileSync(project.path(bundle), alone);
  const [fitted, engine] = unbundled;
  const { code, output } = await runNode([alone]);
  expect(output.split('\n')).toEqual([
    fitted,
    engine,
    '272',
    'MISSING_DEPENDENCY reading JSON, Parquet or SQL needs @duckdb/node-api, which is not installed; run',
    'npm install @duckdb/node-api',
    '',
  ]);
  expect(code).toBe(0);
  expect((await project.run(bundle)).output.trim().split('\n')).toEqual(unbundled);
}

it('is a program that works before it is bundled', () => {
  expect(unbundled).toEqual([
    expect.stringMatching(/^converged -\d+\.\d+ [01],[01]$/),
    expect.any(String),
    '272',
    '7',
  ]);
});

describe('esbuild', () => {
  it.each([
    ['cjs', 'program.mjs', 'esbuild-import.cjs'],
    ['cjs', 'program.cjs', 'esbuild-require.cjs'],
    ['esm', 'program.mjs', 'esbuild.mjs'],
  ] as const)('%s of %s, with nothing external, without a warning', async (format, entry, outfile) => {
    const { errors, warnings } = await build({
      entryPoints: [project.path(entry)],
      outfile: project.path(outfile),
      bundle: true,
      minify: true,
      platform: 'node',
      format,
      logLevel: 'silent',
    });
    expect([errors, warnings]).toEqual([[], []]);
    await expectToWork(outfile);
  });
});

describe('tsup', () => {
  it.each(['cjs', 'esm'] as const)('%s, with the package in it', async (format) => {
    const extension = format === 'cjs' ? '.cjs' : '.mjs';
    await tsup({
      config: false,
      silent: true,
      entry: { tsup: project.path('program.mjs') },
      outDir: project.path('.'),
      outExtension: () => ({ js: extension }),
      format,
      noExternal: [/./],
      clean: false,
    });
    await expectToWork(`tsup${extension}`);
  });
});

describe('webpack', () => {
  it('bundles it without a warning', async () => {
    const compiler = webpack({
      mode: 'production',
      target: 'node',
      entry: project.path('program.mjs'),
      output: { path: project.path('.'), filename: 'webpack.cjs' },
    });
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      compiler?.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    expect(stats?.toString({ all: false, errors: true, warnings: true })).toBe('');
    await expectToWork('webpack.cjs');
  });
});
