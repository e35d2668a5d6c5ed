/**
 * Accelerated steps: passes and seconds from one k-means start to convergence, with and without them, and the time of a
 * pass with and without.
 */

import { createEngine, Dataset } from 'parallel-gmm';
import { createOverlapping, drawRows } from './data.mjs';
import { median, timeSeconds } from './measure.mjs';
import { count, formatTable, short, times } from './table.mjs';

const D = 8;
const K = 8;

const SIZES = {
  all: { n: 1e6, passes: 30, rounds: 7 },
  overview: { n: 1e6, passes: 20, rounds: 3 },
  quick: { n: 2e4, passes: 20, rounds: 3 },
};

export async function measure({ size, quiet, say }) {
  const { n, passes, rounds } = SIZES[size];
  const rows = new Float64Array(drawRows(createOverlapping({ d: D, k: K }), n));
  const data = await Dataset.from(rows, { nFeatures: D });
  const engine = createEngine();
  try {
    const { model } = await engine.fit(data, { nComponents: K, nInit: 1, maxIter: 0 });
    const init = { weights: model.weights, means: model.means, covariances: model.covariances };
    const fit = (acceleration, options) =>
      engine.fit(data, { nComponents: K, init, acceleration, ...options });
    const kinds = ['none', 'auto'].map((acceleration) => ({ acceleration, secondsPerPass: [] }));
    for (let round = -1; round < rounds; round++) {
      say(`acceleration: time of a pass, round ${round + 1}`);
      for (const kind of kinds) {
        // A pass over a part of the rows counts as a fraction, so the run may end before the full number of passes.
        let taken = 0;
        const measured = await quiet.measure(async () => {
          const first = await timeSeconds(() => fit(kind.acceleration, { tol: 0, maxIter: 0 }));
          const all = await timeSeconds(async () => {
            taken = (await fit(kind.acceleration, { tol: 0, maxIter: passes })).nIterations;
          });
          return (all - first) / taken;
        });
        if (round >= 0) kind.secondsPerPass.push(measured);
      }
    }
    const figures = [];
    for (const { acceleration, secondsPerPass } of kinds) {
      say(`acceleration: '${acceleration}' to convergence`);
      let result;
      const seconds = await timeSeconds(async () => {
        result = await fit(acceleration, {});
      });
      const { nIterations, meanLogLikelihood } = result;
      figures.push({
        acceleration,
        secondsPerPass: median(secondsPerPass),
        // The ratio is taken within each round, because the machine's speed varies.
        timesNone: median(secondsPerPass.map((seconds, round) => seconds / kinds[0].secondsPerPass[round])),
        nIterations,
        seconds,
        meanLogLikelihood,
      });
    }
    return { nSamples: n, nFeatures: D, nComponents: K, figures };
  } finally {
    await engine.close();
  }
}

export function format({ nSamples, nFeatures, nComponents, figures }) {
  const [none] = figures;
  return formatTable(
    `Acceleration: full, ${count(nSamples)} × ${nFeatures}, k = ${nComponents}, from one k-means start to 1e-6 a row`,
    ['', 'ms a pass', 'ratio', 'passes', 'ratio', 'seconds', 'ratio', 'log-likelihood a row'],
    figures.map((f) => [
      f.acceleration,
      short(1000 * f.secondsPerPass),
      times(f.timesNone),
      String(f.nIterations),
      times(f.nIterations / none.nIterations),
      short(f.seconds),
      times(f.seconds / none.seconds),
      f.meanLogLikelihood.toFixed(6),
    ]),
  );
}
