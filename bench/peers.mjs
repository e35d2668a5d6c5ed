/**
 * This package against every installed peer: the same rows, the same start and the same number of iterations. The programs
 * run in turn, each in a separate process with all its threads.
 *
 * A peer is a program with the arguments
 *
 *   rows (file, n × d), start (file: weights k, means k × d, covariances k × d × d), n, d, k, covarianceType, passes
 *
 * where files hold raw float64 numbers. It prints a line of JSON:
 *
 *   first, last        seconds of EM with 1 and with 1 + passes iterations; a pass takes (last − first) / passes.
 *                      An unmeasured run of 1 iteration comes before, as the first run of a process takes longer
 *   meanLogLikelihood  of the parameters after 1 + passes iterations
 *   peakBytes          peak memory of the process
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOverlapping, createStart, drawRows } from './data.mjs';
import { median } from './measure.mjs';
import { OURS, preparePeers } from './peer-programs.mjs';
import { runForJson } from './process.mjs';
import { writeRaw } from './raw-file.mjs';
import { count, formatTable, megabytes, short, times } from './table.mjs';

const FULL = ['scikit-learn', 'mclust', 'Armadillo'];

/** Rows for peers that are too slow for more. `--quick` keeps this number. */
const SMALL = 2e4;

/** Sizes, covariance types and peers. */
const WORKLOADS = [
  { n: 1e6, d: 2, k: 5, type: 'full', peers: FULL },
  { n: 1e6, d: 8, k: 8, type: 'full', peers: FULL },
  { n: 5e5, d: 16, k: 16, type: 'full', peers: FULL },
  { n: 2e5, d: 32, k: 16, type: 'full', peers: FULL },
  { n: 1e5, d: 64, k: 16, type: 'full', peers: FULL },
  { n: 1e6, d: 8, k: 8, type: 'tied', peers: ['scikit-learn', 'mclust'] },
  { n: 1e6, d: 8, k: 8, type: 'diag', peers: ['scikit-learn', 'mclust', 'Armadillo', 'VLFeat'] },
  { n: 5e5, d: 16, k: 64, type: 'diag', peers: ['Armadillo', 'VLFeat'] },
  { n: 1e6, d: 8, k: 8, type: 'spherical', peers: ['scikit-learn', 'mclust'] },
  // This peer takes arrays of arrays: a million rows would take minutes.
  { n: SMALL, d: 2, k: 5, type: 'full', peers: ['expectation-maximization'] },
];

const SIZES = {
  all: { workloads: WORKLOADS, rounds: 3, passes: 5, share: 1 },
  overview: {
    workloads: [{ ...WORKLOADS[1], peers: ['scikit-learn', 'Armadillo'] }],
    rounds: 1,
    passes: 2,
    share: 1,
  },
  quick: { workloads: WORKLOADS, rounds: 1, passes: 2, share: 0.02 },
};

/** A program that needs longer than this is measured once: a few per cent do not matter there. */
const SLOW_SECONDS = 20;

/** Measures one workload: the programs in turn, in several rounds. */
async function measureWorkload({ n, d, k, type }, programs, { folder, rounds, passes, quiet, say }) {
  const mixture = createOverlapping({ d, k });
  const dataPath = join(folder, 'rows');
  const startPath = join(folder, 'start');
  const { weights, means, covariances } = createStart(mixture);
  writeRaw(dataPath, drawRows(mixture, n));
  writeRaw(startPath, weights, means, covariances);
  const args = [dataPath, startPath, ...[n, d, k, type, passes].map(String)];
  const results = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [p, program] of programs.entries()) {
      if (round > 0 && results[p][0].first + results[p][0].last > SLOW_SECONDS) continue;
      say(`peers: ${type} ${count(n)} × ${d}, k ${k}, round ${round + 1}: ${program.name}`);
      const run = () => runForJson(program.command, [...program.args, ...args]);
      results[p].push(await quiet.measure(run));
    }
  }
  const figures = programs.map(({ name }, p) => ({
    name,
    rounds: results[p].length,
    secondsPerPass: median(results[p].map(({ first, last }) => (last - first) / passes)),
    meanLogLikelihood: results[p][0].meanLogLikelihood,
    peakBytes: median(results[p].map(({ peakBytes }) => peakBytes)),
  }));
  const ours = figures[0];
  return {
    covarianceType: type,
    nSamples: n,
    nFeatures: d,
    nComponents: k,
    iterations: 1 + passes,
    results: figures.map((figure) => ({
      ...figure,
      timesOurs: figure.secondsPerPass / ours.secondsPerPass,
      meanLogLikelihoodMinusOurs: figure.meanLogLikelihood - ours.meanLogLikelihood,
    })),
  };
}

export async function measure({ size, quiet, say }) {
  const { workloads, rounds, passes, share } = SIZES[size];
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-peers-'));
  try {
    const peers = await preparePeers(folder, say);
    const figures = [];
    for (const workload of workloads) {
      const present = workload.peers.map((name) => peers[name]).filter(({ missing }) => !missing);
      if (present.length === 0) continue;
      const n = workload.n > SMALL ? Math.round(workload.n * share) : workload.n;
      const options = { folder, rounds, passes, quiet, say };
      figures.push(await measureWorkload({ ...workload, n }, [OURS, ...present], options));
    }
    const programs = Object.values(peers).map(({ name, version, missing }) => ({ name, version, missing }));
    return { programs, workloads: figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describeWorkload({ covarianceType, nSamples, nFeatures, nComponents }) {
  return `${covarianceType} ${count(nSamples)} × ${nFeatures}, k = ${nComponents}`;
}

export function format({ programs, workloads }) {
  const title =
    'Peers: ms a pass and how many times ours; log-likelihood a row at the end and its difference from ours; peak memory';
  const rows = workloads.flatMap((workload) =>
    workload.results.map((result, r) => [
      r === 0 ? describeWorkload(workload) : '',
      result.name,
      short(1000 * result.secondsPerPass),
      r === 0 ? '' : times(result.timesOurs),
      result.meanLogLikelihood.toFixed(9),
      r === 0 ? '' : result.meanLogLikelihoodMinusOurs.toExponential(0),
      megabytes(result.peakBytes),
    ]),
  );
  return [
    ...programs.map(({ name, version, missing }) =>
      missing ? `${name}: not here (${missing})` : `${name} ${version}`,
    ),
    '',
    formatTable(title, ['', 'program', 'ms a pass', 'ratio', 'log-likelihood', 'less ours', 'peak'], rows),
  ].join('\n');
}
