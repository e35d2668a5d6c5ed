/**
 * Fits every problem with default options and prints a line of JSON for each fit:
 *
 *   node bench/optima/run.mjs BUILD [--builds A,B] [--half open] [--seeds 3] [--options JSON] [--only REGEX] [--threads 2] [--out FILE]
 *
 * A build is a folder with the package's `dist`. With several builds every problem is fitted with each in turn, and the order
 * alternates.
 */

import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBuild } from './builds.mjs';
import { FRESH_ROWS, measureShape, prepareProblem, scoreFresh } from './measures.mjs';
import { chooseProblems, drawFresh, loadRows } from './problems.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    builds: { type: 'string' },
    half: { type: 'string', default: 'open' },
    seeds: { type: 'string', default: '3' },
    options: { type: 'string', default: '{}' },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});

/** Starts whose log-likelihood on all rows is within this of the winner, for each row, agree with it. */
const AGREEMENT = 1e-5;

function countAgreeing({ restarts, logLikelihood }, n) {
  const agree = restarts.filter(
    (restart) => restart.nSamples === n && logLikelihood - restart.logLikelihood <= AGREEMENT * n,
  );
  return { agree: agree.length, starts: restarts.length };
}

async function timeFit({ exports, engine }, prepared, options) {
  const started = performance.now();
  const result = await exports.fit(prepared.data, { ...options, engine }).catch((error) => ({ error }));
  return { seconds: (performance.now() - started) / 1000, result };
}

async function describe({ seconds, result }, prepared) {
  if (result.error) {
    if (!result.error.code) throw result.error;
    return { seconds, error: result.error.code };
  }
  const fresh = await scoreFresh(result.model, prepared);
  const { nIterations } = result;
  return {
    seconds,
    ...measureShape(result, prepared),
    fresh,
    nIterations,
    ...countAgreeing(result, prepared.n),
  };
}

function write(line) {
  const text = `${JSON.stringify(line)}\n`;
  if (values.out) appendFileSync(values.out, text);
  else process.stdout.write(text);
}

async function runProblem(builds, problem, options, turn) {
  const loaded = loadRows(problem);
  const freshRows = drawFresh(problem, FRESH_ROWS);
  const prepared = await Promise.all(builds.map((build) => prepareProblem(build, loaded, freshRows)));
  const { name, half, nComponents, covarianceType } = problem;
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const order = builds.map((_, b) => b);
    if ((turn + seed) % 2 === 1) order.reverse();
    for (const b of order) {
      const timed = await timeFit(builds[b], prepared[b], { nComponents, covarianceType, seed, ...options });
      const { n, d } = loaded;
      write({ name, half, build: builds[b].name, seed, n, d, ...(await describe(timed, prepared[b])) });
    }
  }
}

const folders = values.builds ? values.builds.split(',') : positionals;
const builds = await Promise.all(folders.map((folder) => openBuild(folder, Number(values.threads))));
if (values.out) writeFileSync(values.out, '');
for (const [turn, problem] of chooseProblems(values).entries()) {
  await runProblem(builds, problem, JSON.parse(values.options), turn);
}
await Promise.all(builds.map(({ engine }) => engine.close()));
