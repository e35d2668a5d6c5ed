import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolder, FAITHFUL, IRIS, run } from './command.js';

const folder = createFolder();
const MODEL = {
  format: 'parallel-gmm',
  version: 1,
  covarianceType: 'spherical',
  nComponents: 2,
  nFeatures: 2,
  columns: ['eruptions', 'waiting'],
  weights: [0.5, 0.5],
  means: [
    [2, 55],
    [4, 80],
  ],
  covariances: [1, 1],
};
/** A .npy file that is its header only. */
function npyHeader(shape: string): Buffer {
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.of(dict.length, 0),
    Buffer.from(dict),
  ]);
}

const FILES = {
  'empty.csv': '',
  'nan.csv': 'a,b\n1,2\n3,nan\n4,6\n',
  'gap.csv': 'a,b\n1,2\n3,5\n4,\n',
  'word.csv': 'a,b\n1,2\n3,none\n4,6\n5,7\n',
  'words.csv': 'a\nx\ny\n',
  'two.csv': 'a,b\n1,2\n3,5\n',
  'model.json': JSON.stringify(MODEL),
  'iris.json': JSON.stringify({ ...MODEL, columns: ['petal_length', 'petal_width'] }),
  'part-1.csv': 'a,b\n1,2\n3,4\n',
  'part-2.csv': 'a,b\n5,7\n3,\n',
  'giant.npy': npyHeader('(1000000000000, 1000000)'),
  'wide.npy': npyHeader('(0, 1000000000000)'),
  'cut.parquet': 'PAR1 and then nothing',
  'escape.csv': 'a,b\n1,2\n3,\u001b[31mred\u009b\n5,6\n7,8\n',
  'shape.json': JSON.stringify({ ...MODEL, means: [[2, 55]] }),
  'sum.json': JSON.stringify({ ...MODEL, weights: [0.5, 0.6] }),
  'other.json': '{}',
  'broken.json': '{"format": "parallel-gmm",',
};
for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
mkdirSync(join(folder, 'folder.csv'));

const fit = (...args: string[]) => ['fit', FAITHFUL, '-k', '2', ...args];
const predict = (...args: string[]) => ['predict', ...args];

