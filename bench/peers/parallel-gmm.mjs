/** This package, as a program like its peers; see ../peers.mjs for arguments and output. */

import { availableParallelism } from 'node:os';
import { createEngine, Dataset } from 'parallel-gmm';
import { shapeStart } from '../data.mjs';
import { exactEm, median, timeSeconds } from '../measure.mjs';
import { peakBytes } from '../process.mjs';
import { readRaw } from '../raw-file.mjs';

/** Seconds that are measured at least, and rounds at most: passes are short here, and medians then steady. */
const ENOUGH_SECONDS = 3;
const MOST_ROUNDS = 15;

const [dataPath, startPath, ...rest] = process.argv.slice(2);
const [, d, k] = rest.slice(0, 3).map(Number);
const covarianceType = rest[3];
const passes = Number(rest[4]);

const data = await Dataset.from(readRaw(dataPath), { nFeatures: d });
const numbers = readRaw(startPath);
const given = {
  weights: numbers.slice(0, k),
  means: numbers.slice(k, k + k * d),
  covariances: numbers.slice(k + k * d),
};
const start = shapeStart(given, covarianceType);
const engine = createEngine({ threads: availableParallelism() });
const fit = (maxIter) => engine.fit(data, { ...exactEm(start, maxIter), covarianceType });

const { meanLogLikelihood } = await fit(1 + passes);
const first = [];
const last = [];
for (let total = 0; total < ENOUGH_SECONDS && first.length < MOST_ROUNDS; ) {
  first.push(await timeSeconds(() => fit(1)));
  last.push(await timeSeconds(() => fit(1 + passes)));
  total += first.at(-1) + last.at(-1);
}
await engine.close();
console.log(
  JSON.stringify({ first: median(first), last: median(last), meanLogLikelihood, peakBytes: peakBytes() }),
);
