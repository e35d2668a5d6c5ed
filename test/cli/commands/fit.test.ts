import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Dataset, fit, GaussianMixture } from '../../package.js';
import { createFolder, FAITHFUL, IRIS, remarksOf, run, start } from '../command.js';

/** The maximum that R's mclust and scikit-learn find; a fit stops when 272 × 1e-6 may be left to gain. */
const FAITHFUL_LOG_LIKELIHOOD = -1130.264;
const CONVERGED_TO = 1e-3;

const folder = createFolder();

describe.concurrent('parallel-gmm fit', () => {
  it('prints exactly one JSON object with --json, the fields of FitResult and of the model file', async () => {
    const { code, stdout, stderr } = await run(['fit', FAITHFUL, '-k', '2', '--json', '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const json = JSON.parse(stdout);
    expect(Math.abs(json.logLikelihood - FAITHFUL_LOG_LIKELIHOOD)).toBeLessThan(CONVERGED_TO);
    const { model, ...result } = await fit(await Dataset.read(FAITHFUL), { nComponents: 2 });
    expect(json).toEqual({ ...JSON.parse(JSON.stringify(model)), ...result });
  });

  it('prints text with the names of the columns otherwise', async () => {
    const { code, stdout } = await run(['fit', FAITHFUL, '-k', '2', '--columns', 'waiting']);
    expect(code).toBe(0);
    expect(stdout).toContain('272 rows, 1 column\n2 components, full covariance: converged after');
    expect(stdout).toMatch(/^mean waiting +\d\d\.\d+ +\d\d\.\d+$/m);
    expect(stdout).not.toContain('eruptions');
  });

  it('says how many starts agree, and which moves led to the solution', async () => {
    const agreementOf = async (...args: string[]) => {
      const { stdout } = await run(['fit', FAITHFUL, '--quiet', ...args]);
      return stdout.split('\n')[2];
    };
    const data = await Dataset.read(FAITHFUL);
    const { restarts } = await fit(data, { nComponents: 5 });
    const agreeing = restarts.filter(({ agrees }) => agrees).length;
    expect(await agreementOf('-k', '5')).toMatch(new RegExp(`^${agreeing} of 10 starts agree`));
    expect(await agreementOf('-k', '2', '--search', 'none')).toMatch(/^\d+ of 10 starts agree( \(|$)/);
    // There is nothing to tell of one component, or of start values that were given.
    expect(await agreementOf('-k', '1')).toBe('');
  });

  it('writes with --model what the library reads back, to the bit', async () => {
    const path = join(folder, 'kept.json');
    const { stdout } = await run(['fit', FAITHFUL, '-k', '3', '--seed', '5', '--json', '--model', path]);
    const model = GaussianMixture.fromJSON(JSON.parse(readFileSync(path, 'utf8')));
    const { weights, means, covariances } = JSON.parse(stdout);
    expect(model.toJSON()).toMatchObject({ weights, means, covariances });
  });

  it('starts from the parameters of a file', async () => {
    const path = join(folder, 'from.json');
    await run(['fit', FAITHFUL, '-k', '2', '--model', path]);
    const args = ['fit', FAITHFUL, '-k', '2', '--init', path, '--max-iter', '0', '--json', '--quiet'];
    const { stdout } = await run(args);
    expect(JSON.parse(stdout).means).toEqual(JSON.parse(readFileSync(path, 'utf8')).means);
  });

  it('starts from means alone, or from labels, of a file', async () => {
    const path = join(folder, 'some.json');
    const means = [
      [4.3, 80],
      [2, 54],
    ];
    const args = ['fit', FAITHFUL, '-k', '2', '--init', path, '--json', '--quiet'];
    writeFileSync(path, JSON.stringify({ means }));
    expect(JSON.parse((await run([...args, '--max-iter', '0'])).stdout).means).toEqual(means);
    writeFileSync(path, JSON.stringify({ labels: Array.from({ length: 272 }, (_, i) => i % 2) }));
    expect(JSON.parse((await run(args)).stdout).restarts).toHaveLength(1);
    writeFileSync(path, JSON.stringify({ labels: [0, 1] }));
    expect(await run(args)).toMatchObject({
      code: 2,
      stderr: 'error: --init: "labels" must be of all 272 rows, got those of 2\n',
    });
  });

  it("fits Student's t components, shows their degrees of freedom, and goes on from their model", async () => {
    const path = join(folder, 't.json');
    const args = ['fit', FAITHFUL, '-k', '2', '--components', 't', '--quiet'];
    const { stdout } = await run([...args, '--degrees-of-freedom', 'shared', '--model', path]);
    expect(stdout).toMatch(/^2 t components, full covariance: converged/m);
    const degrees = /^degrees of freedom +(\S+) +(\S+)$/m.exec(stdout);
    expect(degrees?.[1]).toBe(degrees?.[2]);
    expect(stdout).toMatch(/^scale matrix of component 1$/m);
    const again = JSON.parse((await run([...args, '--init', path, '--max-iter', '0', '--json'])).stdout);
    expect(again.degreesOfFreedom).toEqual(JSON.parse(readFileSync(path, 'utf8')).degreesOfFreedom);
    const held = JSON.parse((await run([...args, '--degrees-of-freedom', '4.5', '--json'])).stdout);
    expect(held).toMatchObject({ components: 't', degreesOfFreedom: [4.5, 4.5], nParameters: 11 });
    expect(await run([...args, '--degrees-of-freedom', 'many'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^error: --degrees-of-freedom must be 'each', 'shared' or a number from 0.1/,
      ),
    });
  });

  it('says in what a model to start from differs', async () => {
    const path = join(folder, 'other.json');
    await run(['fit', FAITHFUL, '-k', '2', '--covariance', 'tied', '--model', path]);
    const { code, stderr } = await run(['fit', FAITHFUL, '-k', '3', '--init', path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/2 components, nComponents is 3; and covarianceType "tied", the fit "full"/);
  });

  it('names the columns that it leaves out, on standard error', async () => {
    const { code, stderr } = await run(['fit', IRIS, '-k', '1']);
    expect(code).toBe(0);
    expect(remarksOf({ stderr })).toEqual([
      'note: columns used: sepal_length, sepal_width, petal_length, petal_width',
      'note: only numeric columns are used; left out: "species" (text, like "setosa")',
    ]);
  });

  it('warns when it did not converge, and still succeeds', async () => {
    const { code, stderr } = await run(['fit', FAITHFUL, '-k', '3', '--max-iter', '2']);
    expect(code).toBe(0);
    expect(remarksOf({ stderr })).toEqual([
      'note: columns used: eruptions, waiting',
      'warning: not converged after 2 iterations; raise --max-iter or --tol',
    ]);
  });

  it('says nothing on standard error with --quiet', async () => {
    const { stderr } = await run(['fit', IRIS, '-k', '3', '--max-iter', '2', '--quiet']);
    expect(stderr).toBe('');
  });

  it('passes weights, SQL and storage on', async () => {
    const sql = 'select eruptions, waiting, 2 as twice from input where waiting > 60';
    const args = [
      'fit',
      FAITHFUL,
      '-k',
      '1',
      '--sql',
      sql,
      '--weights',
      'twice',
      '--storage',
      'float32',
      '--json',
    ];
    const json = JSON.parse((await run(args)).stdout);
    const data = await Dataset.read(FAITHFUL, { sql, sampleWeight: 'twice', storage: 'float32' });
    const { logLikelihood } = await fit(data, { nComponents: 1 });
    expect(json).toMatchObject({ columns: ['eruptions', 'waiting'], logLikelihood });
  });

  it('has a flag for every option of fit', async () => {
    const help = (await run(['fit', '--help'])).stdout;
    const unknown = await fit([], { nComponents: 1, bogus: 1 } as never).catch(
      (error: Error) => error.message,
    );
    const names = String(unknown)
      .replace(/^.*there are /, '')
      .split(', ');
    const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const flagOf = (name: string) => (name === 'covarianceType' ? '--covariance' : `--${kebab(name)}`);
    // These are for programs.
    const wanted = names.filter((name) => !['engine', 'nFeatures', 'signal', 'onProgress'].includes(name));
    expect(wanted.length).toBeGreaterThan(10);
    for (const name of wanted) expect(help).toMatch(new RegExp(`${flagOf(name)}[ \\n]`));
  });

  it('states in its help the defaults that the library has', async () => {
    const help = (await run(['fit', '--help'])).stdout.replace(/\s+/g, ' ');
    const stated = [...help.matchAll(/(--[a-z-]+) <[^>]*>(?:(?! --).)*\(default ([^\s;)]+)/g)];
    expect(stated.map(([, flag]) => flag)).toContain('--n-init');
    const flags = stated.flatMap(([, flag, value]) => [flag, value]);
    const [plain, explicit] = await Promise.all([
      run(['fit', FAITHFUL, '-k', '3', '--json', '--quiet']),
      run(['fit', FAITHFUL, '-k', '3', '--json', '--quiet', ...flags]),
    ]);
    expect(explicit).toEqual(plain);
  });

  it('ends quietly when its reader goes away', async () => {
    const running = start(['fit', FAITHFUL, '-k', '2', '--quiet']);
    running.closeOutput();
    expect(await running.ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe.concurrent('parallel-gmm fit --method variational', () => {
  const VARIATIONAL = ['fit', FAITHFUL, '-k', '6', '--method', 'variational', '--quiet'];

  it('takes every option as a flag, and prints the lower bound', async () => {
    const flags = ['--weight-prior', 'dirichlet', '--concentration', '0.01', '--mean-precision', '0.5'];
    const priors = [
      '--mean-prior',
      '3,70',
      '--degrees-of-freedom-prior',
      '4',
      '--covariance-prior',
      '1,5,5,180',
    ];
    const { stdout } = await run([...VARIATIONAL, ...flags, ...priors, '--drop-empty', '--json']);
    const { model, lowerBound } = await fit(await Dataset.read(FAITHFUL), {
      nComponents: 6,
      method: 'variational',
      weightPrior: 'dirichlet',
      concentration: 0.01,
      meanPrecision: 0.5,
      meanPrior: [3, 70],
      degreesOfFreedomPrior: 4,
      covariancePrior: [
        [1, 5],
        [5, 180],
      ],
      dropEmpty: true,
    });
    expect(model.nComponents).toBeLessThan(6);
    expect(JSON.parse(stdout)).toMatchObject({ ...JSON.parse(JSON.stringify(model)), lowerBound });
    const text = await run([...VARIATIONAL, ...flags, ...priors, '--drop-empty']);
    expect(text.stdout).toContain(`${model.nComponents} components, full covariance: converged`);
    expect(text.stdout).toMatch(new RegExp(`^lower bound +${lowerBound?.toFixed(4)}$`, 'm'));
  });

  it('names flags where options do not go together', async () => {
    const { code, stderr } = await run([...VARIATIONAL, '--reg-covar', '1e-6']);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      '--reg-covar cannot be 0.000001 with --method variational; set --covariance-prior, which',
    );
    const other = await run(['fit', FAITHFUL, '-k', '2', '--drop-empty']);
    expect(other.stderr).toContain('--drop-empty needs --method variational');
  });

  it('writes a report', async () => {
    const path = join(folder, 'variational.html');
    const { code } = await run([...VARIATIONAL, '--report', path]);
    expect(code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('--method');
  });
});
