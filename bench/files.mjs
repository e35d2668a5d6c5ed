/** Files: our reading of a file against DuckDB's, and `predict` from file to file; time and peak memory. */

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOverlapping } from './data.mjs';
import { median } from './measure.mjs';
import { runForJson, runProgram } from './process.mjs';
import { count, formatTable, megabytes, short } from './table.mjs';

const D = 8;
const K = 8;
const ROUNDS = 3;

/** Rows to read, and rows to predict. */
const SIZES = { all: [1e6, 1e7], overview: [1e6, 1e6], quick: [5e4, 5e4] };

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const CHILD = fileURLToPath(new URL('files-child.mjs', import.meta.url));
const runChild = (...args) => runForJson(process.execPath, [CHILD, ...args.map(String)]);

export async function measure({ size, quiet, say }) {
  const [nRead, nPredict] = SIZES[size];
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-files-'));
  const at = (name) => join(folder, name);
  const draw = (n, name) =>
    runProgram(process.execPath, [CLI, 'sample', at('model.json'), '-n', n, '-o', at(name)]);
  try {
    writeFileSync(at('model.json'), JSON.stringify(createModel()));
    const reading = [];
    for (const name of ['rows.csv', 'rows.parquet']) {
      say(`files: ${name}`);
      await draw(nRead, name);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) {
        const duckdb = await quiet.measure(() => runChild('duckdb', at(name), D));
        const ours = await quiet.measure(() => runChild('read', at(name), D));
        rounds.push({ ...ours, duckdbSeconds: duckdb.seconds });
      }
      const seconds = median(rounds.map((round) => round.seconds));
      const duckdbSeconds = median(rounds.map((round) => round.duckdbSeconds));
      const peakBytes = Math.max(...rounds.map((round) => round.peak));
      const dataBytes = 8 * D * nRead;
      reading.push({ name, nSamples: nRead, seconds, duckdbSeconds, peakBytes, dataBytes });
    }
    say('files: predict');
    if (nPredict !== nRead) await draw(nPredict, 'rows.parquet');
    const predicted = await quiet.measure(() =>
      runChild('predict', at('model.json'), at('rows.parquet'), at('scores.parquet')),
    );
    say('files: check');
    const { different } = await runChild('check', at('model.json'), at('rows.parquet'), at('scores.parquet'));
    const prediction = {
      nSamples: nPredict,
      seconds: predicted.seconds,
      peakBytes: predicted.peak,
      dataBytes: 8 * D * nPredict,
      different,
    };
    return { reading, prediction };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The mixture as a model file: Σ = L Lᵀ. */
function createModel() {
  const { weights, means, lower } = createOverlapping({ d: D, k: K });
  const row = (values, i, length) => Array.from(values.subarray(i * length, (i + 1) * length));
  const covariances = Array.from({ length: K }, (_, j) => {
    const L = Array.from({ length: D }, (_, a) => row(lower, j * D + a, D));
    return L.map((x) => L.map((y) => x.reduce((sum, value, b) => sum + value * y[b], 0)));
  });
  return {
    format: 'parallel-gmm',
    version: 1,
    covarianceType: 'full',
    nComponents: K,
    nFeatures: D,
    columns: Array.from({ length: D }, (_, a) => `x${a}`),
    weights: Array.from(weights),
    means: Array.from({ length: K }, (_, j) => row(means, j, D)),
    covariances,
  };
}

export function format({ reading, prediction }) {
  const read = formatTable(
    `Reading ${count(reading[0].nSamples)} × ${D} into memory; peak of the whole process`,
    ['file', 's', 's by DuckDB', 'more', 'data', 'peak', 'beside the data'],
    reading.map((f) => [
      f.name,
      short(f.seconds),
      short(f.duckdbSeconds),
      short(f.seconds - f.duckdbSeconds),
      megabytes(f.dataBytes),
      megabytes(f.peakBytes),
      megabytes(f.peakBytes - f.dataBytes),
    ]),
  );
  const p = prediction;
  const predicted = formatTable(
    `predict, ${count(p.nSamples)} × ${D}, k = ${K}, Parquet to Parquet`,
    ['', 's', 'rows would take', 'peak', 'numbers unlike predictProba'],
    [['predict', short(p.seconds), megabytes(p.dataBytes), megabytes(p.peakBytes), String(p.different)]],
  );
  return `${read}\n${predicted}`;
}
