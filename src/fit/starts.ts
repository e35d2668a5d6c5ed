/**
 * The starts of a fit: tried on a sample, the best of them brought on from sample to sample (successive halving), the best of these
 * improved by moves, and the optima that are left run to convergence on all rows. (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import { densityOf } from '../core/parameters.js';
import { computeOneComponent } from '../em/start/one-component.js';
import type { RunStart } from '../em/start/start.js';
import { estimatePass } from '../jobs/work-share.js';
import type { RunPhase } from '../progress-events.js';
import { sampleSizesFor, trialSizeFor } from '../rows/sample.js';
import { bestOf, chooseFinalists, type FinalistRules, isAdmissible, type StartedRun } from './finalists.js';
import { createGivenStart } from './init.js';
import { improveByMoves } from './moves.js';
import { sampleNeeds } from './prepared-data.js';
import type { Runner } from './runs.js';
import { FINALISTS_ON_MORE_ROWS, mostFinalists } from './search-limits.js';
import { type Contender, goOnFrom, runOnAllRows, runOnSample, startAt } from './stage-runs.js';
import { finalStageOf, planRungs, type Rung } from './stages.js';

/**
 * @param seedOf - the seed of a start's stream
 * @returns every start's last run, in the order of the starts
 */
export async function runStarts(runner: Runner, seedOf: (start: number) => number): Promise<StartedRun[]> {
  const { shape, context, prior } = runner;
  const { data, options } = context;
  const { init, nInit, settings } = options;
  if (typeof init === 'object') {
    return runToTheEnd(runner, [await createGivenStart(init, data, shape, settings)], 'final');
  }
  const { noise, ...plain } = shape;
  if (shape.nComponents === 1 && !noise) {
    // One component without noise has one maximum, and the closed form of a Gaussian one is the start.
    const parameters = computeOneComponent(plain, data.moments, settings.regCovar, prior);
    return runToTheEnd(runner, [startAt(parameters)], 'final');
  }
  const sample = await data.startSample(trialSizeFor(sampleNeeds(data, shape)));
  const starts = Array.from(
    { length: nInit },
    (_, index): RunStart => ({ kind: 'random', init, index, seed: seedOf(index), sample }),
  );
  return tryAndRun(runner, starts, 'final');
}

/**
 * Tries starts on a sample, brings the best of them near to convergence on ever larger samples, and runs the optima that are left
 * to the end on all rows.
 *
 * @param phase - of the runs to the end
 * @returns every start's last run, in the order of the starts
 */
export async function tryAndRun(
  runner: Runner,
  starts: readonly RunStart[],
  phase: RunPhase,
): Promise<StartedRun[]> {
  const { data } = runner.context;
  const ended = new Map<number, StartedRun>();
  const rungs = planRungs(data, runner.shape);
  let contenders = starts.map((from, start): Contender => ({ start, from }));
  for (const [at, rung] of rungs.entries()) {
    const { size, stage, tries } = rung;
    const isTrial = tries === 'starts';
    const request = { phase: phase === 'final' ? 'trial' : phase, stage, size, isTrial } as const;
    const running = runOnSample(runner, contenders, request);
    // The next sample is drawn meanwhile.
    if (at + 1 < rungs.length) data.sample(rungs[at + 1].size).catch(() => undefined);
    let runs = await running;
    // Too few rows: on more of them the same parameters may be admissible.
    if (runs.some(isAdmissible)) {
      if (tries === 'finalists and moves' && phase === 'final')
        runs = await improveByMoves(runner, runs, rung);
      contenders = await chooseContenders(runner, runs, rung);
    }
    for (const run of runs) record(ended, run);
  }
  await runFinalists(runner, contenders, phase, finalStageOf(rungs), ended);
  return starts.map((_, start) => {
    const run = ended.get(start);
    if (!run) throw new Error(`start ${start} was never run`);
    return run;
  });
}

/** Keeps a start's last run; of several on the same rows the best. */
function record(ended: Map<number, StartedRun>, run: StartedRun): void {
  const known = ended.get(run.start);
  const isWorse =
    known && known.rows === run.rows && known.isFinal === run.isFinal && bestOf([known, run])[0] === known;
  if (!isWorse) ended.set(run.start, run);
}

/** The runs of a rung that go on. */
async function chooseContenders(
  runner: Runner,
  runs: readonly StartedRun[],
  { size, tries }: Rung,
): Promise<Contender[]> {
  const { data } = runner.context;
  const { rows, moments } = await data.sample(size);
  // On all rows the best is the best: no other rows can make another solution better.
  if (tries !== 'starts' && rows === data.rows) return [goOnFrom(bestOf(runs)[0])];
  const rules = tries === 'starts' ? rulesOfTrials(runner, size) : FINALISTS_ON_MORE_ROWS;
  const finalists = await chooseFinalists(runs, rows, moments, rules, (parameters) =>
    runner.logDensitiesOf(rows, parameters),
  );
  return finalists.map(goOnFrom);
}

/** @param trialSize - rows of the trials */
function rulesOfTrials({ shape, context: { data, options } }: Runner, trialSize: number): FinalistRules {
  const [size] = sampleSizesFor(sampleNeeds(data, shape));
  return {
    most: mostFinalists(options.search, estimatePass(size, shape, densityOf(options.settings))),
    standardErrors: Number.POSITIVE_INFINITY,
    // A pass over few rows costs less than to find out that it is not needed.
    checksValleys: size > trialSize,
  };
}

/** Runs contenders to the end on all rows. If all collapse, the best of the starts that were left behind follow. */
async function runFinalists(
  runner: Runner,
  contenders: readonly Contender[],
  phase: RunPhase,
  stage: number,
  ended: Map<number, StartedRun>,
): Promise<void> {
  for (let next = contenders; ; ) {
    const runs = await runOnAllRows(runner, next, { phase, stage });
    for (const run of runs) record(ended, run);
    if (runs.some(isAdmissible)) return;
    const leftBehind = [...ended.values()].filter((run) => !run.isFinal && isAdmissible(run));
    if (leftBehind.length === 0) return;
    // Totals over different numbers of rows cannot be compared; the runs on more rows went further.
    const mostRows = Math.max(...leftBehind.map(({ rows }) => rows.nSamples));
    const furthest = leftBehind.filter(({ rows }) => rows.nSamples === mostRows);
    next = bestOf(furthest).slice(0, FINALISTS_ON_MORE_ROWS.most).map(goOnFrom);
  }
}

/**
 * Runs on all rows.
 *
 * @param first - index of the first start
 */
export function runToTheEnd(
  runner: Runner,
  starts: readonly RunStart[],
  phase: RunPhase,
  first = 0,
  stage = 0,
): Promise<StartedRun[]> {
  const contenders = starts.map((from, i) => ({ start: first + i, from }));
  return runOnAllRows(runner, contenders, { phase, stage });
}
