/** A pass with a prior, with noise and with t components, against a plain one: EM without acceleration, from the same start. */

import { createEngine, Dataset } from 'parallel-gmm';
import { createOverlapping, drawRows } from './data.mjs';
import { median, timeSeconds } from './measure.mjs';
import { count, formatTable, short, times } from './table.mjs';

const D = 8;
const K = 8;

const SIZES = {
  all: { n: 1e6, passes: 20, rounds: 9 },
  overview: { n: 2e5, passes: 20, rounds: 3 },
  quick: { n: 2e4, passes: 10, rounds: 1 },
};

const TYPES = ['full', 'tied', 'diag', 'spherical'];

const KINDS = [
  { name: 'plain', options: { prior: 'none' } },
  { name: 'prior', options: { prior: {} } },
  { name: 'noise', options: { prior: 'none', noise: true } },
  { name: 't', options: { prior: 'none', components: 't' } },
];

export async function measure({ size, quiet, say }) {
  const { n, passes, rounds } = SIZES[size];
  const data = await Dataset.from(new Float64Array(drawRows(createOverlapping({ d: D, k: K }), n)), {
    nFeatures: D,
  });
  const engine = createEngine();
  const figures = [];
  try {
    for (const covarianceType of TYPES) {
      const start = await engine.fit(data, {
        nComponents: K,
        covarianceType,
        nInit: 1,
        maxIter: 0,
        search: 'none',
      });
      const { weights, means, covariances } = start.model;
      const fit = (options, maxIter) =>
        engine.fit(data, {
          ...{ nComponents: K, covarianceType, acceleration: 'none', tol: 0, maxIter },
          ...{ init: { weights, means, covariances }, ...options },
        });
      const kinds = KINDS.map((kind) => ({ ...kind, seconds: [] }));
      for (let round = -1; round < rounds; round++) {
        say(`robust: ${covarianceType}, round ${round + 1}`);
        for (const { options, seconds } of kinds) {
          const measured = await quiet.measure(async () => {
            const first = await timeSeconds(() => fit(options, 0));
            return ((await timeSeconds(() => fit(options, passes))) - first) / passes;
          });
          if (round >= 0) seconds.push(measured);
        }
      }
      const [plain] = kinds;
      for (const { name, seconds } of kinds) {
        // The ratio is taken within each round, because the machine's speed varies.
        const timesPlain = median(seconds.map((value, round) => value / plain.seconds[round]));
        figures.push({ covarianceType, name, secondsPerPass: median(seconds), timesPlain });
      }
    }
    return { nSamples: n, nFeatures: D, nComponents: K, figures };
  } finally {
    await engine.close();
  }
}

export function format({ nSamples, nFeatures, nComponents, figures }) {
  return formatTable(
    `A pass with a prior, noise or t components: ${count(nSamples)} × ${nFeatures}, k = ${nComponents}`,
    ['covariances', '', 'ms a pass', 'ratio'],
    figures.map(({ covarianceType, name, secondsPerPass, timesPlain }) => [
      covarianceType,
      name,
      short(1000 * secondsPerPass),
      times(timesPlain),
    ]),
  );
}
