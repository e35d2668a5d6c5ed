/**
 * Looks for the best optima of the problems by brute force, and adds them to `best.jsonl`:
 *
 *   node bench/optima/search.mjs BUILD [--half open] [--only REGEX] [--starts 200] [--seconds S]
 *                                                           starts of four kinds, each to its own end
 *   node bench/optima/search.mjs BUILD --polish FILE        from parameters that scikit-learn.py wrote
 *   node bench/optima/search.mjs --merge FILE               from lines that run.mjs wrote; no build needed
 *
 * A start that collapses finds nothing.
 */

import { parseArgs } from 'node:util';
import { openBuild } from './builds.mjs';
import { addOptima, chooseKept, readKnown, readLines, writeKnown } from './known.mjs';
import { FRESH_ROWS, measureShape, prepareProblem, scoreFresh } from './measures.mjs';
import { chooseProblems, drawFresh, loadRows } from './problems.mjs';

const KINDS = ['kmeans', 'random-rows', 'k-means++', 'random'];

/** A hundredth of the default tolerance, so that two ends of the same optimum look the same. */
const TO_THE_END = { tol: 1e-8, maxIter: 10_000 };

/** With many rows a problem is searched for this many seconds, unless `--seconds` says otherwise. */
const MANY_ROWS = 20_000;
const SECONDS_FOR_MANY_ROWS = 90;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'string', default: 'all' },
    only: { type: 'string', default: '' },
    starts: { type: 'string', default: '200' },
    seconds: { type: 'string' },
    polish: { type: 'string' },
    merge: { type: 'string' },
  },
});

/** The kinds by turns, so that a search that runs out of time has tried all. */
function listStarts() {
  return Array.from({ length: Number(values.starts) / KINDS.length }, (_, seed) =>
    KINDS.map((kind) => ({ kind, seed, options: { init: kind, nInit: 1, seed } })),
  ).flat();
}

/** @returns the result, or undefined if the fit collapsed */
async function fitOrCollapse({ exports, engine }, data, options) {
  try {
    return await exports.fit(data, { ...options, ...TO_THE_END, engine });
  } catch (error) {
    if (error.code === 'DEGENERATE') return undefined;
    throw error;
  }
}

/** Seconds that a problem of n rows is searched for. */
function limitOf(n) {
  if (values.seconds) return Number(values.seconds);
  return n > MANY_ROWS ? SECONDS_FOR_MANY_ROWS : Number.POSITIVE_INFINITY;
}

/** @returns the optima that the starts found, with their models, and the number of starts that were tried */
async function runStarts(build, { data, n, total }, shape, starts) {
  const found = [];
  const end = performance.now() + 1000 * limitOf(n);
  let tried = 0;
  for (const { kind, seed, options } of starts) {
    if (performance.now() > end) break;
    tried++;
    const result = await fitOrCollapse(build, data, { ...shape, ...options });
    if (result) found.push({ ...measureShape(result, { n, total }), kind, seed, model: result.model });
  }
  return { found, tried };
}

async function searchProblem(build, problem, starts) {
  const { name, nComponents, covarianceType } = problem;
  const loaded = loadRows(problem);
  const prepared = await prepareProblem(build, loaded, drawFresh(problem, FRESH_ROWS));
  const started = performance.now();
  const { found, tried } = await runStarts(build, prepared, { nComponents, covarianceType }, starts);
  const optima = chooseKept(found, loaded);
  for (const optimum of optima) optimum.fresh = await scoreFresh(optimum.model, prepared);
  const known = readKnown();
  addOptima(known, { name, n: loaded.n, d: loaded.d }, optima);
  writeKnown(known);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${tried} starts, ${seconds} s`);
}

/** The starts of a problem: those of its parameters in a file, or of all kinds. */
function startsOf({ name }, lines) {
  if (!lines) return listStarts();
  return lines
    .filter((line) => line.name === name)
    .map(({ kind, seed, parameters }) => ({ kind, seed, options: { init: parameters } }));
}

async function searchAll(folder) {
  const build = await openBuild(folder, 1);
  const lines = values.polish && readLines(values.polish);
  for (const problem of chooseProblems(values)) {
    const starts = startsOf(problem, lines);
    if (starts.length > 0) await searchProblem(build, problem, starts);
  }
  await build.engine.close();
}

function mergeResults() {
  const known = readKnown();
  for (const line of readLines(values.merge)) {
    if (line.logLikelihood !== undefined) addOptima(known, line, [{ kind: 'fit', ...line }]);
  }
  writeKnown(known);
}

if (values.merge) mergeResults();
else await searchAll(positionals[0]);
