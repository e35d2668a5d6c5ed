/** Optional packages that are missing, broken, or can't be imported: the error says which, and why. */

import { copyFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { createProject, FAITHFUL, type Project, runNode } from './project.js';

/** What one call says, in a program of the project. */
async function ask(project: Project, call: string): Promise<string> {
  const text = `
    import { Dataset, criterionSvg, svgToPng } from 'parallel-gmm';
    try { console.log(await ${call}); }
    catch (error) { console.log(error.code + ': ' + error.message + '\\ncause: ' + error.cause?.message); }`;
  project.write('ask.mjs', text);
  return (await project.run('ask.mjs')).output;
}

const QUERY = JSON.stringify({ sql: 'select * from input' });
const READ = `Dataset.read(${JSON.stringify(FAITHFUL)}, ${QUERY}).then((data) => data.nSamples)`;
const CELLS = [1, 2].map((k) => ({ covarianceType: 'full', nComponents: k, status: 'converged', bic: -k }));
const SELECTION = JSON.stringify({ criterion: 'bic', fits: CELLS, best: CELLS[1] });
const DRAW = `criterionSvg(${SELECTION}).then((svg) => svg.slice(0, 4))`;
/** A stand-in for the PNG writer that is an ES module. */
const ES_WRITER =
  'export class Resvg { width = 1; height = 1; render() { return { asPng: () => new Uint8Array(7) }; } }';
const SVG = JSON.stringify('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>');
const RASTER = `svgToPng(${SVG}).then((png) => png.length > 0)`;

describe('a package that is not installed', () => {
  const bare = createProject();

  it.each([
    ['reading', READ, 'reading JSON, Parquet or SQL needs @duckdb/node-api', '@duckdb/node-api'],
    ['drawing a PNG', RASTER, 'drawing a PNG needs @resvg/resvg-js', '@resvg/resvg-js'],
  ])('is named with how to install it: %s', async (_, call, needs, packages) => {
    const output = await ask(bare, call);
    expect(output).toContain(
      `MISSING_DEPENDENCY: ${needs}, which is not installed; run\nnpm install ${packages}\n`,
    );
    expect(output).toContain('cause: Cannot find package');
  });

  it('is not needed for pictures', async () => {
    expect(await ask(bare, DRAW)).toBe('<svg\n');
  });

  it('leaves no file where one was to be written', async () => {
    const project = createProject(['@duckdb/node-api']);
    const cli = project.path('node_modules/parallel-gmm/dist/cli.js');
    const [model, out] = [project.path('model.json'), project.path('out/predicted.parquet')];
    project.write('out/other', '');
    await runNode([cli, 'fit', FAITHFUL, '-k', '1', '--quiet', '--model', model]);
    const { code, output } = await runNode([cli, 'predict', model, FAITHFUL, '-o', out]);
    expect(output).toMatch(
      /writing Parquet needs hyparquet-writer, which is not installed; run\s+npm install hyparquet-writer/,
    );
    expect(code).toBe(1);
    expect(readdirSync(project.path('out'))).toEqual(['other']);
  });
});

describe('the fonts of a PNG', () => {
  const project = createProject(['@resvg/resvg-js']);
  const fonts = 'node_modules/parallel-gmm/dist/fonts';
  project.write(
    'png.mjs',
    `import { svgToPng } from 'parallel-gmm'; ${RASTER}.then(console.log, console.log);`,
  );
  const bundle = async (name: string, format: 'esm' | 'cjs') => {
    const outfile = project.path(name);
    await build({ entryPoints: [project.path('png.mjs')], outfile, format, bundle: true, platform: 'node' });
    return outfile;
  };

  it('come with the package, and with their licence', async () => {
    expect((await project.run('png.mjs')).output).toBe('true\n');
    expect(readdirSync(project.path(fonts)).sort()).toEqual([
      'DejaVuSans-Bold.ttf',
      'DejaVuSans.ttf',
      'LICENSE',
    ]);
  });

  it.each(['esm', 'cjs'] as const)('are found in the package from a bundle: %s', async (format) => {
    const file = await bundle(format === 'esm' ? 'bundle.mjs' : 'bundle.cjs', format);
    expect((await runNode([file])).output).toBe('true\n');
  });

  it('are asked for where neither the bundle nor the package has them, and used once they are copied', async () => {
    const elsewhere = createProject(['@resvg/resvg-js']);
    rmSync(elsewhere.path('node_modules/parallel-gmm'), { recursive: true });
    const file = elsewhere.path('bundle.cjs');
    copyFileSync(await bundle('alone.cjs', 'cjs'), file);
    const { output } = await runNode([file]);
    expect(output).toContain(
      'drawing a PNG needs DejaVuSans.ttf and DejaVuSans-Bold.ttf, which are not beside this program; ' +
        `copy node_modules/parallel-gmm/dist/fonts to ${elsewhere.path('fonts')}`,
    );
    expect(output).toContain("code: 'MISSING_DEPENDENCY'");
    cpSync(project.path(fonts), elsewhere.path('fonts'), { recursive: true });
    expect((await runNode([file])).output).toBe('true\n');
  });
});

describe('a package that is installed and does not load', () => {
  it.each([
    [
      'throws',
      "throw new Error('libc.so.6: version `GLIBC_2.38` not found');",
      'libc.so.6: version `GLIBC_2.38` not found',
    ],
    [
      'lacks what it needs',
      "require('@duckdb/node-bindings-elsewhere');",
      "Cannot find module '@duckdb/node-bindings-elsewhere'",
    ],
  ])('is not called missing; the error says why: it %s', async (_, index, reason) => {
    const project = createProject();
    project.write('node_modules/@duckdb/node-api/index.js', index);
    const output = await ask(project, READ);
    expect(output).toContain(
      `MISSING_DEPENDENCY: reading JSON, Parquet or SQL needs @duckdb/node-api, which is installed but could not be loaded: ${reason}; install it again`,
    );
    expect(output).toContain(`cause: ${reason}`);
  });
});

describe('a program that can not import()', () => {
  // As Jest loads modules: scripts that are compiled without a way to import.
  const project = createProject(['@duckdb/node-api']);
  const load = `
    const vm = require('node:vm');
    const { createRequire } = require('node:module');
    const file = ${JSON.stringify(project.path('node_modules/parallel-gmm/dist/index.cjs'))};
    const source = require('node:fs').readFileSync(file, 'utf8');
    const module_ = { exports: {} };
    const names = ['module', 'exports', 'require', '__filename'];
    vm.compileFunction(source, names, { filename: file })(module_, module_.exports, createRequire(file), file);
    const { Dataset, svgToPng } = module_.exports;`;

  it('gets packages by require', async () => {
    project.write('read.cjs', `${load} ${READ}.then(console.log);`);
    expect((await project.run('read.cjs')).output).toBe('272\n');
  });

  it('gets ES modules by require as well', async () => {
    const manifest = JSON.stringify({ name: '@resvg/resvg-js', type: 'module', exports: './index.js' });
    project.write('node_modules/@resvg/resvg-js/package.json', manifest);
    project.write('node_modules/@resvg/resvg-js/index.js', ES_WRITER);
    project.write('draw.cjs', `${load} ${RASTER}.then(console.log);`);
    expect((await project.run('draw.cjs')).output).toBe('true\n');
  });

  it('is told of the flag where require fails as well', async () => {
    const failing =
      "require('node:module').createRequire = () => () => { throw new SyntaxError('export'); };";
    project.write(
      'flag.cjs',
      `${load} ${failing} ${RASTER}.catch(({ code, message }) => console.log(code, message));`,
    );
    expect((await project.run('flag.cjs')).output).toMatch(
      /^MISSING_DEPENDENCY drawing a PNG needs .*, which is installed but could not be loaded: .*; start Node with --experimental-vm-modules/,
    );
  });
});
