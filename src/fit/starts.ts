/**
 * The starts of a fit: tried on a sample, the best of them brought on from sample to sample, what optima are left run
 * to convergence on all rows. (em-EM: Biernacki, Celeux & Govaert, 2003.)
 */

import { addRidge } from '../em/m-step.js';
import { parametersOfMoments } from '../em/start/start.js';
import type { EmTask } from '../jobs/lead.js';
import { estimatePass, type Stage, USUAL_ITERATIONS } from '../jobs/work-share.js';
import { type SampleNeeds, sampleSizesFor, startSizeFor } from '../rows/sample.js';
import type { SharedRows } from '../rows/shared-rows.js';
import type { RunPhase } from '../types.js';
import { bestOf, chooseFinalists, type FinalistRules, isAdmissible, type StartedRun } from './finalists.js';
import { createGivenStart } from './init.js';
import type { ResolvedFitOptions } from './options.js';
import type { PreparedData } from './prepared-data.js';
import type { Runner } from './runs.js';

/** Up to this many rows every start runs to convergence: that takes milliseconds, and no start is judged too early. */
const SMALL_DATA = 2000;

/** Iterations that starts of larger data are tried for, and how near to convergence is near enough. */
const TRIAL_ITERATIONS = 15;
const TRIAL_TOL = 1e-4;

/** Starts that go on from the trials on that sample, and those of them that go on to more rows. */
const FINALISTS: FinalistRules = { most: 3, standardErrors: Number.POSITIVE_INFINITY };
const FINALISTS_ON_MORE_ROWS: FinalistRules = { most: 2, standardErrors: 3 };

/**
 * Iterations on samples after the trials, and how near to convergence these go: the rest is a sample's own, whose optimum is p / 2m
 * a row from that of all (1e-2 for 400 parameters and 20,000 rows).
 */
const APPROACH_ITERATIONS = 200;
const APPROACH_TOL = 2e-4;

/**
 * The kinds of runs that a fit of n rows is made of, and what they cost: the trials, then the runs to the end; or
 * these alone.
 */
export function planStages(data: PreparedData, options: ResolvedFitOptions): Stage[] {
  const { covarianceType, nComponents, nInit, init, maxIter } = options;
  const { nSamples: n, nFeatures: d } = data.rows;
  const frame = { covarianceType, nComponents, nFeatures: d };
  const stageOf = (rows: number, runs: number, most: number): Stage => {
    const usualIterations = Math.min(maxIter, most);
    return { cost: runs * (usualIterations + 1) * estimatePass(rows, frame), usualIterations };
  };
  if (nComponents === 1) return [stageOf(n, 1, 1)];
  if (typeof init === 'object') return [stageOf(n, 1, USUAL_ITERATIONS)];
  if (n <= SMALL_DATA) return [stageOf(n, nInit, USUAL_ITERATIONS)];
  const sizes = sampleSizesFor(needsOf(data, options));
  return [
    stageOf(sizes[0], nInit, TRIAL_ITERATIONS),
    ...sizes
      .filter((size) => size < n)
      .map((size, i) =>
        stageOf(size, Math.min(nInit, (i === 0 ? FINALISTS : FINALISTS_ON_MORE_ROWS).most), USUAL_ITERATIONS),
      ),
    stageOf(n, sizes[0] < n ? 1 : Math.min(nInit, FINALISTS.most), USUAL_ITERATIONS),
  ];
}

/**
 * @param seedOf - the seed of a start's stream
 * @returns every start's last run, in the order of the starts
 */
export async function runStarts(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  seedOf: (start: number) => number,
): Promise<StartedRun[]> {
  const { covarianceType, nComponents: k, init, nInit } = options;
  const { nFeatures: d } = data.rows;
  if (typeof init === 'object') {
    return runToTheEnd(runner, data, options, [await createGivenStart(init, data, options)]);
  }
  if (k === 1) {
    // One component has one maximum, and its closed form is the start.
    const start = parametersOfMoments(covarianceType, data.moments);
    addRidge(start.covariances, covarianceType, d, options.regCovar);
    return runToTheEnd(runner, data, options, [start]);
  }
  const needs = needsOf(data, options);
  // That of the trials is drawn with it, so that both have their moments at the same time.
  data.sample(sampleSizesFor(needs)[0]).catch(() => undefined);
  const { rows, moments } = await data.sample(startSizeFor(needs));
  const starts = Array.from({ length: nInit }, (_, index) => ({
    init,
    index,
    seed: seedOf(index),
    rows,
    moments,
  }));
  return tryAndRun(runner, data, options, starts, 'final');
}

/**
 * Tries starts on a sample, brings the best of them near to convergence there and on ever larger samples, and runs what
 * optima are left to the end on all rows; of few rows all starts are run to the end at once.
 *
 * @param phase - of the runs to the end
 * @returns every start's last run, in the order of the starts
 */
