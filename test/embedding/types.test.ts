/** The package's types, in programs that are compiled in other ways than ours. */

import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createProject, ROOT } from './project.js';

const project = createProject();

const USE = `
export async function use(): Promise<void> {
  const engine: Engine = createEngine({ threads: 2 });
  const data: Dataset = await Dataset.from([[1, 2], [3, 4]], { columns: ['a', 'b'] });
  const { best } = await engine.selectModel(data, { nComponents: [1, 2] });
  const options: FitOptions = { nComponents: best.model.nComponents, onProgress: async (event) => void event.type };
  const { model }: FitResult = await fit(data, options);
  const labels: Int32Array = await model.predict(data, { engine });
  const label: number = labels[0];
  await engine.close();
  if (label < 0) throw new GmmError('INVALID_DATA', 'never');
}`;
const NAMES = 'createEngine, Dataset, fit, GaussianMixture, GmmError';
const TYPES = 'Engine, FitOptions, FitResult';

project.write('package.json', '{ "type": "module" }');
project.write(
  'module.mts',
  `import { ${NAMES} } from 'parallel-gmm';\nimport type { ${TYPES} } from 'parallel-gmm';${USE}`,
);
project.write(
  'common.cts',
  `import { ${NAMES} } from 'parallel-gmm';\nimport type { ${TYPES} } from 'parallel-gmm';${USE}`,
);

/** @returns errors, in the program and in all types that it loads */
function compile(file: string, options: ts.CompilerOptions = {}): string[] {
  const program = ts.createProgram([project.path(file)], {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts'],
    types: [],
    ...options,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file: source, messageText }) =>
        `${basename(source?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

/** Node's own types. */
const WITH_NODE = { typeRoots: [join(ROOT, 'node_modules/@types')], types: ['node'] };
const WITH_DISPOSABLE = { lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'] };

describe('the types', () => {
  it.each([
    ['ES2022 alone', {}],
    ["ES2022 and Node's types", WITH_NODE],
    ["ES2022, the DOM's and disposables", { lib: [...WITH_DISPOSABLE.lib, 'lib.dom.d.ts'] }],
  ])('compile with lib %s, from ES modules and CommonJS', (_, options) => {
    expect([...compile('module.mts', options), ...compile('common.cts', options)]).toEqual([]);
  });

  it('compile for bundlers', () => {
    const bundler = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
    expect(compile('module.mts', bundler)).toEqual([]);
  });

  it('know an AbortSignal and `await using` where the program does', () => {
    project.write(
      'native.mts',
      `import { createEngine } from 'parallel-gmm';
       await using engine = createEngine();
       const { signal } = new AbortController();
       await engine.fit([[1]], { nComponents: 1, signal });`,
    );
    expect(compile('native.mts', { ...WITH_NODE, ...WITH_DISPOSABLE })).toEqual([]);
    project.write(
      'wrong.mts',
      `import { fit } from 'parallel-gmm'; await fit([[1]], { nComponents: 1, signal: 'soon' });`,
    );
    expect(compile('wrong.mts', WITH_NODE)).toEqual([
      expect.stringContaining("Type 'string' is not assignable to type 'AbortSignal'"),
    ]);
  });

  it('refuse `new`', () => {
    project.write(
      'new.mts',
      `import { Dataset, GaussianMixture } from 'parallel-gmm';
       new GaussianMixture({ nComponents: 2 });
       new Dataset([[1]]);`,
    );
    expect(compile('new.mts')).toEqual([
      "new.mts: Constructor of class 'GaussianMixture' is private and only accessible within the class declaration.",
      "new.mts: Constructor of class 'Dataset' is private and only accessible within the class declaration.",
    ]);
  });
});

describe('new', () => {
  it('says what to call instead', async () => {
    project.write(
      'new.mjs',
      `import { Dataset, GaussianMixture } from 'parallel-gmm';
       for (const make of [() => new GaussianMixture({ nComponents: 2 }), () => new GaussianMixture(), () => new Dataset([[1]])]) {
         try { make(); } catch ({ name, code, message }) { console.log(name, code, message); }
       }`,
    );
    const mixture =
      'GmmError INVALID_OPTION a GaussianMixture is not made by "new"; to fit one: await fit(rows, { nComponents }); ' +
      'from its parameters: GaussianMixture.fromParameters({ weights, means, covariances }); ' +
      'from a model file: GaussianMixture.fromJSON(value)';
    const dataset =
      'GmmError INVALID_OPTION a Dataset is not made by "new"; call: await Dataset.from(rows), or await Dataset.read(path)';
    expect((await project.run('new.mjs')).output.trim().split('\n')).toEqual([mixture, mixture, dataset]);
  });
});