/** Exit code, what is said, arguments. */
const WRONG: readonly (readonly [2 | 1, string | RegExp, readonly string[]])[] = [
  [2, 'which command?', []],
  [2, "unknown command 'fitt'", ['fitt']],
  [2, "missing required argument 'input'", ['fit', '-k', '2']],
  [2, "required option '-k", ['fit', FAITHFUL]],
  [2, '-k must be a range of at most 1000 numbers, got "1..100000"', ['select', FAITHFUL, '-k', '1..100000']],
  [2, '-k must be a range from low to high, got "5-2"', ['select', FAITHFUL, '-k', '5-2']],
  [2, '-k must be a whole number >= 1, got 0', ['fit', FAITHFUL, '-k', '0']],
  [2, '-k must be a whole number >= 1, got 2.5', ['fit', FAITHFUL, '-k', '2.5']],
  [2, '-k must be a number (select takes several), got "abc"', ['fit', FAITHFUL, '-k', 'abc']],
  [2, 'got "1..3"', ['fit', FAITHFUL, '-k', '1..3']],
  [2, '-k must be a range from low to high, got "5..2"', ['select', FAITHFUL, '-k', '5..2']],
  [2, '-k must be a whole number >= 1, got 0', ['select', FAITHFUL, '-k', '0..2']],
  [2, '-k must be numbers like', ['select', FAITHFUL, '-k', '1,,2']],
  [
    2,
    "--criterion must be 'bic', 'aic' or 'icl', got \"best\"",
    ['select', FAITHFUL, '-k', '2', '--criterion', 'best'],
  ],
  [2, '--init must be a name', ['select', FAITHFUL, '-k', '2', '--init', 'model.json']],
  [2, "unknown option '--tool' (Did you mean --tol?)", fit('--tool', '3')],
  [2, '--report must be a name that ends in .html, got "out.svg"', fit('--report', 'out.svg')],
  [2, '--report must be the name of a file, got "-"', fit('--report', '-')],
  [1, 'no such directory', fit('--report', 'nowhere/out.html')],
  [2, "required option '-o, --output <file>'", ['report', 'model.json', FAITHFUL]],
  [2, 'must be a name that ends in .html, .svg or .png', ['report', 'model.json', FAITHFUL, '-o', 'a.pdf']],
  [
    2,
    '--margin must be from 0 to 1, got 2',
    ['report', 'model.json', FAITHFUL, '-o', 'a.html', '--margin', '2'],
  ],
  [
    2,
    '--x must be one of the columns "eruptions", "waiting", got "age"',
    ['report', 'model.json', FAITHFUL, '-o', 'a.html', '--x', 'age'],
  ],
  [
    2,
    '--x and --y must be two columns',
    ['report', 'model.json', FAITHFUL, '-o', 'a.svg', '--x', 'waiting', '--y', 'waiting'],
  ],
  [1, 'column "eruptions" is not in every file', fit(IRIS)],
  [2, "can't be one of several inputs", fit('-')],
  [2, "too many arguments for 'sample'", ['sample', 'model.json', FAITHFUL, '-n', '1']],
  [2, '--tol must be a number, got "abc"', fit('--tol', 'abc')],
  [2, '--tol must be a finite number >= 0, got -1', fit('--tol', '-1')],
  [2, '--max-iter must be a whole number >= 0, got 1.5', fit('--max-iter', '1.5')],
  [2, '--n-init must be a number, got ""', fit('--n-init', '')],
  [2, '--seed must be a number, got "0x10"', fit('--seed', '0x10')],
  [2, '--threads must be a whole number >= 1, got 0', fit('--threads', '0')],
  [2, "--storage must be 'float64' or 'float32'", fit('--storage', 'float16')],
  [2, '--covariance must be', fit('--covariance', 'round')],
  [2, '--acceleration must be', fit('--acceleration', 'warp')],
  [2, "--search must be 'default', 'thorough' or 'none', got \"long\"", fit('--search', 'long')],
  [2, '--init must be', fit('--init', 'guess')],
  [2, '--init: "weights" must sum to 1, got 1.1', fit('--init', 'sum.json', '--covariance', 'spherical')],
  [2, /--columns names "nope", which is not in ".*"; its columns are/, fit('--columns', 'nope')],
  [2, '--weights names "nope"', fit('--weights', 'nope')],
  [2, '--sql failed: Referenced column "nope" not found', fit('--sql', 'select nope from input')],
  [2, '--model must be the name of a file', fit('--model', '-')],
  [1, 'cannot write "nowhere/m.json": no such directory', fit('--model', 'nowhere/m.json')],
  [1, 'cannot read "none.csv": no such file', ['fit', 'none.csv', '-k', '2']],
  [1, '"empty.csv" has no rows', ['fit', 'empty.csv', '-k', '2']],
  [1, 'row 1 (line 3), column "b" is NaN', ['fit', 'nan.csv', '-k', '1']],
  [1, 'row 2 (line 4), column "b" is empty', ['fit', 'gap.csv', '-k', '1']],
  [1, 'row 1 (line 3), column "b" is "none"', ['fit', 'word.csv', '-k', '1']],
  [1, '"words.csv" has no numeric column', ['fit', 'words.csv', '-k', '1']],
  [1, '2 rows are too few for 3 components; lower -k', ['fit', 'two.csv', '-k', '3']],
  [1, '2 rows are too few for', ['fit', 'two.csv', '-k', '2', '--quiet', '--prior', 'none']],
  [1, 'cannot read "none.json": no such file', fit('--init', 'none.json')],
  [
    2,
    '--escape-formulas is for CSV, got the output "out.npy"',
    predict('model.json', FAITHFUL, '--escape-formulas', '-o', 'out.npy'),
  ],
  [2, 'cannot tell the format of "out.txt"', predict('model.json', FAITHFUL, '-o', 'out.txt')],
  [
    1,
    'cannot write "nowhere/out.csv": no such directory',
    predict('model.json', FAITHFUL, '-o', 'nowhere/out.csv'),
  ],
  [1, '"broken.json" is not JSON', predict('broken.json', FAITHFUL, '-o', 'out.csv')],
  [1, '"other.json": "format" must be', predict('other.json', FAITHFUL, '-o', 'out.csv')],
  [1, '"shape.json": "means" must be', predict('shape.json', FAITHFUL, '-o', 'out.csv')],
  [1, 'the model was fitted on column "eruptions"', predict('model.json', IRIS, '-o', 'out.csv')],
  [
    1,
    'the rows have 1 columns, the model 2',
    predict('model.json', FAITHFUL, '--columns', 'waiting', '-o', 'out.csv'),
  ],
  [
    2,
    '--keep names "label", which the output already has; rename it with --sql',
    predict('model.json', FAITHFUL, '--keep', 'waiting', '--keep', 'label', '-o', 'out.csv'),
  ],
  [
    2,
    '--keep names "waiting" twice',
    predict('model.json', FAITHFUL, '--keep', 'waiting,waiting', '-o', 'out.csv'),
  ],
  [2, '--keep names "nope", which', predict('model.json', FAITHFUL, '--keep', 'nope', '-o', 'out.csv')],
  [
    2,
    '--keep names "species" (VARCHAR), but a .npy file holds numbers only',
    predict('iris.json', IRIS, '--keep', 'species', '-o', 'out.npy'),
  ],
  [
    2,
    "--storage must be 'float64' or 'float32'",
    predict('model.json', FAITHFUL, '--storage', 'half', '-o', 'out.csv'),
  ],
  [1, 'cannot write "folder.csv": it is a directory', predict('model.json', FAITHFUL, '-o', 'folder.csv')],
  [1, 'row 1 (line 3) of ', ['fit', 'part-*.csv', '-k', '1']],
  [1, 'it has 1000000000000 columns; at most 1000000 can be read', ['fit', 'wide.npy', '-k', '1']],
  [1, 'where its header says 8000000000000000000', ['fit', 'giant.npy', '-k', '1']],
  [1, 'No magic bytes found at end of file', ['fit', 'cut.parquet', '-k', '1']],
  [1, 'row 1 (line 3), column "b" is "\\u001b[31mred\\u009b"', ['fit', 'escape.csv', '-k', '1']],
  [2, "unknown command '\\u001b[31mfit'", ['\u001b[31mfit']],
  [2, 'cannot tell the format of "out"', ['sample', 'model.json', '-n', '1', '-o', 'out']],
  [
    1,
    'cannot write "nowhere/out.csv": no such directory',
    ['sample', 'model.json', '-n', '1', '-o', 'nowhere/out.csv'],
  ],
  [2, '-n must be a whole number >= 0, got 1.5', ['sample', 'model.json', '-n', '1.5', '-o', 'out.csv']],
  [2, '-n must be at most 9007199254740991, got 1e+300', ['sample', 'model.json', '-n', '1e300']],
  [2, '-n must be a whole number >= 0, got -1', ['sample', 'model.json', '-n', '-1', '-o', 'out.csv']],
  [2, '-n must be a number, got "many"', ['sample', 'model.json', '-n', 'many', '-o', 'out.csv']],
];

describe.concurrent('a wrong call says why', () => {
  afterAll(() => {
    // None of them left a file behind, whole or in part.
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(FILES), 'folder.csv'].sort());
  });

  it.each(WRONG)('ends with %i and %s', async (expected, says, args) => {
    const { code, stdout, stderr } = await run(args, { cwd: folder });
    // Notes about data that were read come before it; what to do comes on further lines, indented.
    expect(stderr).toMatch(/^((note|warning): .+\n( {2}.+\n)*)*error: .+\n( {2}.+\n)*$/);
    if (typeof says === 'string') expect(stderr).toContain(says);
    else expect(stderr).toMatch(says);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });
});

describe.concurrent('a call for information', () => {
  it('prints the version', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each(['fit', 'select', 'predict', 'sample', 'report'])('prints examples of %s', async (command) => {
    const { code, stdout, stderr } = await run([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Examples:\n  parallel-gmm ${command} `);
    expect(stdout).not.toContain('default: [');
  });
});