export async function tryAndRun(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  starts: readonly EmTask['start'][],
  phase: RunPhase,
): Promise<StartedRun[]> {
  const { rows } = data;
  if (rows.nSamples <= SMALL_DATA) return runToTheEnd(runner, data, options, starts, phase);
  const { maxIter } = options;
  const sizes = sampleSizesFor(needsOf(data, options));
  let from: From[] = starts.map((one, start) => ({ start, from: one }));
  const ended = new Map<number, StartedRun>();
  const stages = [sizes[0], ...sizes.filter((size) => size < rows.nSamples)];
  for (const [stage, size] of stages.entries()) {
    const sample = await data.sample(size);
    const isTrial = stage === 0;
    const task = {
      ...emTaskOf(options, data),
      convergence: 'aitken',
      tol: isTrial ? TRIAL_TOL : APPROACH_TOL,
      maxIter: Math.min(maxIter, isTrial ? TRIAL_ITERATIONS : APPROACH_ITERATIONS),
      moments: sample.moments,
      keepsMoves: true,
    } as const;
    const phaseHere = phase === 'final' ? 'trial' : phase;
    const running = runAll(runner, from, { phase: phaseHere, stage, rows: sample.rows, task });
    // The next is drawn meanwhile.
    if (stage + 1 < stages.length) data.sample(stages[stage + 1]).catch(() => undefined);
    const runs = await running;
    for (const one of runs) ended.set(one.start, one);
    // Too few rows: from the same parameters on more of them it may be otherwise.
    if (!runs.some(isAdmissible)) continue;
    const finalists = await chooseFinalists(
      runs,
      sample.rows,
      sample.moments,
      isTrial ? FINALISTS : FINALISTS_ON_MORE_ROWS,
      (parameters) => runner.logDensitiesOf(sample.rows, parameters),
    );
    from = finalists.map(({ start, run }) => ({ start, from: run.parameters, moves: run.moves }));
  }
  const request = { phase, stage: stages.length, rows, task: emTaskOf(options, data) };
  for (;;) {
    const runs = await runAll(runner, from, request);
    for (const one of runs) ended.set(one.start, { ...one, isFinal: true });
    if (runs.some(isAdmissible)) break;
    // All have collapsed: then the best of those that were left behind.
    const others = [...ended.values()].filter((one) => !one.isFinal && isAdmissible(one));
    if (others.length === 0) break;
    from = bestOf(others)
      .slice(0, FINALISTS_ON_MORE_ROWS.most)
      .map(({ start, run }) => ({ start, from: run.parameters }));
  }
  return starts.map((_, start) => ended.get(start) as StartedRun);
}

/**
 * Runs on all rows.
 *
 * @param first - index of the first start
 */
export async function runToTheEnd(
  runner: Runner,
  data: PreparedData,
  options: ResolvedFitOptions,
  starts: readonly EmTask['start'][],
  phase: RunPhase = 'final',
  first = 0,
  stage = 0,
): Promise<StartedRun[]> {
  const from = starts.map((one, i) => ({ start: first + i, from: one }));
  const request = { phase, stage, rows: data.rows, task: emTaskOf(options, data) };
  const runs = await runAll(runner, from, request);
  return runs.map((one) => ({ ...one, isFinal: true }));
}

/** Where a run begins: index of its start, and what an earlier run on fewer rows has come to. */
interface From {
  readonly start: number;
  readonly from: EmTask['start'];
  readonly moves?: EmTask['moves'];
}

/** Runs of one stage, at the same time. */
function runAll(
  runner: Runner,
  starts: readonly From[],
  request: { phase: RunPhase; stage: number; rows: SharedRows; task: Omit<EmTask, 'start'> },
): Promise<StartedRun[]> {
  const { rows } = request;
  const nRuns = starts.length;
  return Promise.all(
    starts.map(async ({ start, from, moves }) => {
      const task = { ...request.task, start: from, moves };
      const run = await runner.run({ ...request, nRuns, start, task });
      return { start, run, rows, isFinal: false };
    }),
  );
}

function needsOf({ rows, rowsPerEffective }: PreparedData, options: ResolvedFitOptions): SampleNeeds {
  const { covarianceType: type, nComponents: k } = options;
  return { n: rows.nSamples, perEffective: rowsPerEffective, type, k, d: rows.nFeatures };
}

/** The task of a run on all rows; its start is still to be put in. */
function emTaskOf(options: ResolvedFitOptions, { moments }: PreparedData): Omit<EmTask, 'start'> {
  const { convergence, tol, maxIter, acceleration, covarianceFloor, regCovar, equalWeights } = options;
  return {
    kind: 'em',
    convergence,
    tol,
    maxIter,
    acceleration,
    covarianceFloor,
    regCovar,
    equalWeights,
    moments,
    dataMoments: moments,
  };
}
