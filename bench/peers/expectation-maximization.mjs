/**
 * npm's expectation-maximization; see ../peers.mjs for arguments and output, before which comes the folder that
 * it is installed in.
 *
 * It takes neither start values nor a number of iterations. It draws its first responsibilities from `numeric`
 * and stops by a norm of their change, from `numeric` too: both are replaced, by the responsibilities of the start
 * values and by a count.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GaussianMixture } from 'parallel-gmm';
import { shapeStart } from '../data.mjs';
import { peakBytes } from '../process.mjs';
import { readRaw } from '../raw-file.mjs';

const [folder, dataPath, startPath, ...rest] = process.argv.slice(2);
const [n, d, k] = rest.slice(0, 3).map(Number);
const passes = Number(rest[4]);

const require = createRequire(join(folder, 'package.json'));
const numeric = createRequire(require.resolve('expectation-maximization'))('numeric');
const em = require('expectation-maximization');

const flat = readRaw(dataPath);
const points = Array.from({ length: n }, (_, i) => Array.from(flat.subarray(i * d, (i + 1) * d)));
const numbers = readRaw(startPath);
const start = shapeStart(
  { weights: numbers.slice(0, k), means: numbers.slice(k, k + k * d), covariances: numbers.slice(k + k * d) },
  'full',
);
const startModel = GaussianMixture.fromParameters({ ...start, covarianceType: 'full' });
const posteriors = points.map((point) => startModel.posterior(point));
const responsibilities = Array.from({ length: k }, (_, j) => posteriors.map((row) => row[j]));

function fit(iterations) {
  let left = iterations;
  const { norminf } = numeric;
  numeric.random = () => responsibilities;
  numeric.norminf = (matrix) => {
    const norm = norminf(matrix);
    return --left === 0 ? 0 : Math.max(norm, 1);
  };
  const begin = performance.now();
  const groups = em(points, k);
  const seconds = (performance.now() - begin) / 1000;
  numeric.norminf = norminf;
  return { seconds, groups };
}

// Responsibilities of the start are its first E-step.
fit(1);
const first = fit(1);
const last = fit(1 + passes);
const peak = peakBytes();
const model = GaussianMixture.fromParameters({
  covarianceType: 'full',
  weights: last.groups.map(({ weight }) => weight),
  means: last.groups.map(({ mu }) => mu),
  covariances: last.groups.map(({ sigma }) => sigma),
});
const meanLogLikelihood = points.reduce((sum, point) => sum + model.logDensity(point), 0) / n;
console.log(JSON.stringify({ first: first.seconds, last: last.seconds, meanLogLikelihood, peakBytes: peak }));
