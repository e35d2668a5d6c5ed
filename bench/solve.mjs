/**
 * From raw rows to a model at least as good as that of scikit-learn's default fit: the time until a pass of ours reaches
 * its log-likelihood, against the time of the whole default fit.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dataset, fit } from 'parallel-gmm';
import { createOverlapping, drawRows } from './data.mjs';
import { median, timeSeconds } from './measure.mjs';
import { findPython } from './peer-programs.mjs';
import { runForJson } from './process.mjs';
import { writeRaw } from './raw-file.mjs';
import { count, formatTable, short, times } from './table.mjs';

const D = 8;
const K = 8;

const SIZES = {
  all: { n: 1e6, rounds: 3, seeds: 8 },
  overview: { n: 1e6, rounds: 1, seeds: 1 },
  quick: { n: 5e4, rounds: 1, seeds: 2 },
};

/** The default of `maxIter`. Runs on a sample have a lower value: so their passes are told from passes over all rows. */
const MAX_ITER = 1000;

/**
 * Our fit from one k-means start, stopped at the pass that reaches `target`.
 *
 * @returns seconds to that pass, counted from the rows as a `Float64Array` and from the call of `fit`, and the number of
 *   the pass; undefined if no pass reaches it
 */
async function timeToReach(rows, target) {
  const stop = new AbortController();
  let reached;
  const begin = performance.now();
  let called;
  const onProgress = (event) => {
    if (event.type !== 'iteration' || event.maxIter !== MAX_ITER || reached) return;
    const { iteration, meanLogLikelihood } = event;
    if (meanLogLikelihood < target) return;
    const now = performance.now();
    reached = {
      seconds: (now - begin) / 1000,
      secondsFromFit: (now - called) / 1000,
      iterations: iteration,
      meanLogLikelihood,
    };
    stop.abort();
  };
  try {
    const data = await Dataset.from(rows, { nFeatures: D });
    const options = { nComponents: K, nInit: 1, maxIter: MAX_ITER, onProgress, signal: stop.signal };
    called = performance.now();
    await fit(data, options);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return reached;
}

/** Times a whole fit of ours, including the copy of the rows into shared memory. */
async function timeWholeFit(rows, options) {
  let result;
  const seconds = await timeSeconds(async () => {
    result = await fit(await Dataset.from(rows, { nFeatures: D }), { nComponents: K, ...options });
  });
  const { meanLogLikelihood, nIterations, converged } = result;
  return { seconds, meanLogLikelihood, iterations: nIterations, converged };
}

export async function measure({ size, quiet, say }) {
  const { n, rounds, seeds } = SIZES[size];
  let python;
  try {
    python = await findPython();
  } catch (error) {
    return { missing: error.message.split('\n')[0] };
  }
  const rows = new Float64Array(drawRows(createOverlapping({ d: D, k: K }), n));
  const folder = await mkdtemp(join(tmpdir(), 'parallel-gmm-solve-'));
  try {
    const dataPath = join(folder, 'rows');
    writeRaw(dataPath, rows);
    const script = fileURLToPath(new URL('peers/scikit-learn-default.py', import.meta.url));
    const args = [script, dataPath, ...[n, D, K].map(String)];
    const theirs = [];
    const ours = [];
    const oneStarts = [];
    const defaults = [];
    for (let round = 0; round < rounds; round++) {
      say(`solve: scikit-learn's default fit, round ${round + 1}`);
      theirs.push(await quiet.measure(() => runForJson(python.command, args)));
      say(`solve: ours, round ${round + 1}`);
      ours.push(await quiet.measure(() => timeToReach(rows, theirs[0].meanLogLikelihood)));
      oneStarts.push(await quiet.measure(() => timeWholeFit(rows, { nInit: 1 })));
      defaults.push(await quiet.measure(() => timeWholeFit(rows, {})));
    }
    // The time of the default seed may be luck, so the fit is repeated with other seeds.
    const bySeed = [];
    for (let seed = 0; seed < seeds; seed++) {
      say(`solve: our default fit, seed ${seed}`);
      bySeed.push(await quiet.measure(() => timeWholeFit(rows, { seed })));
    }
    const medianOf = (fits) => ({ ...fits[0], seconds: median(fits.map(({ seconds }) => seconds)) });
    const scikitLearn = { version: python.version, ...medianOf(theirs) };
    const reached = ours.every(Boolean)
      ? {
          ...medianOf(ours),
          secondsFromFit: median(ours.map(({ secondsFromFit }) => secondsFromFit)),
        }
      : null;
    const bySpeed = [...bySeed].sort((a, b) => a.seconds - b.seconds);
    return {
      nSamples: n,
      nFeatures: D,
      nComponents: K,
      scikitLearn,
      reached,
      oneStart: medianOf(oneStarts),
      defaults: medianOf(defaults),
      seeds: { count: seeds, median: bySpeed[seeds >> 1], slowest: bySpeed[seeds - 1] },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same figures, without the copy of the rows into shared memory. */
function fromFit({ secondsFromFit, ...reached }) {
  return { ...reached, seconds: secondsFromFit };
}

export function format({ missing, nSamples, nFeatures, nComponents, scikitLearn, ...ours }) {
  if (missing !== undefined) return `Solve: scikit-learn is not here (${missing})\n`;
  const fits = [
    ["scikit-learn's default fit", scikitLearn],
    ['ours, one k-means start, till as good', ours.reached],
    ['  of this from the call of fit', ours.reached && fromFit(ours.reached)],
    ['ours, one k-means start, to convergence', ours.oneStart],
    ['ours, all defaults (10 starts)', ours.defaults],
    [`  seeds 0 … ${ours.seeds.count - 1}: the median`, ours.seeds.median],
    ['    the slowest', ours.seeds.slowest],
  ];
  return formatTable(
    `Solve: full, ${count(nSamples)} × ${nFeatures}, k = ${nComponents}, from raw rows (scikit-learn ${scikitLearn.version})`,
    ['', 'seconds', 'faster', 'iterations', 'log-likelihood a row'],
    fits.map(([name, fit]) => [
      name,
      short(fit?.seconds),
      fit === scikitLearn ? '' : times(scikitLearn.seconds / fit?.seconds),
      String(fit?.iterations ?? '–'),
      fit?.meanLogLikelihood.toFixed(6) ?? '–',
    ]),
  );
}
