/** Optional packages that are missing, broken, or can't be imported: the error says which, and why. */

import { readdirSync } from 'node:fs';
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
const SVG = JSON.stringify('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>');
const RASTER = `svgToPng(${SVG}).then((png) => png.length > 0)`;

describe('a package that is not installed', () => {
  const bare = createProject();

  it.each([
    ['reading', READ, 'reading JSON, Parquet or SQL needs @duckdb/node-api', '@duckdb/node-api'],
    ['drawing', DRAW, 'drawing a picture needs @observablehq/plot', '@observablehq/plot linkedom'],
    ['drawing a PNG', RASTER, 'drawing a PNG needs @resvg/resvg-js', '@resvg/resvg-js dejavu-fonts-ttf'],
  ])('is named with how to install it: %s', async (_, call, needs, packages) => {
    const output = await ask(bare, call);
    expect(output).toContain(
      `MISSING_DEPENDENCY: ${needs}, which is not installed; run\nnpm install ${packages}\n`,
    );
    expect(output).toContain('cause: Cannot find package');
  });

  it('may be the fonts', async () => {
    expect(await ask(createProject(['@resvg/resvg-js']), RASTER)).toContain(
      'drawing a PNG needs dejavu-fonts-ttf, which is not installed; run\nnpm install @resvg/resvg-js dejavu-fonts-ttf',
    );
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
  const project = createProject(['@duckdb/node-api', '@observablehq/plot', 'linkedom']);
  const load = `
    const vm = require('node:vm');
    const { createRequire } = require('node:module');
    const file = ${JSON.stringify(project.path('node_modules/parallel-gmm/dist/index.cjs'))};
    const source = require('node:fs').readFileSync(file, 'utf8');
    const module_ = { exports: {} };
    const names = ['module', 'exports', 'require', '__filename'];
    vm.compileFunction(source, names, { filename: file })(module_, module_.exports, createRequire(file), file);
    const { Dataset, criterionSvg } = module_.exports;`;

  it('gets packages by require', async () => {
    project.write('read.cjs', `${load} ${READ}.then(console.log);`);
    expect((await project.run('read.cjs')).output).toBe('272\n');
  });

  it('gets ES modules so too, in Node that can', async () => {
    project.write('draw.cjs', `${load} ${DRAW}.then(console.log);`);
    expect((await project.run('draw.cjs')).output).toBe('<svg\n');
  });

  it('is told of the flag where require fails as well', async () => {
    const failing =
      "require('node:module').createRequire = () => () => { throw new SyntaxError('export'); };";
    project.write(
      'flag.cjs',
      `${load} ${failing} ${DRAW}.catch(({ code, message }) => console.log(code, message));`,
    );
    expect((await project.run('flag.cjs')).output).toMatch(
      /^MISSING_DEPENDENCY drawing a picture needs .*, which is installed but could not be loaded: .*; start Node with --experimental-vm-modules/,
    );
  });
});
