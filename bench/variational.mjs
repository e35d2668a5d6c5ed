/** A pass of a variational fit against scikit-learn's BayesianGaussianMixture, with the same rows and the same labels to start from. */

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, Dataset } from 'parallel-gmm';
import { createOverlapping, drawRows } from './data.mjs';
import { median, timeSeconds } from './measure.mjs';
import { findPython } from './peer-programs.mjs';
import { runForJson } from './process.mjs';
import { writeRaw } from './raw-file.mjs';
import { count, formatTable, short, times } from './table.mjs';

const SIZES = {
  all: { n: 1e6, d: 8, k: 20, rounds: 3, passes: 3 },
  overview: { n: 2e5, d: 8, k: 20, rounds: 3, passes: 3 },
  quick: { n: 2e4, d: 8, k: 20, rounds: 1, passes: 2 },
};

const PEER = fileURLToPath(new URL('peers/scikit-learn-variational.py', import.meta.url));

/** (n) the nearest of the mixture's means for every row. */
function labelRows(rows, { means }, d, k) {
  return Int32Array.from({ length: rows.length / d }, (_, i) => {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      let distance = 0;
      for (let a = 0; a < d; a++) distance += (rows[i * d + a] - means[j * d + a]) ** 2;
      if (distance < least) [nearest, least] = [j, distance];
    }
    return nearest;
  });
}

async function measureOurs(rows, labels, { d, k, rounds, passes }, quiet) {
  const data = await Dataset.from(rows, { nFeatures: d });
  const engine = createEngine({ threads: availableParallelism() });
  const fit = (maxIter) =>
    engine.fit(data, { nComponents: k, method: 'variational', init: { labels }, tol: 0, maxIter });
  try {
    const { lowerBound } = await fit(passes);
    const seconds = [];
    for (let round = 0; round < 2 * rounds; round++) {
      const one = await quiet.measure(async () => {
        const first = await timeSeconds(() => fit(0));
        return { first, last: await timeSeconds(() => fit(4 * passes)) };
      });
      seconds.push((one.last - one.first) / (4 * passes));
    }
    return { name: 'parallel-gmm', secondsPerPass: median(seconds), lowerBound };
  } finally {
    await engine.close();
  }
}

export async function measure({ size, quiet, say }) {
  const { n, d, k, rounds, passes } = SIZES[size];
  const mixture = createOverlapping({ d, k });
  const rows = drawRows(mixture, n);
  const labels = labelRows(rows, mixture, d, k);
  say('variational: parallel-gmm');
  const ours = await measureOurs(rows, labels, SIZES[size], quiet);
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-variational-'));
  try {
    const { command, version } = await findPython();
    const [dataPath, labelsPath] = [join(folder, 'rows'), join(folder, 'labels')];
    writeRaw(dataPath, rows);
    writeRaw(labelsPath, Float64Array.from(labels));
    const results = [];
    for (let round = 0; round < rounds; round++) {
      say(`variational: scikit-learn, round ${round + 1}`);
      const args = [PEER, dataPath, labelsPath, ...[n, d, k, passes].map(String)];
      results.push(await quiet.measure(() => runForJson(command, args)));
    }
    const theirs = {
      name: `scikit-learn ${version}`,
      secondsPerPass: median(results.map(({ first, last }) => (last - first) / passes)),
      lowerBound: results[0].lowerBound,
    };
    return { nSamples: n, nFeatures: d, nComponents: k, iterations: 1 + passes, results: [ours, theirs] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function format({ nSamples, nFeatures, nComponents, iterations, results }) {
  const title = `Variational fit, full ${count(nSamples)} × ${nFeatures}, k = ${nComponents}: ms a pass, and the lower bound after ${iterations}`;
  const rows = results.map(({ name, secondsPerPass, lowerBound }, r) => [
    name,
    short(1000 * secondsPerPass),
    r === 0 ? '' : times(secondsPerPass / results[0].secondsPerPass),
    lowerBound.toFixed(4),
  ]);
  return formatTable(title, ['program', 'ms a pass', 'ratio', 'lower bound'], rows);
}
