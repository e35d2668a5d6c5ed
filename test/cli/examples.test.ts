import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../io/files.js';
import { GaussianMixture } from '../package.js';
import { CLI, createFolder, FAITHFUL, IRIS, run } from './command.js';

const folder = createFolder();

/** The files that the examples speak of. */
async function prepare(): Promise<void> {
  copyFileSync(FAITHFUL, join(folder, 'faithful.csv'));
  for (const month of ['january', 'february']) copyFileSync(FAITHFUL, join(folder, `${month}.csv`));
  copyFileSync(IRIS, join(folder, 'iris.csv'));
  writeFileSync(join(folder, 'big.csv.gz'), gzipSync(readFileSync(FAITHFUL)));
  mkdirSync(join(folder, 'parts'));
  const petals = `select petal_length, petal_width from '${IRIS}'`;
  await runSql(`copy (${petals}) to '${join(folder, 'more.csv')}'`);
  for (const part of [1, 2]) {
    await runSql(
      `copy (select *, 2 as count from (${petals})) to '${join(folder, 'parts', `${part}.parquet`)}'`,
    );
  }
  const model = GaussianMixture.fromParameters({
    weights: [0.25, 0.25, 0.25, 0.25],
    means: [-1, 0, 1, 2].map((price) => [price, 20 + 10 * price]),
    covariances: [0.1, 0.1, 0.1, 0.1],
    covarianceType: 'spherical',
  });
  const { samples } = model.sample(400);
  const lines = Array.from({ length: 400 }, (_, i) => `${Math.exp(samples[2 * i])},${samples[2 * i + 1]}`);
  writeFileSync(join(folder, 'sales.csv'), `price,age\n${lines.join('\n')}\n`);
}

/** What the examples call, on a path of its own; jq need not be there. */
function install(): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const programs = { 'parallel-gmm': `exec '${process.execPath}' '${CLI}' "$@"`, jq: 'exec cat' };
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { ...process.env, PATH: `${bin}:${process.env.PATH}` };
}

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  await prepare();
  env = install();
});

// In this order: predict and sample take models that fit wrote.
describe.skipIf(process.platform === 'win32')('every example runs', () => {
  it.each(['fit', 'select', 'predict', 'sample'])(
    'of %s --help',
    async (command) => {
      const help = (await run([command, '--help'])).stdout;
      const examples = help.split('\n').filter((line) => /^ {2}(\w+ .*\| )?parallel-gmm /.test(line));
      expect(examples.length).toBeGreaterThan(1);
      for (const example of examples) {
        // What follows many blanks is said to the reader.
        const line = example.trim().replace(/ {3,}.*$/, '');
        const { stderr } = await promisify(execFile)('sh', ['-c', line], { cwd: folder, env });
        expect(stderr, line).not.toContain('error');
      }
    },
    120_000,
  );
});
