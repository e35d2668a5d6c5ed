/**
 * Tables of results against the known optima:
 *
 *   node bench/optima/summarize.mjs FILE… [--half open] [--best best.jsonl] [--rows-per-feature 2] [--least-variance 1e-4] [--list]
 *
 * A file has lines of run.mjs or scikit-learn.py. `--list` adds a line for each problem that a fit missed.
 */

import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable, percent, short, times } from '../table.mjs';
import { isSensible, KNOWN, readKnown, readLines } from './known.mjs';
import { chooseProblems } from './problems.mjs';
import { compareSeries, mean, median, summarizeSeries } from './scores.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'string', default: 'open' },
    only: { type: 'string', default: '' },
    best: { type: 'string' },
    'rows-per-feature': { type: 'string', default: '2' },
    'least-variance': { type: 'string', default: '1e-4' },
    list: { type: 'boolean', default: false },
  },
});

/** The groups of problems that get a row of a table. */
const SLICES = [
  ['all', () => true],
  ...['textbook', 'R', 'table', 'drawn'].map((group) => [group, (problem) => problem.group === group]),
  ['k <= 4', ({ nComponents: k }) => k <= 4],
  ['k 5…9', ({ nComponents: k }) => k >= 5 && k <= 9],
  ['k >= 10', ({ nComponents: k }) => k >= 10],
];

function seriesOf(line, file) {
  const label = line.build ? basename(line.build) : `scikit-learn ${line.nInit} × ${line.tol}`;
  return positionals.length > 1 && line.build ? `${basename(file, '.jsonl')}: ${label}` : label;
}

/** The best sensible optimum; without one, the best of all. As in a fit, a covariance that all components share needs no rows of each. */
function findBest(known, { covarianceType }) {
  const rowsPerFeature = covarianceType === 'tied' ? 0 : +values['rows-per-feature'];
  const limits = { d: known.d, rowsPerFeature, leastVariance: +values['least-variance'] };
  const sensible = known.optima.find((optimum) => isSensible(optimum, limits));
  return { best: sensible ?? known.optima[0], hasSensible: sensible !== undefined, limits };
}

/** A line judged: whether it is at the best, its loss for each row, and whether it is above by a spurious optimum. */
function judge(line, problem) {
  const { best, limits, n } = problem;
  const below = line.logLikelihood === undefined ? Number.NaN : best.logLikelihood - line.logLikelihood;
  const tolerance = Math.max(0.01, 1e-5 * n);
  const isAt = below <= tolerance;
  return {
    ...line,
    isAt,
    isSpurious: below < -tolerance && !isSensible(line, limits),
    isNewBest: below < -tolerance && isSensible(line, limits),
    loss: isAt ? 0 : below / n,
    freshLoss: line.fresh === undefined ? undefined : best.fresh - line.fresh,
  };
}

/** @returns the judged lines of every series, by the problem's name */
function readSeries(problems) {
  const series = new Map();
  for (const file of positionals) {
    for (const line of readLines(file)) {
      const problem = problems.get(line.name);
      if (!problem) continue;
      const label = seriesOf(line, file);
      if (!series.has(label)) series.set(label, new Map());
      const byProblem = series.get(label);
      if (!byProblem.has(line.name)) byProblem.set(line.name, []);
      byProblem.get(line.name).push(judge(line, problem));
    }
  }
  return series;
}

/** The slices that have problems. */
function slicesOf(names, problems) {
  const present = [...names].map((name) => problems.get(name));
  return SLICES.filter(([, belongs]) => present.some(belongs));
}

function tableOfSeries(label, byProblem, problems) {
  const rows = slicesOf(byProblem.keys(), problems).map(([slice, belongs]) => {
    const entries = [...byProblem].filter(([name]) => belongs(problems.get(name))).map(([, lines]) => lines);
    const score = summarizeSeries(entries);
    return [
      slice,
      String(entries.length),
      String(score.fits),
      percent(score.at),
      percent(score.spurious),
      percent(score.never),
      String(score.failed),
      short(score.loss),
      short(score.missLoss),
      short(score.freshLoss),
      short(score.medianSeconds),
      short(score.meanSeconds),
    ];
  });
  const header =
    'problems|count|fits|at best|spurious|never|failed|loss a row|of a miss|fresh loss|median s|mean s';
  console.log(formatTable(label, header.split('|'), rows));
}

function tableOfComparison([firstLabel, first], [label, second], problems) {
  const shared = [...first.keys()].filter((name) => second.has(name));
  const rows = slicesOf(shared, problems).map(([slice, belongs]) => {
    const names = shared.filter((name) => belongs(problems.get(name)));
    const pairs = names.map((name) => [first.get(name), second.get(name)]);
    const { better, worse, medianRatio, ratioOfMedians, ratioOfMeans, fresh } = compareSeries(pairs);
    const ratios = [medianRatio, ratioOfMedians, ratioOfMeans].map(times);
    return [slice, String(pairs.length), percent(better), percent(worse), ...ratios, short(fresh)];
  });
  const header = 'problems|count|better|worse|median ratio s|ratio of medians|ratio of means|fresh gain';
  console.log(formatTable(`${label} against ${firstLabel}`, header.split('|'), rows));
}

function listMisses(label, byProblem) {
  const rows = [...byProblem]
    .filter(([, lines]) => lines.some(({ isAt }) => !isAt))
    .map(([name, lines]) => [
      name,
      `${lines.filter(({ isAt }) => isAt).length}/${lines.length}`,
      mean(lines.map(({ loss }) => loss)),
      median(lines.map(({ seconds }) => seconds)),
    ])
    .sort((a, b) => b[2] - a[2]);
  const cells = rows.map(([name, at, loss, seconds]) => [name, at, short(loss), short(seconds)]);
  console.log(
    formatTable(`${label}: problems with misses`, ['problem', 'at best', 'loss a row', 'median s'], cells),
  );
}

/** Says which problems the tables leave out, or judge by an optimum that is not sensible. */
function printNotes(problems, wanted, series) {
  const list = (names) => (names.length > 0 ? `${names.length} (${names.join(', ')})` : 'none');
  const doubtful = [...problems.values()].filter(({ hasSensible }) => !hasSensible).map(({ name }) => name);
  const better = new Set(
    [...series.values()]
      .flatMap((byProblem) => [...byProblem.values()].flat())
      .filter(({ isNewBest }) => isNewBest)
      .map(({ name }) => name),
  );
  console.log(
    `Without known optima: ${list(wanted.filter(({ name }) => !problems.has(name)).map(({ name }) => name))}`,
  );
  console.log(`Without a sensible optimum: ${list(doubtful)}`);
  console.log(`With a fit above the best known: ${list([...better])}`);
}

const known = readKnown(values.best ?? KNOWN);
const wanted = chooseProblems(values);
const problems = new Map(
  wanted
    .filter(({ name }) => known.has(name))
    .map((problem) => {
      const entry = known.get(problem.name);
      return [problem.name, { ...problem, n: entry.n, ...findBest(entry, problem) }];
    }),
);
const series = readSeries(problems);
for (const [label, byProblem] of series) tableOfSeries(label, byProblem, problems);
const [first, ...others] = series;
for (const other of others) tableOfComparison(first, other, problems);
if (values.list) for (const [label, byProblem] of series) listMisses(label, byProblem);
printNotes(problems, wanted, series);
