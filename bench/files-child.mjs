/**
 * One measurement of files.mjs, in a separate process. Arguments:
 *
 *   duckdb FILE d            DuckDB sums the columns x0 …, on the same number of threads as our reader → { seconds }
 *   read FILE d              reads the columns → { seconds, peak }
 *   predict MODEL FILE OUT   runs the command → { seconds, peak }
 *   check MODEL FILE OUT     compares OUT with predictProba over all rows → { different }
 */

import { readFileSync } from 'node:fs';
import { peakBytes } from './process.mjs';

const [task, ...args] = process.argv.slice(2);
const names = (d) => Array.from({ length: Number(d) }, (_, a) => `x${a}`);
const print = (value) => console.log(JSON.stringify(value));

async function duckdb(path, d) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const sums = names(d).map((name) => `sum(${name})`);
  const start = performance.now();
  await connection.run(`select ${sums.join(', ')} from '${path.replaceAll("'", "''")}'`);
  print({ seconds: (performance.now() - start) / 1000 });
}

async function read(path, d) {
  const { Dataset } = await import('parallel-gmm');
  const start = performance.now();
  await Dataset.read(path, { columns: names(d) });
  print({ seconds: (performance.now() - start) / 1000, peak: peakBytes() });
}

async function predict(model, path, out) {
  const start = performance.now();
  process.on('exit', () => print({ seconds: (performance.now() - start) / 1000, peak: peakBytes() }));
  process.argv = [process.argv[0], 'parallel-gmm', 'predict', model, path, '-o', out, '--quiet'];
  await import('../dist/cli.js');
}

async function check(modelPath, path, out) {
  const { Dataset, GaussianMixture } = await import('parallel-gmm');
  const model = GaussianMixture.fromJSON(JSON.parse(readFileSync(modelPath, 'utf8')));
  const { nComponents: k, columns } = model;
  const proba = await model.predictProba(await Dataset.read(path, { columns }));
  const probabilities = Array.from({ length: k }, (_, j) => `p${j}`);
  const written = await Dataset.read(out, { columns: probabilities });
  let different = Math.abs(written.nSamples * k - proba.length);
  for (let i = 0; i < written.nSamples; i++) {
    const row = written.row(i);
    for (let j = 0; j < k; j++) if (row[j] !== proba[i * k + j]) different++;
  }
  print({ different });
}

await { duckdb, read, predict, check }[task](...args);
