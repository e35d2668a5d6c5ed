/**
 * The starts of a fit: tried on a sample, the best of them brought on from sample to sample (successive halving), and the optima that
 * are left run to convergence on all rows. (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import type { ModelShape } from '../core/parameters.js';
import type { EmSettings } from '../em/settings.js';
import { computeOneComponent } from '../em/start/one-component.js';
import type { RunStart } from '../em/start/start.js';
import type { EmTask } from '../jobs/tasks.js';
import { sampleSizesFor, startSizeFor } from '../rows/sample.js';
import type { SharedRows } from '../rows/shared-rows.js';
import type { RunPhase } from '../types.js';
import { bestOf, chooseFinalists, isAdmissible, type StartedRun } from './finalists.js';
import { createGivenStart } from './init.js';
import { type PreparedData, sampleNeeds } from './prepared-data.js';
import type { Runner } from './runs.js';
import {
  APPROACH_ITERATIONS,
  APPROACH_TOL,
  FINALISTS,
  FINALISTS_ON_MORE_ROWS,
  SMALL_DATA,
  TRIAL_ITERATIONS,
  TRIAL_TOL,
} from './search-limits.js';

/** Where a run begins: the index of its start, and the end of an earlier run on fewer rows if there was one. */
interface Contender {
  readonly start: number;
  readonly from: RunStart;
  readonly pairs?: EmTask['pairs'];
}

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
    return runToTheEnd(runner, [{ kind: 'parameters', parameters }], 'final');
  }
  const needs = sampleNeeds(data, shape);
  // The sample of the trials is drawn at the same time, so that both have their moments together.
  data.sample(sampleSizesFor(needs)[0]).catch(() => undefined);
  const sample = await data.sample(startSizeFor(needs));
  const starts = Array.from(
    { length: nInit },
    (_, index): RunStart => ({ kind: 'random', init, index, seed: seedOf(index), sample }),
  );
  return tryAndRun(runner, starts, 'final');
}

/**
 * Tries starts on a sample, brings the best of them near to convergence there and on ever larger samples, and runs the optima that
 * are left to the end on all rows. With few rows all starts run to the end at once.
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
  if (data.rows.nSamples <= SMALL_DATA) return runToTheEnd(runner, starts, phase);
  const sizes = sampleSizesFor(sampleNeeds(data, runner.shape));
  const stages = [sizes[0], ...sizes.filter((size) => size < data.rows.nSamples)];
  const ended = new Map<number, StartedRun>();
  let contenders: Contender[] = starts.map((from, start) => ({ start, from }));
  for (const [stage, size] of stages.entries()) {
    const running = runOnSample(runner, contenders, phase === 'final' ? 'trial' : phase, stage, size);
    // The next sample is drawn meanwhile.
    if (stage + 1 < stages.length) data.sample(stages[stage + 1]).catch(() => undefined);
    const runs = await running;
    for (const run of runs) ended.set(run.start, run);
    // Too few rows: on more of them the same parameters may be admissible.
    if (!runs.some(isAdmissible)) continue;
    const { rows, moments } = await data.sample(size);
    const rules = stage === 0 ? FINALISTS : FINALISTS_ON_MORE_ROWS;
    const finalists = await chooseFinalists(runs, rows, moments, rules, (parameters) =>
      runner.logDensitiesOf(rows, parameters),
    );
    contenders = finalists.map(contenderOf);
  }
  await runFinalists(runner, contenders, phase, stages.length, ended);
  return starts.map((_, start) => {
    const run = ended.get(start);
    if (!run) throw new Error(`start ${start} was never run`);
    return run;
  });
}

/** Runs contenders on a sample for some iterations: the trials at stage 0, then the approaches. */
async function runOnSample(
  runner: Runner,
  contenders: readonly Contender[],
  phase: RunPhase,
  stage: number,
  size: number,
): Promise<StartedRun[]> {
  const { data, options } = runner.context;
  const { rows, moments } = await data.sample(size);
  const isTrial = stage === 0;
  const settings: EmSettings = {
    ...options.settings,
    convergence: 'aitken',
    tol: isTrial ? TRIAL_TOL : APPROACH_TOL,
    maxIter: Math.min(options.settings.maxIter, isTrial ? TRIAL_ITERATIONS : APPROACH_ITERATIONS),
  };
  const task = { ...taskOf(data, runner.shape, settings), moments, keepsPairs: true };
  return runAll(runner, contenders, { phase, stage, rows, task });
}

/** Runs contenders to the end on all rows. If all collapse, the best of the starts that were left behind follow. */
async function runFinalists(
  runner: Runner,
  contenders: readonly Contender[],
  phase: RunPhase,
  stage: number,
  ended: Map<number, StartedRun>,
): Promise<void> {
  const { data, options } = runner.context;
  const request = { phase, stage, rows: data.rows, task: taskOf(data, runner.shape, options.settings) };
  for (let next = contenders; ; ) {
    const runs = await runAll(runner, next, request);
    for (const run of runs) ended.set(run.start, { ...run, isFinal: true });
    if (runs.some(isAdmissible)) return;
    const leftBehind = [...ended.values()].filter((run) => !run.isFinal && isAdmissible(run));
    if (leftBehind.length === 0) return;
    next = bestOf(leftBehind)
      .slice(0, FINALISTS_ON_MORE_ROWS.most)
      .map(({ start, run }) => ({ start, from: { kind: 'parameters', parameters: run.parameters } }));
  }
}

/**
 * Runs on all rows.
 *
 * @param first - index of the first start
 */
export async function runToTheEnd(
  runner: Runner,
  starts: readonly RunStart[],
  phase: RunPhase,
  first = 0,
  stage = 0,
): Promise<StartedRun[]> {
  const { data, options } = runner.context;
  const contenders = starts.map((from, i) => ({ start: first + i, from }));
  const task = taskOf(data, runner.shape, options.settings);
  const runs = await runAll(runner, contenders, { phase, stage, rows: data.rows, task });
  return runs.map((run) => ({ ...run, isFinal: true }));
}

function contenderOf({ start, run }: StartedRun): Contender {
  return { start, from: { kind: 'parameters', parameters: run.parameters }, pairs: run.pairs };
}

/** Runs of one stage, at the same time. */
function runAll(
  runner: Runner,
  contenders: readonly Contender[],
  request: { phase: RunPhase; stage: number; rows: SharedRows; task: Omit<EmTask, 'start'> },
): Promise<StartedRun[]> {
  const { rows } = request;
  return Promise.all(
    contenders.map(async ({ start, from, pairs }) => {
      const task = { ...request.task, start: from, pairs };
      const run = await runner.run({ ...request, nRuns: contenders.length, start, task });
      return { start, run, rows, isFinal: false };
    }),
  );
}

/** The task of a run on all rows, but for its start. */
function taskOf({ moments }: PreparedData, shape: ModelShape, settings: EmSettings): Omit<EmTask, 'start'> {
  return { kind: 'em', shape, settings, moments, dataMoments: moments };
}
