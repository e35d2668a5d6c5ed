/**
 * Choosing k: one `selectModel` over k = 1 … K, against scikit-learn's `GaussianMixture` in a loop. It gives the times, how
 * busy the cores were until the last fit ended, and every BIC.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dataset, selectModel } from 'parallel-gmm';
import { createOverlapping, drawRows } from './data.mjs';
import { findPython } from './peer-programs.mjs';
import { runForJson } from './process.mjs';
import { writeRaw } from './raw-file.mjs';
import { count, formatTable, percent, short, times } from './table.mjs';

const D = 8;
const TRUE_K = 8;
const THREADS = 2;

const SIZES = {
  all: { n: 1e6, most: 12, nInit: 4 },
  overview: { n: 1e5, most: 6, nInit: 2 },
  quick: { n: 2e4, most: 3, nInit: 1 },
};

/** A relative difference of BICs up to this is rounding error. */
const ROUNDING = 1e-9;

const OURS = {
  ours: {},
  loose: { convergence: 'change', tol: 1e-3 },
};

async function sweep(rows, most, nInit, options) {
  const data = await Dataset.from(rows, { nFeatures: D });
  const nComponents = Array.from({ length: most }, (_, i) => i + 1);
  const before = process.cpuUsage();
  const begin = performance.now();
  const { fits } = await selectModel(data, {
    nComponents,
    covarianceTypes: ['full'],
    nInit,
    threads: THREADS,
    ...options,
  });
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds,
    busy: (user + system) / 1e6 / (THREADS * seconds),
    bics: fits.map(({ bic }) => bic ?? null),
    secondsOfFits: fits.map((fit) => fit.seconds),
    iterations: fits.map(({ nIterations }) => nIterations ?? null),
    statuses: fits.map(({ status }) => status),
  };
}

export async function measure({ size, quiet, say }) {
  const { n, most, nInit } = SIZES[size];
  const rows = new Float64Array(drawRows(createOverlapping({ d: D, k: TRUE_K }), n));
  const figures = { nSamples: n, nFeatures: D, most, nInit, threads: THREADS };
  for (const [name, options] of Object.entries(OURS)) {
    say(`sweep: ${name}`);
    figures[name] = await quiet.measure(() => sweep(rows, most, nInit, options));
  }
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-sweep-'));
  try {
    const python = await findPython();
    const path = join(folder, 'rows');
    writeRaw(path, rows);
    const script = fileURLToPath(new URL('peers/scikit-learn-sweep.py', import.meta.url));
    say('sweep: scikit-learn');
    const args = [script, path, ...[n, D, most, nInit].map(String)];
    const theirs = await quiet.measure(() => runForJson(python.command, args));
    figures.scikitLearn = { version: python.version, ...theirs };
  } catch (error) {
    figures.missing = error.message.split('\n')[0];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return figures;
}

/** Counts our BICs that are no higher than scikit-learn's. */
function noHigher(ours, theirs) {
  const good = ours.bics.filter((bic, i) => bic <= theirs.bics[i] + ROUNDING * Math.abs(theirs.bics[i]));
  return `${good.length} of ${theirs.bics.length}`;
}

export function format({ nSamples, nFeatures, most, nInit, threads, missing, scikitLearn, ...ours }) {
  const against = (run) => [
    scikitLearn ? times(scikitLearn.seconds / run.seconds) : '–',
    scikitLearn ? noHigher(run, scikitLearn) : '–',
  ];
  const rows = [
    ['ours, default rule', short(ours.ours.seconds), percent(ours.ours.busy), ...against(ours.ours)],
    [
      "ours, 'change' with tol 1e-3",
      short(ours.loose.seconds),
      percent(ours.loose.busy),
      ...against(ours.loose),
    ],
  ];
  if (scikitLearn) rows.push([`scikit-learn ${scikitLearn.version}`, short(scikitLearn.seconds), '', '', '']);
  const title = `Sweep: k = 1 … ${most}, full, ${count(nSamples)} × ${nFeatures}, ${nInit} starts, ${threads} threads`;
  const table = formatTable(title, ['', 'seconds', 'busy', 'faster', 'BIC no higher'], rows);
  return missing === undefined ? table : `${table}scikit-learn is not here (${missing})\n`;
}
