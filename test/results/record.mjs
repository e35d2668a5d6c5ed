/**
 * Records the results of many fits, so that two versions of the package can be compared bit by bit (compare.mjs).
 *
 *   node record.mjs <folder of a built package> > before.jsonl
 *
 * A line for each result: its name, and every number of it under a name. Float64 numbers survive JSON exactly.
 */

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = '.'] = process.argv.slice(2);
const { createEngine, Dataset } = await import(pathToFileURL(resolve(folder, 'dist/index.js')).href);

const TYPES = ['full', 'tied', 'diag', 'spherical'];
const INITS = ['kmeans', 'k-means++', 'random', 'random-rows'];
const RULES = ['aitken', 'change', 'responsibilities'];

/** Uniform in [0, 1), the same on every machine: mulberry32. */
function createUniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** (n × d) rows of k overlapping clusters, sums of uniform numbers, so that no function of the machine is in them. */
function drawClusters(n, d, k, seed) {
  const uniform = createUniform(seed);
  const bell = () => uniform() + uniform() + uniform() + uniform() - 2;
  const means = Array.from({ length: k * d }, () => 3 * bell());
  const rows = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const j = Math.floor(k * uniform() * uniform());
    const shared = bell();
    for (let a = 0; a < d; a++) rows[i * d + a] = means[j * d + a] + bell() * (1 + (j % 3)) + 0.5 * shared;
  }
  return rows;
}

async function createData() {
  const uniform = createUniform(9);
  const small = drawClusters(1500, 3, 3, 1);
  const large = drawClusters(60_000, 5, 4, 2);
  const sampleWeight = Float64Array.from({ length: 60_000 }, (_, i) => (i % 5 === 0 ? 0 : 2 * uniform()));
  return {
    faithful: await Dataset.read(join(folder, 'data/faithful.csv')),
    iris: await Dataset.read(join(folder, 'data/iris.csv')),
    'one column': await Dataset.from(drawClusters(2000, 1, 3, 3), { nFeatures: 1 }),
    small: await Dataset.from(small, { nFeatures: 3 }),
    float32: await Dataset.from(small, { nFeatures: 3, storage: 'float32' }),
    large: await Dataset.from(large, { nFeatures: 5 }),
    weighted: await Dataset.from(large, { nFeatures: 5, sampleWeight }),
    wide: await Dataset.from(drawClusters(3000, 24, 2, 4), { nFeatures: 24 }),
  };
}

const numbersOf = ({ model, restarts, logLikelihoods, ...rest }) => ({
  logLikelihood: rest.logLikelihood,
  criteria: [rest.bic, rest.aic, rest.icl],
  nIterations: rest.nIterations,
  status: rest.status,
  weights: [...model.weights],
  means: [...model.means],
  covariances: [...model.covariances],
  trace: logLikelihoods,
  starts: restarts.map((start) => [start.seed, start.logLikelihood, start.nIterations]),
});

/** What is fitted: a name, the data, the call. */
function* createCases(data) {
  for (const [name, rows] of Object.entries(data)) {
    const isLarge = rows.nSamples > 10_000;
    for (const covarianceType of TYPES) {
      for (const init of isLarge ? ['kmeans'] : INITS) {
        for (const convergence of isLarge ? ['aitken'] : RULES) {
          const options = { nComponents: 3, covarianceType, init, convergence, nInit: 4, seed: 5 };
          yield { name: `${name} ${covarianceType} ${init} ${convergence}`, rows, options };
        }
      }
      const options = { nComponents: 2, covarianceType, nInit: 3, maxIter: 60 };
      for (const [what, more] of Object.entries({
        'exact EM': { acceleration: 'none' },
        ridge: { regCovar: 0.01 },
        'equal weights': { equalWeights: true },
        'one component': { nComponents: 1 },
        'high floor': { covarianceFloor: 0.05 },
      }))
        yield { name: `${name} ${covarianceType} ${what}`, rows, options: { ...options, ...more } };
    }
  }
}

const data = await createData();
const engines = [1, 2, 5].map((threads) => createEngine({ threads }));
const print = (name, result) => console.log(JSON.stringify({ name, ...result }));
const orError = (call) => call.then(numbersOf, (error) => ({ error: error.code, message: error.message }));

for (const { name, rows, options } of createCases(data)) {
  const results = await Promise.all(engines.map((engine) => orError(engine.fit(rows, options))));
  const [first] = results;
  print(name, {
    ...first,
    sameOnAllThreads: results.every((r) => JSON.stringify(r) === JSON.stringify(first)),
  });
}
for (const name of ['faithful', 'iris', 'large']) {
  const options = { nComponents: [1, 2, 3, 4], nInit: 3, covarianceTypes: TYPES };
  const { best, fits } = await engines[1].selectModel(data[name], options);
  print(`${name} selectModel`, {
    ...numbersOf(best),
    cells: fits.map((cell) => [cell.covarianceType, cell.nComponents, cell.status, cell.bic ?? null]),
  });
  const engine = engines[1];
  const { labels, proba, uncertainty, logDensity } = await best.model.scores(data[name], { engine });
  print(`${name} scores`, {
    labels: [...labels.subarray(0, 500)],
    proba: [...proba.subarray(0, 500)],
    uncertainty: [...uncertainty.subarray(0, 500)],
    logDensity: [...logDensity.subarray(0, 500)],
    sample: [...best.model.sample(50, { seed: 3 }).samples],
  });
}
await Promise.all(engines.map((engine) => engine.close()));
