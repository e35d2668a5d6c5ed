/**
 * The starts of a fit: tried on a sample, the best of them brought on from sample to sample (successive halving), the best of these
 * improved by moves, and the optima that are left run to convergence on all rows. (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import { computeOneComponent } from '../em/start/one-component.js';
import type { RunStart } from '../em/start/start.js';
import { estimatePass } from '../jobs/work-share.js';
import { sampleSizesFor, trialSizeFor } from '../rows/sample.js';
import type { RunPhase } from '../types.js';
import { bestOf, chooseFinalists, type FinalistRules, isAdmissible, type StartedRun } from './finalists.js';
import { createGivenStart } from './init.js';
import { improveByMoves } from './moves.js';
import { sampleNeeds } from './prepared-data.js';
import type { Runner } from './runs.js';
import { FINALISTS_ON_MORE_ROWS, mostFinalists } from './search-limits.js';
import { type Contender, goOnFrom, runOnAllRows, runOnSample, startAt } from './stage-runs.js';
import { APPROACH_STAGE, finalStageOf, MOVE_STAGE, TRIAL_STAGE } from './stages.js';

/**
 * @param seedOf - the seed of a start's stream
 * @returns every start's last run, in the order of the starts
 */
export async function runStarts(runner: Runner, seedOf: (start: number) => number): Promise<StartedRun[]> {
  const { shape, context } = runner;
  const { data, options } = context;
  const { init, nInit, settings } = options;
  if (typeof init === 'object') {
    return runToTheEnd(runner, [await createGivenStart(init, data, shape, settings)], 'final');
  }
  if (shape.nComponents === 1) {
    // One component has one maximum, and its closed form is the start.
    const parameters = computeOneComponent(shape, data.moments, settings.regCovar);
    return runToTheEnd(runner, [startAt(parameters)], 'final');
  }
  const sample = await data.sample(trialSizeFor(sampleNeeds(data, shape)));
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
  const { shape, context } = runner;
  const { data } = context;
  const needs = sampleNeeds(data, shape);
  const ended = new Map<number, StartedRun>();
  const trials = starts.map((from, start): Contender => ({ start, from }));
  const trialSize = trialSizeFor(needs);
  const searchPhase = phase === 'final' ? 'trial' : phase;
  const climb = async (contenders: readonly Contender[], stage: number, size: number, next?: number) => {
    const isTrial = stage === TRIAL_STAGE;
    const running = runOnSample(runner, contenders, { phase: searchPhase, stage, size, isTrial });
    // The next sample is drawn meanwhile.
    if (next !== undefined) data.sample(next).catch(() => undefined);
    const runs = await running;
    for (const run of runs) ended.set(run.start, run);
    return runs;
  };
  const sizes = sampleSizesFor(needs);
  let contenders: readonly Contender[] = trials;
  const stages = [trialSize, ...sizes];
  for (const [at, size] of stages.entries()) {
    const stage = at < 2 ? at : MOVE_STAGE + at - 1;
    let runs = await climb(contenders, stage, size, stages[at + 1]);
    // Too few rows: on more of them the same parameters may be admissible.
    if (!runs.some(isAdmissible)) continue;
    if (stage === APPROACH_STAGE && phase === 'final') {
      runs = await improveByMoves(runner, runs, size);
      for (const run of runs) ended.set(run.start, run);
    }
    const { rows, moments } = await data.sample(size);
    const rules = stage === TRIAL_STAGE ? rulesOfTrials(runner) : FINALISTS_ON_MORE_ROWS;
    const finalists = await chooseFinalists(runs, rows, moments, rules, (parameters) =>
      runner.logDensitiesOf(rows, parameters),
    );
    contenders = finalists.map(goOnFrom);
  }
  await runFinalists(runner, contenders, phase, finalStageOf(sizes), ended);
  return starts.map((_, start) => {
    const run = ended.get(start);
    if (!run) throw new Error(`start ${start} was never run`);
    return run;
  });
}

function rulesOfTrials({ shape, context: { data } }: Runner): FinalistRules {
  const needs = sampleNeeds(data, shape);
  const [size] = sampleSizesFor(needs);
  return {
    most: mostFinalists(estimatePass(size, shape)),
    standardErrors: Number.POSITIVE_INFINITY,
    // A pass over few rows costs less than to find out that it is not needed.
    checksValleys: size > trialSizeFor(needs),
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
    for (const run of runs) ended.set(run.start, run);
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
